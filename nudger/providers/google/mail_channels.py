"""How Gmail tells that mail came: into a Pub/Sub topic of ours, which sends it on to us.

Source: https://developers.google.com/workspace/gmail/api/guides/push. A mailbox has one watch at
most, of seven days; asking for it again extends it, and one for another topic is
refused until the first is stopped.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from nudger.providers.base import ChannelWish, OpenedChannel, ProviderError
from nudger.providers.google.channels import read_expiration
from nudger.providers.google.transport import Caller

ONLY_ONE = "watch"
_TELLS_ANOTHER = "Only one user push notification client allowed"
"""How Gmail refuses a second topic: it has no reason of its own."""


class MailChannels:
    """See `Channels`; of one Gmail mailbox, through the `users()` resource of the API's client."""

    longest = timedelta(days=7)
    replaces_former = True

    def __init__(self, users: Any, caller: Caller, topic: str) -> None:
        self._users = users
        self._caller = caller
        self._topic = topic

    def open(self, wish: ChannelWish) -> OpenedChannel:  # noqa: ARG002 - Pub/Sub knows where to
        return self._watch()

    def extend(self, provider_id: str, until: datetime) -> OpenedChannel | None:  # noqa: ARG002
        return self._watch()

    def close(self, name: str, provider_id: str) -> None:  # noqa: ARG002 - there is one alone
        self._caller.read(self._users.stop(userId="me"))

    def _watch(self) -> OpenedChannel:
        """The topic may be another than the mailbox tells of so far."""
        try:
            return self._asked()
        except ProviderError as error:
            if _TELLS_ANOTHER not in str(error):
                raise
        self._caller.read(self._users.stop(userId="me"))
        return self._asked()

    def _asked(self) -> OpenedChannel:
        request = self._users.watch(userId="me", body={"topicName": self._topic})
        answer = self._caller.read(request)
        return OpenedChannel(ONLY_ONE, read_expiration(answer.get("expiration")))
