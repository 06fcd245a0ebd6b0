"""Whose mailbox a person's id in the directory leads to.

Source: Graph v1.0 calendar (`owner`); reading it needs no more than reading events.
"""

from __future__ import annotations

from nudger.domain.addresses import read_address
from nudger.providers.base import AccessDenied, NotFound
from nudger.providers.microsoft.graph import Graph
from nudger.providers.microsoft.request import Account, get


def mailbox_of(graph: Graph, object_id: str) -> str | None:
    """The address of the mailbox, as Graph has it now; `None` where there is none, or the app may
    not open it. Raises `ProviderError`."""
    account = Account.of_organization(object_id)
    try:
        calendar = graph.json(account, get("/calendar", {"$select": "id,owner"}))
    except (NotFound, AccessDenied):
        return None
    owner = calendar.get("owner")
    address = owner.get("address") if isinstance(owner, dict) else None
    return read_address(address) if isinstance(address, str) else None
