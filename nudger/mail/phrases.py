"""What Nudger says in its mails beside the templates; each is a message of the catalogues."""

from __future__ import annotations

PROBLEM_WORDS = {
    "block_conflict": "The meeting's description holds Nudger's note more than once, or a broken "
    "one. We have not touched it. Remove what is left of the note and reply again.",
    "desc_full": "The meeting's description is full: the calendar takes no more text. We have cut "
    "nothing off. Shorten it and reply again.",
    "event_gone": "The meeting is no longer in your calendar.",
    "write_refused": "Your calendar does not let an invited person change this meeting. The note "
    "stands in a private event at the same time on your calendar instead.",
    "no_effect": "The calendar took the note and did not keep it, as it does where you are only "
    "invited. The note stands in a private event at the same time on your calendar instead.",
    "would_notify_guests": "Outlook would mail every guest about a change of this meeting. The "
    "note stands in a private event at the same time on your calendar instead.",
    "changing_too_fast": "Somebody keeps changing this meeting. The note stands in a private event "
    "at the same time on your calendar instead.",
}


PLACE_WORDS = {
    "written": "It stands in the meeting's description, where the guests can read it.",
    "own_copy": "It stands in your own copy of the meeting; the guests do not see it.",
    "private": "It stands in a private event on your calendar, at the same time; the guests do not "
    "see it.",
}


COMMAND_WORDS = {
    "skip": "skipped", "not_customer": "not a customer", "later": "later", "pause": "paused",
    "stop": "stopped", "start": "started", "mute_series": "series muted",
    "first_only": "this date only", "every_nth": "less often", "hand_over": "passed on",
    "kept_private": "private", "undo": "undone", "help": "what you can reply",
}  # fmt: skip


NOT_DONE = "not done"


NOTHING_TO_ANSWER = "nothing to answer"


HELP_LINES = (
    "one line: what the customer will agree to",
    "a second line: the next milestone, by number or name",
    "Fallback: what is good as well",
    "private: the guests shall not read this answer",
    "skip: no question about this call",
    "not a customer meeting: we asked by mistake",
    "later 2h, later tomorrow 9: ask again then",
    "not me, ask a.colleague@…: somebody else of you takes it",
    "mute series: never ask about this series again",
    "first only: ask about this date of the series and no other",
    "every second: ask about every second date of the series",
    "pause 2 weeks, stop, start: for all of your calls",
    "same as last time: the same answer again",
    "undo: take the last answer or command back",
)


QUARANTINE_WORDS = {
    "sender_mismatch": "A colleague replied to the question about this call.",
    "sender_external": "Somebody outside your company replied to the question about this call.",
}


QUARANTINE_WORDS_DEFAULT = (
    "A reply about this call came in, but we could not make sure that you sent it."
)


ASKED_NOTHING = (
    "The mail that you replied to asked nothing, and nothing was written. An answer about a call "
    "belongs to the mail that asked about it."
)


TAKES_NO_REPLIES = (
    "The mail with your reps' numbers takes no replies, and nothing was done. Who administers "
    "Nudger can end it."
)


ASKED_SOMEBODY_ELSE = (
    "%(name)s was asked about “%(title)s”, and nothing was written. To have you asked instead, "
    "%(name)s can reply: not me, ask %(address)s"
)


UNVERIFIED = (
    "A reply to our last mail came in, but we could not make sure that you sent it. Nothing was "
    "done."
)


SKIPPED = "No question about this call. “undo” takes it back."


NOT_A_CUSTOMER = "Noted: not a customer meeting. “undo” takes it back."


HELP_INTRO = "This is what you can reply:"


UNCLEAR = {
    "which_meeting": "Your answer came, but the question was about several calls. Put the number "
    "of the call before each answer, as in “1: Dana agrees to a pilot”.",
    "no_answer_found": "We could not read an answer in your reply, and nothing was written.",
}


MISSING_OBJECTIVE = "And what will the customer have agreed to do by the end of the call?"


MISSING_MILESTONE = "And which milestone comes next? Its number or name is enough."
