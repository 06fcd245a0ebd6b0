"""What Nudger needs of a chat, and how it says no. `base.Unavailable` is raised here too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from nudger.providers.base import ProviderError

if TYPE_CHECKING:  # most commands post nothing, and what renders takes long to import
    from nudger.mail.chat.blocks import Block
    from nudger.mail.chat.message import ChatMessage


class ChatRefused(ProviderError):
    """The chat does not take this, now or later: somebody left, a channel is archived, a token is
    revoked. Whatever was to be said goes another way."""


@dataclass(frozen=True, slots=True)
class ChatUser:
    """Somebody in a workspace, and the channel that is theirs and ours alone."""

    team_id: str
    user_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class NewPost:
    """What to post, where, and the key by which it is known again; `thread_ts` is the post in whose
    thread it goes."""

    channel_id: str
    key: str
    message: ChatMessage
    thread_ts: str | None = None


class Chat(Protocol):
    """A chat in which single people are asked. All raise `ChatRefused` and `Unavailable`."""

    def find_user(self, email: str) -> ChatUser:
        """Who has this address in the workspace; a channel with them is opened."""
        ...

    def post(self, new: NewPost) -> str:
        """Post it; returns its id in the channel. In doubt where `Unavailable.in_doubt`."""
        ...

    def find_post(self, new: NewPost, since: datetime) -> str | None:
        """The id of what was posted with this key, or `None`."""
        ...

    def update(self, channel_id: str, ts: str, message: ChatMessage) -> None:
        """Show this in place of what was posted."""
        ...

    def open_form(self, trigger: str, form: Block) -> None:
        """Show a form to who has just clicked: within three seconds, or the trigger is void."""
        ...


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """Something that a user of the chat did. `key` is the same when it is told again.

    `ts` is our post that it is about: whose button was clicked, in whose thread it was written;
    `None` for what stands in no thread. `trigger` lets a form be shown.
    """

    key: str
    team_id: str
    user_id: str
    channel_id: str
    ts: str | None
    content: dict[str, Any] = field(repr=False)
    trigger: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ChatEars:
    """Who is told what is heard. Each is done when the event is safe with us: only then is the chat
    told so, and where it raises, the chat tells us again. `typed` gives the form's metadata."""

    said: Callable[[ChatEvent], None]
    clicked: Callable[[ChatEvent], None]
    filled_in: Callable[[ChatEvent, str], None]
