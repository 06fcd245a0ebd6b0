"""What `nudger doctor` and the Health page say of push, of those who are told, and of Slack."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from nudger.admin.doctor_systems import check_systems
from nudger.domain.notices import Effect, Receipt
from nudger.domain.reasons import Reason
from nudger.jobs.subscribe import subscribe
from nudger.sandbox.faults import Fault
from nudger.store import notices
from tests.receivers.listeners import listening
from tests.receivers.test_crm import configure

PUSH = '[push]\nenabled = true\n[web]\npublic_url = "{}"\n'
TOPIC = "projects/ourco/topics/nudger"
BY = "push@ourco.iam.gserviceaccount.com"


def said(office) -> dict[str, tuple[str, str]]:
    """Each line by what it is about: how it stands, and its words."""

    def stands(one):
        return "fails" if one.fails else "warns" if one.warns else "good"

    return {one.what: (stands(one), one.says) for one in check_systems(office.ctx, 30)}


def test_what_is_not_set_up_is_not_looked_at(office):
    assert said(office) == {}


@pytest.mark.parametrize(
    ("url", "stands"),
    [
        ("https://nudger.ourco.example", "good"),
        ("http://127.0.0.1:8000", "warns"),
        ("https://10.0.0.7", "warns"),
        ("https://nudger", "warns"),
    ],
)
def test_an_address_that_nobody_outside_can_reach_is_told(office, url, stands):
    office.configure(PUSH.format(url))
    found = said(office)
    assert found["push address"][0] == stands
    assert found["push"] == ("warns", "nothing is told of yet: nudger run opens the channels")


def test_channels_that_are_open_lapsed_and_refused(office):
    office.configure(PUSH.format("https://nudger.ourco.example"))
    subscribe(office.ctx)
    assert said(office)["push of calendars"] == ("good", "1 of 1 are told of")
    office.later(days=40)
    assert said(office)["push of calendars"][0] == "warns"
    office.world.faults.add(Fault("calendar.events.watch", status=403, reason="no", times=None))
    subscribe(office.ctx)
    assert said(office)["push of calendars"][0] == "fails"


@pytest.mark.parametrize(
    ("lines", "stands", "says"),
    [
        ([f'gmail_topic = "{TOPIC}"'], "fails", "both"),
        ([f'gmail_account = "{BY}"'], "fails", "nudger push google"),
        (
            [f'gmail_topic = "{TOPIC}"', f'gmail_account = "{BY}"'],
            "good",
            f"{TOPIC}; {BY} calls for https://nudger.ourco.example/push/gmail",
        ),
    ],
)
def test_the_topic_and_who_calls(office, lines, stands, says):
    certificates = f'[google_addon]\ncertificates = "{office.server.url}/oauth2/v3/certs"\n'
    configured = PUSH.format("https://nudger.ourco.example")
    office.configure(
        configured.replace("true\n", "true\n" + "\n".join(lines) + "\n") + certificates
    )
    found = said(office)["push for Gmail"]
    assert (found[0], says in found[1]) == (stands, True)


def webhook(office, url, more=""):
    office.configure(f'[[webhooks]]\nname = "erp"\nurl = "{url}"\n{more}')


def test_a_webhook_that_can_be_told_is_told_nothing(office):
    with listening() as listener:
        webhook(office, f"http://127.0.0.1:{listener.port}", "allow_private = true\n")
        assert said(office) == {"webhook erp": ("good", "can be told")}
        assert listener.heard == []


def test_an_address_within_is_refused_as_when_it_is_told(office):
    webhook(office, "https://localhost:1/x")
    stands, says = said(office)["webhook erp"]
    assert (stands, Reason.PRIVATE_NETWORK.words in says) == ("fails", True)


@pytest.mark.parametrize(
    ("reason", "wait", "says"),
    [
        (Reason.RECEIVER_GONE, None, "nudger webhooks on erp"),
        (Reason.RECEIVER_FAILS, timedelta(minutes=1), "1 in a row"),
    ],
)
def test_a_webhook_that_is_off_or_fails(office, reason, wait, says):
    with listening() as listener:
        webhook(office, f"http://127.0.0.1:{listener.port}", "allow_private = true\n")
        with office.ctx.database.begin() as tx:
            receipt = Receipt(Effect.RECEIVER_FAILS, reason, "HTTP 410")
            notices.fares_badly(tx, "erp", receipt, wait, office.ctx.clock())
        stands, words = said(office)["webhook erp"]
    assert (stands, says in words) == ("fails", True)


@pytest.mark.parametrize("name", ["hubspot", "salesforce"])
def test_a_crm_that_lets_us_in_and_one_that_does_not(office, name):
    writes_to = {"hubspot": "meeting", "salesforce": "event"}[name]
    configure(office, name, writes_to)
    assert said(office)[name][0] == "good"
    secret = {"hubspot": "token", "salesforce": "client_secret"}[name]
    setattr(getattr(office.server, name), secret, "another")
    if name == "salesforce":
        office.server.salesforce.expire()
    stands, says = said(office)[name]
    assert (stands, Reason.CRM_SIGN_IN.words in says) == ("fails", True)


def test_a_field_that_salesforce_does_not_know_is_named_before_it_is_written(office):
    configure(office, "salesforce", "event")
    office.server.salesforce.writable = {}
    stands, says = said(office)["salesforce"]
    assert (stands, Reason.CRM_FIELD.words in says) == ("fails", True)


def test_scopes_that_the_key_of_hubspot_lacks(office):
    configure(office, "hubspot", "deal")
    office.server.hubspot.scopes.discard("crm.objects.deals.read")
    assert said(office)["hubspot"][0] == "fails"


def test_addresses_of_teams(office):
    with listening() as listener:
        office.configure(
            f'[[teams_channels]]\nname = "Old"\nurl = "https://ourco.webhook.office.com/x"\n'
            f'[[teams_channels]]\nname = "New"\nurl = "http://127.0.0.1:{listener.port}"\n'
            f"allow_private = true\n"
        )
        found = said(office)
    assert found["teams channel New"] == ("good", "its address can be reached")
    assert "retired incoming webhooks" in found["teams channel Old"][1]


def test_who_is_slow_keeps_the_page_no_longer(office):
    answers = threading.Event()
    with listening() as listener:
        listener.speak = lambda *_: answers.wait()
        configure(office, "hubspot", "meeting", root=f"http://127.0.0.1:{listener.port}")
        found = check_systems(office.ctx, 0)[-1]
        answers.set()
    assert (found.what, found.fails) == ("webhooks and CRMs", True)
    assert "waits longer" in found.says
