"""What Nudger says in its mails beside the templates; each is a message of the catalogues."""

from __future__ import annotations

from nudger.domain.translatable import N_

WRITE_INTO_THREAD = N_(
    "Which call is this about? Write it into the thread of its question, and it counts."
)


EVENT_GONE = N_("The meeting is no longer in your calendar.")


PROBLEM_WORDS = {
    "block_conflict": N_(
        "The meeting's description holds Nudger's note more than once, or a broken "
        "one. We have not touched it. Remove what is left of the note and reply again."
    ),
    "desc_full": N_(
        "The meeting's description is full: the calendar takes no more text. We have cut "
        "nothing off. Shorten it and reply again."
    ),
    "event_gone": EVENT_GONE,
    "write_refused": N_(
        "Your calendar does not let an invited person change this meeting. The note "
        "stands in a private event at the same time on your calendar instead."
    ),
    "no_effect": N_(
        "The calendar took the note and did not keep it, as it does where you are only "
        "invited. The note stands in a private event at the same time on your calendar instead."
    ),
    "would_notify_guests": N_(
        "Outlook would mail every guest about a change of this meeting. The "
        "note stands in a private event at the same time on your calendar instead."
    ),
    "changing_too_fast": N_(
        "Somebody keeps changing this meeting. The note stands in a private event "
        "at the same time on your calendar instead."
    ),
}


PLACE_WORDS = {
    "written": N_("It stands in the meeting's description, where the guests can read it."),
    "own_copy": N_("It stands in your own copy of the meeting; the guests do not see it."),
    "private": N_(
        "It stands in a private event on your calendar, at the same time; the guests do not see it."
    ),
    "kept_back": N_(
        "We have kept this to you, in a private event on your calendar. Reply “publish” to put it "
        "where %(guest)s can read it, or send a better line."
    ),
}


COMMAND_WORDS = {
    "skip": N_("skipped"),
    "not_customer": N_("not a customer"),
    "later": N_("later"),
    "pause": N_("paused"),
    "stop": N_("stopped"),
    "stop_by_header": N_("paused"),
    "manager_stop": N_("stopped"),
    "manager_stop_by_header": N_("stopped"),
    "manager_start": N_("started"),
    "start": N_("started"),
    "mute_series": N_("series muted"),
    "first_only": N_("this date only"),
    "every_nth": N_("less often"),
    "hand_over": N_("passed on"),
    "kept_private": N_("private"),
    "published": N_("published"),
    "undo": N_("undone"),
    "help": N_("what you can reply"),
}


NOT_DONE = N_("not done")


NOTHING_TO_ANSWER = N_("nothing to answer")


HELP_LINES = (
    N_("one line: what the customer will agree to"),
    N_("a second line: the next milestone, by number or name"),
    N_("Fallback: what is good as well"),
    N_("private: the guests shall not read this answer"),
    N_("publish: they may read what we kept to you"),
    N_("skip: no question about this call"),
    N_("not a customer meeting: we asked by mistake"),
    N_("later 2h, later tomorrow 9: ask again then"),
    N_("not me, ask a.colleague@…: somebody else of you takes it"),
    N_("mute series: never ask about this series again"),
    N_("first only: ask about this date of the series and no other"),
    N_("every second: ask about every second date of the series"),
    N_("pause 2 weeks, stop, start: for all of your calls"),
    N_("same as last time: the same answer again"),
    N_("undo: take the last answer or command back"),
)


QUARANTINE_WORDS = {
    "sender_mismatch": N_("A colleague replied to the question about this call."),
    "sender_external": N_("Somebody outside your company replied to the question about this call."),
}


COLLEAGUE_SAID = N_("%(name)s replied to the question about this call: “%(text)s”")


QUARANTINE_WORDS_DEFAULT = N_(
    "A reply about this call came in, but we could not make sure that you sent it."
)


ASKED_NOTHING = N_(
    "The mail that you replied to asked nothing, and nothing was written. An answer about a call "
    "belongs to the mail that asked about it."
)


TAKES_NO_REPLIES = N_(
    "That mail takes no replies, and nothing was done. Who administers Nudger can end it."
)


TAKES_STOP = N_(
    "The mail with your reps' numbers takes “stop” and “start”, and no other reply. Nothing was "
    "done."
)


ASKED_SOMEBODY_ELSE = N_(
    "%(name)s was asked about “%(title)s”, and nothing was written. To have you asked instead, "
    "%(name)s can reply: not me, ask %(address)s"
)


UNVERIFIED = N_(
    "A reply to our last mail came in, but we could not make sure that you sent it. Nothing was "
    "done."
)


STOPPED_BY_HEADER = N_(
    "Your mail program asked us to stop, so we ask nothing more. If that was not meant, reply "
    "“start”."
)


MANAGER_STOPPED = N_("No more weekly mail about your reps. Reply “start”, and it comes again.")


MANAGER_STOPPED_BY_HEADER = N_(
    "Your mail program asked us to stop, so the weekly mail about your reps comes no more. If that "
    "was not meant, reply “start”."
)


MANAGER_STARTED = N_("The weekly mail about your reps comes again.")


SKIPPED = N_("No question about this call. “undo” takes it back.")


NOT_A_CUSTOMER = N_("Noted: not a customer meeting. “undo” takes it back.")


HELP_INTRO = N_("This is what you can reply:")


UNCLEAR = {
    "which_meeting": N_(
        "Your answer came, but the question was about several calls. Put the letter "
        "of the call before each answer, as in “A: Dana agrees to a pilot”."
    ),
    "filler": N_(
        "Nothing was written. One line is enough, once you know it: what will the customer have "
        "agreed to do by the end of the call? If nothing, reply “skip”."
    ),
    "asked_back": N_(
        "The Commitment Objective (C.O.) is the one action that the customer will agree to take by "
        "the end of the call, as in “Dana agrees to a pilot by Friday”. Reply with one line."
    ),
    "encrypted": N_(
        "Your reply is encrypted, so that we cannot read it, and nothing was written. Please "
        "reply without encryption."
    ),
    "no_answer_found": N_("We could not read an answer in your reply, and nothing was written."),
}


UNPLACED = N_(
    "This part of your reply we could not read: “%(text)s”. The calls are %(calls)s. Put the "
    "letter of the call before each answer, as in “A: Dana agrees to a pilot”."
)


NO_LAST_ANSWER = N_("There is no earlier answer to take again. Reply with one line.")


MISSING_OBJECTIVE = N_("And what will the customer have agreed to do by the end of the call?")


MISSING_MILESTONE = N_("And which milestone comes next? Its number or name is enough.")
