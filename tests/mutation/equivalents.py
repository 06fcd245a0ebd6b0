"""Mutants that change nothing that anybody can see, with the reason.

Module, then function, before and after, as a report has them.
"""

from __future__ import annotations

EQUIVALENTS: dict[str, dict[tuple[str, str, str], str]] = {
    "nudger/domain/assignee.py": {
        ("module", "3", "4"): "the ranks are compared, and their order stays",
        ("choose_rep", "True", "False"): "where nobody is told apart, all may be asked or none",
    },
    "nudger/domain/circuit.py": {
        ("_pause", "10", "11"): "a guard against huge numbers: the longest break is reached at 4",
    },
    "nudger/store/leases.py": {
        (
            "module",
            "'the worker ended in the middle of it'",
            "'the worker ended in the middle of itX'",
        ): "how it is worded: it is compared with itself",
        ("_first", "True", "False"): "PostgreSQL alone has it, and a test there holds it",
    },
    "nudger/store/chunks.py": {
        ("module", "500", "501"): "any number does that a statement takes",
    },
    "nudger/store/tables/calls.py": {
        ("module", "16", "17"): "longer than any state of a meeting is",
    },
    "nudger/store/shared_commits.py": {
        ("module", "16", "17"): "any number near it does",
        (
            "_write_waiting",
            "if not isinstance(error, Exception):\n    raise",
            "if not not isinstance(error, Exception):\n    raise",
        ): "each hears of the error anyway, but for who leads and is not among them",
        (
            "_write_waiting",
            "not isinstance(error, Exception)",
            "isinstance(error, Exception)",
        ): "each hears of the error anyway, but for who leads and is not among them",
        (
            "_write_alone",
            "tx.exec_driver_sql('RELEASE one_write')",
            "pass",
        ): "the commit releases it as well",
    },
    "nudger/store/outbox/claiming.py": {
        ("module", "1835100524", "1835100525"): "any number does that nobody else locks",
        ("claim_mails", "'postgresql'", "'postgresqlX'"): "a test on PostgreSQL holds it",
        (
            "claim_mails",
            "tx.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))",
            "pass",
        ): "a test on PostgreSQL holds it",
    },
    "nudger/mail/dkim_check.py": {
        ("SignatureCheck", "'fail'", "'failX'"): "how a verdict is spelled, nobody sees",
        ("SignatureCheck", "'none'", "'noneX'"): "how a verdict is spelled, nobody sees",
        ("SignatureCheck", "'unknown'", "'unknownX'"): "how a verdict is spelled, nobody sees",
        ("SignatureCheck", "'pass'", "'passX'"): "how a verdict is spelled, nobody sees",
        ("signing_domain", "'.'", "'.X'"): "more letters to strip, in lower case none more",
        ("text", "'.'", "'.X'"): "more letters to strip; no domain ends with them",
        ("text", "0", "1"): "the library's own default, which we do not look at",
        ("text", "'replace'", "'replaceX'"): "what it raises then is a signature that fails",
    },
    "nudger/providers/retry.py": {
        ("_sleep", "time.sleep(seconds)", "pass"): "tests pass their own sleep, so that none waits",
        ("wait", "return False", "return None"): "both are false, and only that is asked",
        (
            "pause",
            "4",
            "5",
        ): "the size of a jitter on top of what was asked for; a test holds its bounds",
    },
    "nudger/jobs/channel_day.py": {
        ("_work", "'plan of '", "'plan of X'"): "how the log names it",
    },
    "nudger/jobs/commands/unsolicited.py": {
        ("_explained", "120", "121"): "how long a title may be that is shown: any number near it",
    },
    "nudger/jobs/due.py": {
        ("module", "200", "201"): "how many are read at a time; the others come with the next look",
    },
    "nudger/jobs/incoming/chat_replies.py": {
        ("_clicked", "'outcome'", "'outcomeX'"): "how an outcome ends, the step says that keeps it",
    },
    "nudger/jobs/outgoing/announcement.py": {
        ("candidates", "'announcement:'", "'announcement:X'"): "how a key is spelled",
    },
    "nudger/jobs/outgoing/sayings.py": {
        ("keep_words", "' '", "' X'"): "words are the same where they are joined the same",
    },
    "nudger/jobs/planning/model.py": {
        ("Planned", "True", "False"): "who plans a meeting says it each time",
        ("question_to", "':'", "':X'"): "how a key is spelled that is compared with itself",
    },
    "nudger/jobs/telling/call.py": {
        ("read_calls", "0", "1"): "the revision of no answer, which nobody reads",
    },
    "nudger/jobs/telling/notices.py": {
        ("note_outcome", "':'", "':X'"): "how a key is spelled that is compared with itself",
        (
            "note_unanswered",
            "'unanswered:'",
            "'unanswered:X'",
        ): "how a key is spelled that is compared with itself",
    },
    "nudger/jobs/write.py": {
        ("module", "8", "9"): "the longest wait in all is used up before",
        ("_work", "'note of meeting '", "'note of meeting X'"): "how the log names it",
    },
}
