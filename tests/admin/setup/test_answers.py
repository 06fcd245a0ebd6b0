"""What may be answered at setting up, and what is said of the rest."""

from __future__ import annotations

import pytest

from nudger.admin.setup import answers
from nudger.admin.setup.answers import Unfit

LONG = "a" * 40


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (answers.read_provider, " Google ", "google"),
        (answers.read_provider, "m", "microsoft"),
        (answers.read_mailbox, " Nudger@OurCo.com", "nudger@ourco.com"),
        (answers.read_mailbox, "OWN", "own"),
        (answers.read_domains, "OurCo.com, ourco.de ourco.com", "ourco.com ourco.de"),
        (answers.read_domains, "https://bücher.de/", "xn--bcher-kva.de"),
        (answers.read_domains, "me@gmail.com", "me@gmail.com"),
        (answers.read_write_back, "meet", "meeting"),
        (answers.read_time_zone, "America/New York", "America/New_York"),
        (answers.read_time_zone, "W. Europe Standard Time", "Europe/Berlin"),
        (answers.read_time_zone, "UTC", "UTC"),
        (answers.read_language, "DE", "de"),
        (answers.read_milestones, "tr", "trial"),
        (answers.read_milestones, "keep", "keep"),
        (answers.read_rep, "", ""),
        (answers.read_rep, "Ana@eu.ourco.com", "ana@eu.ourco.com"),
    ],
)
def test_what_is_understood(read, typed, kept):
    assert read(typed, {"domains": "ourco.com", "mailbox": "nudger@ourco.com"}) == kept


@pytest.mark.parametrize(
    ("read", "typed", "says"),
    [
        (answers.read_provider, "yahoo", '"yahoo" is none of google, microsoft'),
        (answers.read_provider, "", "An empty line"),
        (answers.read_provider, "file", "none of"),
        (answers.read_mailbox, "nobody", "is not a mail address"),
        (answers.read_mailbox, "nudger@gmail.com", 'Type "own"'),
        (answers.read_mailbox, f"{LONG}@ourco.com", "too long before the @"),
        (answers.read_domains, " , ", "At least one"),
        (answers.read_domains, "ourco.com co.uk", "public suffix"),
        (answers.read_domains, "gmail.com", "your whole address"),
        (answers.read_write_back, "both", "none of meeting, private"),
        (answers.read_time_zone, "berlin", "Did you mean Europe/Berlin?"),
        (answers.read_time_zone, "New York", "Did you mean America/New_York?"),
        (answers.read_time_zone, "Mars/Olympus", "not a time zone"),
        (answers.read_time_zone, "../../etc/passwd", "not a time zone"),
        (answers.read_time_zone, "", "An empty line"),
        (answers.read_language, "xx", "none of en, de"),
        (answers.read_rep, "ana@elsewhere.com", "not among your own domains, ourco.com"),
        (answers.read_rep, "nudger@ourco.com", "the mailbox that asks"),
        (answers.read_rep, "ana", "not a mail address"),
    ],
)
def test_what_is_not(read, typed, says):
    with pytest.raises(Unfit) as problem:
        read(typed, {"domains": "ourco.com", "mailbox": "nudger@ourco.com"})
    assert says in str(problem.value)
