"""Templates that change on the disk, and what mails are written by while one is broken."""

from __future__ import annotations

import pytest

from nudger.mail.template_cache import FallbackTemplates, own_templates, templates_for
from nudger.mail.templates import TemplateProblem

VALUES = {
    "commitment_objective": "x",
    "next_milestone": None,
    "fallback": None,
    "outcome": None,
}
NOTE = "note.txt.j2"


@pytest.fixture
def own(tmp_path):
    (tmp_path / "en").mkdir()
    return tmp_path


def shown(own, language="en"):
    return templates_for(own, language).render(NOTE, VALUES).strip()


def test_a_file_counts_at_once_when_it_comes_changes_and_goes(own):
    file = own / "en" / NOTE
    assert shown(own) == "C.O.: x"
    file.write_text("One: {{ commitment_objective }}")
    assert shown(own) == "One: x"
    file.write_text("Another: {{ commitment_objective }}")
    assert shown(own) == "Another: x"
    (own / "de").mkdir()
    (own / "de" / NOTE).write_text("Ziel")
    assert (shown(own), shown(own, "de")) == ("Another: x", "Ziel")
    file.unlink()
    assert shown(own) == "C.O.: x"


def test_a_catalogue_counts_at_once(own):
    assert templates_for(own, "de").words.say("Fallback") == "Rückfallziel"
    (own / "de.po").write_text('msgid "Fallback"\nmsgstr "Notnagel"\n')
    assert templates_for(own, "de").words.say("Fallback") == "Notnagel"


def test_nothing_is_made_again_while_nothing_changes(own):
    assert templates_for(own, "en") is templates_for(own, "en")


@pytest.mark.parametrize("text", ["{% if %}", "{{ nosuch }}", "{{ ''.__class__ }}", "\udcff"])
def test_what_is_broken_stops_no_mail_and_is_named_to_who_asks(own, text):
    (own / "en" / NOTE).write_bytes(text.encode(errors="surrogateescape"))
    assert shown(own) == "C.O.: x"
    with pytest.raises(TemplateProblem):
        own_templates(own, "en").render(NOTE, VALUES)


def test_a_broken_catalogue_stops_no_mail(own):
    (own / "de.po").write_bytes(b'msgid "C.O."\nmsgstr "\xff"\n')
    (own / "en" / NOTE).write_text("{{ _('Fallback') }}")
    assert shown(own, "de") == "Rückfallziel"


def test_what_is_typed_is_judged_alone(own):
    (own / "en" / "_commands.txt.j2").write_text("{{ nosuch }}")
    typed = {f"en/{NOTE}": "{% include '_commands.txt.j2' %}"}
    with pytest.raises(TemplateProblem, match="line 1: there is no filter") as raised:
        FallbackTemplates(own, "en", {f"en/{NOTE}": "{{ 1 | nosuch }}"}).render(NOTE, VALUES)
    assert (raised.value.file, raised.value.line) == (f"en/{NOTE}", 1)
    assert FallbackTemplates(own, "en", typed).render(NOTE, VALUES).strip() == "C.O.: x"
