"""What the add-in is called and known by, in both of its manifests."""

from __future__ import annotations

import uuid

NAME = "Nudger"
BUTTON = "Commitment"
SAYS = "What will the customer have agreed to do by the end of this call?"
SAYS_MORE = (
    "Write a call's Commitment Objective beside the event, see where it stands and who can read "
    "it, and tell afterwards whether the customer agreed."
)
PERMISSION_XML, PERMISSION_JSON = "ReadWriteItem", "MailboxItem.ReadWrite.User"
"""From the first version on: a version that asks for more locks everybody out until an admin
consents again. It is what putting an answer into a text that is being written takes."""
_NAMESPACE = uuid.UUID("6f6e2f5a-3d3b-4c86-9a0f-9f6f1f0f6c55")


def id_of(public_url: str) -> str:
    """The same for the same address each time, so that a new manifest is an update."""
    return str(uuid.uuid5(_NAMESPACE, public_url))
