"""What a part of a reply is for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from nudger.mail.message import CommandName


class Tag(StrEnum):
    """`LEAD` introduces another part ("the next step is"). `CALL` points at the call of a digest
    that what follows is about, `CALL_BEHIND` at the one of what stands before it. `WISH` says who
    may read an answer, `REMARK` what the rep thinks beside it, `QUESTION` is a word to us, `FILLER`
    stands where an answer belongs and says nothing. `TALK` is greeting, small talk, thanks and
    signature. `ARGUMENT` is the time or the address of a command; the others are commands."""

    COMMITMENT = "commitment"
    FALLBACK = "fallback"
    MILESTONE = "milestone"
    LEAD = "lead"
    CALL = "call"
    CALL_BEHIND = "call_behind"
    WISH = "wish"
    REMARK = "remark"
    QUESTION = "question"
    FILLER = "filler"
    TALK = "talk"
    ARGUMENT = "argument"
    SKIP = "skip"
    LATER = "later"
    NOT_CUSTOMER = "not_customer"
    NOT_ME = "not_me"
    PAUSE = "pause"
    STOP = "stop"
    RESUME = "resume"
    HELP = "help"
    SAME = "same"


COMMANDS: Mapping[Tag, CommandName] = {
    Tag.SKIP: CommandName.SKIP,
    Tag.LATER: CommandName.LATER,
    Tag.NOT_CUSTOMER: CommandName.NOT_CUSTOMER,
    Tag.NOT_ME: CommandName.HAND_OVER,
    Tag.PAUSE: CommandName.PAUSE,
    Tag.STOP: CommandName.STOP,
    Tag.RESUME: CommandName.START,
    Tag.HELP: CommandName.HELP,
    Tag.SAME: CommandName.SAME,
}
OF_A_CALL = frozenset(
    {Tag.COMMITMENT, Tag.FALLBACK, Tag.MILESTONE, Tag.WISH, Tag.REMARK, Tag.FILLER, *COMMANDS}
)
"""What says something of a call."""
BESIDE = frozenset({Tag.LEAD, Tag.TALK, Tag.ARGUMENT})
"""What may stand between a part and the pointer behind it."""
