"""The modules that decide about accepting, sending and writing, and the tests that must notice.

The mirrored test file, and what else tests a module by purpose (not merely in passing).
"""

from __future__ import annotations

MODULES: dict[str, tuple[str, ...]] = {
    # when and whether a mail goes out, and what becomes of a meeting
    "nudger/domain/sending.py": ("tests/domain/test_sending.py",),
    "nudger/domain/lifecycle.py": ("tests/domain/test_lifecycle.py",),
    "nudger/domain/replanning.py": ("tests/domain/test_replanning.py",),
    "nudger/domain/responding.py": ("tests/domain/test_responding.py",),
    "nudger/domain/eligibility.py": ("tests/domain/test_eligibility.py",),
    "nudger/domain/watching.py": ("tests/domain/test_watching.py",),
    "nudger/domain/impact.py": ("tests/domain/test_impact.py",),
    "nudger/domain/extent.py": ("tests/domain/test_eligibility.py", "tests/test_config.py"),
    "nudger/domain/hosts.py": ("tests/domain/test_hosts.py",),
    "nudger/domain/assignee.py": ("tests/domain/test_assignee.py",),
    "nudger/domain/announcing.py": ("tests/domain/test_announcing.py",),
    "nudger/domain/roster.py": ("tests/domain/test_roster.py",),
    "nudger/domain/circuit.py": ("tests/domain/test_circuit.py",),
    "nudger/domain/controls.py": ("tests/domain/test_controls.py",),
    "nudger/providers/retry.py": ("tests/providers/test_retry.py",),
    # what is written
    "nudger/domain/note.py": ("tests/domain/test_note.py",),
    "nudger/domain/note_markers.py": ("tests/domain/test_note_markers.py", "tests/domain/test_note.py"),
    "nudger/domain/plans.py": ("tests/domain/test_plans.py",),
    "nudger/domain/publishing.py": ("tests/domain/test_publishing.py",),
    "nudger/domain/sentences.py": ("tests/domain/test_sentences.py", "tests/domain/test_publishing.py"),
    # whose mail is believed
    "nudger/mail/genuine_sender.py": ("tests/mail/test_genuine_sender.py", "tests/mail/test_forgeries.py"),
    "nudger/mail/authentication_results.py": ("tests/mail/test_authentication_results.py",),
    "nudger/mail/dkim_check.py": ("tests/mail/test_forgeries.py",),
    "nudger/mail/inbound.py": ("tests/mail/test_inbound.py", "tests/mail/test_forgeries.py"),
    "nudger/mail/mime.py": ("tests/mail/test_mime.py", "tests/mail/test_inbound.py"),
    # what a reply says
    "nudger/mail/quoting.py": ("tests/mail/test_quoting.py",),
    "nudger/mail/reply_text.py": ("tests/mail/test_reply_text.py", "tests/mail/test_quoting.py"),
    "nudger/mail/fields.py": ("tests/mail/test_fields.py", "tests/mail/test_words.py"),
    "nudger/mail/unlabelled.py": ("tests/mail/test_fields.py", "tests/mail/test_words.py"),
    "nudger/mail/by_rules.py": (
        "tests/mail/test_reply_meaning.py", "tests/mail/test_reply.py", "tests/mail/test_words.py",
    ),
    "nudger/mail/greeted.py": ("tests/mail/test_greeted.py",),
    "nudger/mail/readers.py": ("tests/mail/test_readers.py", "tests/mail/test_reply_meaning.py"),
    "nudger/mail/segments/belonging.py": ("tests/mail/segments/test_belonging.py",),
    "nudger/mail/segments/left_out.py": ("tests/mail/segments/test_belonging.py",),
    "nudger/mail/segments/pointers.py": ("tests/mail/segments/test_pointers.py",),
    "nudger/mail/segments/said.py": ("tests/mail/segments/test_said.py",),
    # that nothing is done twice
    "nudger/store/leases.py": ("tests/store/test_leases.py",),
    "nudger/store/shared_commits.py": ("tests/store/test_shared_commits.py",),
    "nudger/store/outbox/bounces.py": ("tests/store/outbox/test_bounces.py",),
    "nudger/store/outbox/claiming.py": ("tests/store/outbox/test_claiming.py",),
    "nudger/store/outbox/finding.py": ("tests/store/outbox/test_finding.py",),
    "nudger/store/outbox/mail.py": ("tests/store/outbox/test_mail.py",),
    "nudger/store/outbox/putting.py": (
        "tests/store/outbox/test_putting.py", "tests/store/outbox/test_put_at_once.py",
    ),
    "nudger/store/outbox/retiming.py": ("tests/store/outbox/test_retiming.py",),
    "nudger/store/outbox/taking_back.py": ("tests/store/outbox/test_taking_back.py",),
    "nudger/store/outbox/waiting_mails.py": ("tests/store/outbox/test_waiting_mails.py",),
    # the steps themselves
    "nudger/jobs/ask.py": (
        "tests/jobs/test_ask.py", "tests/jobs/test_due.py", "tests/jobs/test_controls.py",
        "tests/jobs/test_broken_seals.py", "tests/flow/test_loop.py",
    ),
    "nudger/jobs/understand.py": (
        "tests/jobs/test_understand.py", "tests/jobs/test_loops.py",
        "tests/jobs/test_digest_replies.py", "tests/jobs/test_due.py",
        "tests/jobs/incoming/test_bounces.py", "tests/flow/test_header_stop.py",
    ),
    "nudger/jobs/incoming/kept_answers.py": (
        "tests/jobs/test_publish_gate.py", "tests/jobs/test_loops.py",
        "tests/jobs/incoming/test_acting.py",
        "tests/flow/test_after_the_call.py",
    ),
    "nudger/jobs/write.py": (
        "tests/jobs/test_write.py", "tests/jobs/test_called_off.py", "tests/jobs/test_due.py",
        "tests/flow/test_round_robin.py",
    ),
}  # fmt: skip
