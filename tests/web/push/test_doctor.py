"""What the doctor says of the way on which providers tell of changes."""

from __future__ import annotations

import pytest

from nudger.admin.doctor import diagnose
from nudger.sandbox.google.pubsub import GMAIL
from tests.receivers.listeners import certified_for, listening
from tests.web.push.test_mail import TOPIC, extra

__all__ = ["extra"]
TO_MEND = "nudger push google"


def said(office):
    """How each line stands, and what it says."""
    office.meet()
    return {
        one.what: ("fails" if one.fails else "warns" if one.warns else "good", one.says)
        for one in diagnose(office.file)
    }


def ways(found):
    return {what: one for what, one in found.items() if what.startswith("way to")}


def lead_to(office, url):
    text, old = office.file.read_text(), office.ctx.settings.web.public_url
    office.file.write_text(text.replace(f'public_url = "{old}"', f'public_url = "{url}"'))


def test_pages_that_answer_are_told_of(unopened):
    is_outlook = unopened.office.is_outlook
    expected = (
        {"way to /push/microsoft"} if is_outlook else {"way to /push/google", "way to /push/gmail"}
    )
    answers = ("good", "Nudger answers there, asked from this machine")
    assert ways(said(unopened.office)) == dict.fromkeys(expected, answers)


def test_where_somebody_else_answers_it_is_said(unopened):
    lead_to(unopened.office, unopened.office.server.url)
    for stands, says in ways(said(unopened.office)).values():
        assert (stands, "is not Nudger" in says) == ("warns", True)


def test_where_nobody_answers_it_is_said(unopened):
    lead_to(unopened.office, "http://127.0.0.1:1")
    for stands, says in ways(said(unopened.office)).values():
        assert (stands, "does not answer this machine (ConnectError)" in says) == ("warns", True)


def test_a_certificate_that_nobody_trusts_is_said(unopened, tmp_path):
    tls, _ = certified_for("localhost", tmp_path)
    with listening(tls) as listener:
        lead_to(unopened.office, f"https://localhost:{listener.port}")
        found = ways(said(unopened.office))
    for stands, says in found.values():
        assert (stands, "not one that everybody trusts" in says) == ("warns", True)


class TestTopic:
    @pytest.fixture
    def kept_by(self):
        return "google"

    @pytest.fixture
    def watches(self, unopened):
        return unopened.office.server.google.watches

    def test_one_that_is_not_there(self, unopened):
        stands, says = said(unopened.office)["Gmail's topic"]
        assert stands == "fails"
        assert "Resource not found (resource=nudger)" in says
        assert TO_MEND in says

    def test_one_that_gmail_may_not_publish_to(self, unopened, watches):
        watches.create_topic(TOPIC)
        stands, says = said(unopened.office)["Gmail's topic"]
        assert (stands, "not authorized" in says, TO_MEND in says) == ("fails", True, True)

    def test_one_in_another_project(self, unopened):
        text = unopened.office.file.read_text()
        unopened.office.file.write_text(text.replace(TOPIC, "projects/other/topics/nudger"))
        stands, says = said(unopened.office)["Gmail's topic"]
        assert stands == "fails"
        assert "does not match projects/sandbox/topics/*" in says

    def test_a_sign_in_that_is_refused_is_no_fault_of_the_topic(self, unopened):
        unopened.office.server.google.tokens.authorized_scopes.clear()
        stands, says = said(unopened.office)["Gmail's topic"]
        assert (stands, says.startswith("sign-in refused"), TO_MEND in says) == (
            "fails",
            True,
            False,
        )

    def test_one_that_gmail_publishes_to(self, unopened, watches):
        watches.create_topic(TOPIC)
        watches.grant(TOPIC, GMAIL)
        assert said(unopened.office)["Gmail's topic"] == ("good", f"Gmail publishes to {TOPIC}")
