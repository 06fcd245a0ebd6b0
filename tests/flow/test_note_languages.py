"""A note is one note, whatever became of the rep's language or of our markers since it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nudger.domain.note_markers import FORMER
from nudger.store import people
from tests.office import ANA, run_once

BEFORE = "Agenda\nhttps://meet.google.com/abc-defg-hij"


@pytest.fixture
def kept_by():
    return "google"


def speak(office, language):
    with office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        now = office.ctx.clock()
        people.add_rep(tx, replace(people.as_entered(rep), language=language), now)


def reply(office, text, mail=-1):
    office.reply(text, mail=mail)
    office.later(minutes=2)
    run_once(office.ctx)


def test_a_note_follows_the_reps_language(office):
    office.meet()
    speak(office, "de")
    run_once(office.ctx)
    reply(office, "Dana sagt einen Piloten bis Freitag zu\nNächster Meilenstein: Decision")
    assert office.description("call1") == (
        "=== Notiz (Nudger) ===\nVor dem Gespräch geplant\n"
        "C.O.: Dana sagt einen Piloten bis Freitag zu\nNächster Meilenstein: Decision\n"
        f"=== Ende der Notiz (Nudger) ===\n\n{BEFORE}"
    )
    speak(office, "fr")
    reply(office, "Prochaine étape : First call", mail=0)
    text = office.description("call1")
    assert text.startswith("=== Note (Nudger) ===\nPrévu avant le rendez-vous\n")
    assert text.endswith(f"=== Fin de la note (Nudger) ===\n\n{BEFORE}")
    assert text.count("===") == 4


def written_before(office):
    """An answer whose note stands as an older version wrote it."""
    office.meet()
    run_once(office.ctx)
    reply(office, "Dana agrees to a pilot by Friday")
    entry = office.world.calendars.find(ANA, "call1")
    old = FORMER[0]
    written = f"{old.start}\nC.O.: Dana agrees to a pilot by Friday\n{old.end}\n\n{BEFORE}"
    office.world.calendars.change(entry, ANA, False, description=written)


def test_a_note_with_former_markers_is_amended(office):
    written_before(office)
    reply(office, "Next: Decision", mail=0)
    text = office.description("call1")
    assert "Next milestone: Decision" in text
    assert text.count("===") == 4
    assert text.endswith(f"\n\n{BEFORE}")


def test_a_note_with_former_markers_is_taken_out(office):
    written_before(office)
    reply(office, "undo", mail=0)
    assert office.description("call1") == BEFORE


def test_an_answer_that_comes_late_is_no_plan(office):
    office.meet()
    run_once(office.ctx)
    office.later(days=1, hours=6)
    reply(office, "Dana agrees to a pilot by Friday", mail=0)
    assert "Noted after the call had begun\nC.O.: Dana" in office.description("call1")
