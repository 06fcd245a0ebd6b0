"""`nudger domains`: what a change would do, the review, suggestions, importing a CRM's accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nudger.cli import domain_review
from nudger.cli import domains as domains_module
from nudger.worker import outgoing

ANA = "ana@ourco.example"


@pytest.fixture
def busy(office, monkeypatch):
    """Two calls with ACME and one with Globex are ahead, and the dentist."""
    office.meet(title="ACME: pilot")
    office.meet("call2", title="ACME: proposal", start=office.world.now() + timedelta(days=3))
    office.meet("call3", title="Globex intro", guests=[ANA, "sam@globex.example"],
                start=office.world.now() + timedelta(days=4))  # fmt: skip
    office.meet("call4", title="Check-up", guests=[ANA, "p@zahnarzt-lang.example"],
                start=office.world.now() + timedelta(days=5))  # fmt: skip
    outgoing(office.ctx)
    for module in ("domains", "domain_import"):
        monkeypatch.setattr(f"nudger.cli.{module}.current_time", office.world.now)
    monkeypatch.setattr("nudger.cli.startup.current_time", office.world.now)
    return office


def kinds(nudger):
    return {one["entry"]: one["kind"] for one in nudger.json("domains", "list")}


def test_the_first_customer_stops_nobody(busy, nudger_in_office):
    result = nudger_in_office("domains", "add", "customer", "acme.example")
    assert result.exit_code == 0
    assert "no longer" not in result.stderr


def test_what_stops_is_said_before_it_is_done(busy, nudger_in_office):
    result = nudger_in_office("domains", "add", "never", "acme.example")
    assert result.exit_code == 1
    assert "would no longer be asked about: 2 meetings of 1 domain (acme.example)" in result.stderr
    assert "--yes" in result.stderr
    assert "acme.example" not in kinds(nudger_in_office)
    assert nudger_in_office("domains", "add", "never", "acme.example", "--yes").exit_code == 0
    assert kinds(nudger_in_office)["acme.example"] == "never"
    outgoing(busy.ctx)
    result = nudger_in_office("domains", "remove", "acme.example")
    assert result.exit_code == 0
    assert "would be asked about from now on: 2 meetings of 1 domain" in result.stderr


@pytest.mark.parametrize(("answer", "done"), [("y\n", True), ("n\n", False)])
def test_on_a_terminal_it_is_asked(busy, nudger_in_office, monkeypatch, answer, done):
    monkeypatch.setattr(domains_module, "is_terminal", lambda: True)
    result = nudger_in_office("domains", "add", "partner", "globex.example", stdin=answer)
    assert result.exit_code == (0 if done else 1)
    assert ("globex.example" in kinds(nudger_in_office)) is done


def test_a_new_customer_says_what_is_asked_about_from_now_on(busy, nudger_in_office):
    result = nudger_in_office("domains", "add", "customer", "zahnarzt-lang.example")
    assert result.exit_code == 0
    assert "would be asked about from now on: 1 meeting of 1 domain" in result.stderr


def test_another_watch_is_told_of_beforehand(busy, nudger_in_office):
    told = nudger_in_office.json("domains", "watch", "listed")
    assert told["no_longer_asked"] == 3
    assert told["no_longer_asked_domains"] == ["acme.example", "globex.example"]
    told = nudger_in_office.json("domains", "watch", "everybody")
    assert (told["no_longer_asked"], told["newly_asked_domains"]) == (0, ["zahnarzt-lang.example"])
    result = nudger_in_office("domains", "watch", "listed")
    assert 'watch = "listed"' in result.stdout
    assert nudger_in_office.json("domains", "watch") == {"watch": "review"}


def test_suggestions_have_most_meetings_first(busy, nudger_in_office):
    found = nudger_in_office.json("domains", "suggest")
    assert [(one["domain"], one["meetings"], one["asked"]) for one in found] == [
        ("acme.example", 2, True),
        ("globex.example", 1, True),
        ("zahnarzt-lang.example", 1, False),
    ]
    assert (
        "nudger domains add customer acme.example" in nudger_in_office("domains", "suggest").stdout
    )


def test_the_review_lists_what_is_unknown(busy, nudger_in_office):
    first, second, third = nudger_in_office.json("domains", "review")
    assert (first["domain"], first["ahead"]) == ("acme.example", 2)
    assert set(first["titles"]) == {"ACME: pilot", "ACME: proposal"}
    assert (second["domain"], third["domain"]) == ("globex.example", "zahnarzt-lang.example")
    assert (third["asked"], third["reason"], third["titles"]) == (False, "health", [])


def test_the_review_needs_a_terminal(busy, nudger_in_office):
    result = nudger_in_office("domains", "review")
    assert result.exit_code == 1
    assert "needs a terminal" in result.stderr
    assert "--json" in result.stderr


def press(nudger, monkeypatch, keys):
    given = iter(keys)

    def read_key():
        key = next(given)
        if key == "^":
            raise KeyboardInterrupt
        return key

    monkeypatch.setattr(domain_review, "is_terminal", lambda: True)
    monkeypatch.setattr(domain_review.click, "getchar", read_key)
    return nudger("domains", "review")


@pytest.mark.parametrize(
    ("keys", "entries", "left"),
    [
        ("cpn", {"acme": "customer", "globex": "partner", "zahnarzt-lang": "never"}, []),
        ("Cq", {"acme": "customer"}, ["globex", "zahnarzt-lang"]),
        ("c^", {"acme": "customer"}, ["globex", "zahnarzt-lang"]),
        ("lcq", {"globex": "customer"}, ["zahnarzt-lang"]),
        ("cunq", {"acme": "never"}, ["globex", "zahnarzt-lang"]),
        ("luq", {}, ["acme", "globex", "zahnarzt-lang"]),
        ("ccuuq", {}, ["acme", "globex", "zahnarzt-lang"]),
        ("u?q", {}, ["acme", "globex", "zahnarzt-lang"]),
    ],
)
def test_one_key_says_what_a_domain_is(busy, nudger_in_office, monkeypatch, keys, entries, left):
    before = kinds(nudger_in_office)
    result = press(nudger_in_office, monkeypatch, keys)
    assert result.exit_code == 0
    known = {entry: kind for entry, kind in kinds(nudger_in_office).items() if entry not in before}
    assert known == {f"{name}.example": kind for name, kind in entries.items()}
    waiting = [one["domain"] for one in nudger_in_office.json("domains", "review")]
    assert waiting == [f"{name}.example" for name in left]


def test_what_was_put_off_comes_back(busy, nudger_in_office, monkeypatch):
    press(nudger_in_office, monkeypatch, "lq")
    busy.later(days=31)
    waiting = [one["domain"] for one in nudger_in_office.json("domains", "review")]
    assert "acme.example" in waiting


def test_no_review_where_all_is_known(nudger_in_office):
    assert "No outside domain" in nudger_in_office("domains", "review").stdout


@pytest.fixture
def accounts(tmp_path):
    def write(text):
        file = tmp_path / "accounts.csv"
        file.write_bytes(text.encode("utf-16"))
        return str(file)

    return write


def test_accounts_are_imported(nudger, accounts):
    file = accounts("Name;Website\nAcme;www.acme.com\nGlobex;https://globex.de/x\nNo;\n")
    dry = nudger("domains", "import", file, "--dry-run")
    assert "2  new, to be customer" in dry.stdout
    assert kinds(nudger) == {}
    assert nudger("domains", "import", file).exit_code == 0
    assert kinds(nudger) == {"acme.com": "customer", "globex.de": "customer"}
    again = nudger.json("domains", "import", file)
    assert (again["new"], again["without_domain"]) == ([], 1)


def test_nothing_is_imported_by_half(nudger, accounts):
    file = accounts("Website\nacme.com\nsee below\n")
    result = nudger("domains", "import", file)
    assert result.exit_code == 1
    assert "line 3: see" in result.stderr
    assert kinds(nudger) == {}
    assert nudger("domains", "import", file, "--yes").exit_code == 0
    assert kinds(nudger) == {"acme.com": "customer"}


def test_what_is_listed_as_something_else_stays(nudger, accounts):
    nudger("domains", "add", "ours", "ourco.com")
    nudger("domains", "add", "never", "law.com")
    result = nudger("domains", "import", accounts("Website\nourco.com\nlaw.com\nacme.com\n"))
    assert "2  listed as something else" in result.stdout
    assert kinds(nudger) == {"ourco.com": "ours", "law.com": "never", "acme.com": "customer"}


def test_a_file_that_is_not_there_says_so(nudger, tmp_path):
    result = nudger("domains", "import", str(tmp_path / "none.csv"))
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
