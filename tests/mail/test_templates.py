"""Templates: the admin's own, file by file; mistakes named with file and line."""

from __future__ import annotations

import pytest

from nudger.mail.templates import TemplateProblem, Templates


@pytest.fixture
def own(tmp_path):
    (tmp_path / "en").mkdir()
    return tmp_path


def test_an_own_file_replaces_the_shipped_one_alone(own):
    (own / "en" / "note.txt.j2").write_text("Ziel: {{ commitment_objective }}")
    templates = Templates(own)
    values = {"commitment_objective": "x", "next_milestone": None, "fallback": None}
    assert templates.render("note.txt.j2", values) == "Ziel: x"
    assert "skip" in templates.render("_commands.txt.j2", {"colleague": "b@x.co"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("line\n{% if %}", "line 2"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% for a in range(99999) %}xxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}", "characters"),
    ],
)
def test_a_mistake_is_named(own, text, says):
    (own / "en" / "note.txt.j2").write_text(text)
    with pytest.raises(TemplateProblem) as raised:
        Templates(own).render("note.txt.j2", {})
    assert says in str(raised.value)


def test_markup_in_values_is_escaped_in_pages_only(own):
    (own / "en" / "x.html.j2").write_text("{{ v }}")
    (own / "en" / "x.txt.j2").write_text("{{ v }}")
    templates = Templates(own)
    assert templates.render("x.html.j2", {"v": "<b>"}) == "&lt;b&gt;"
    assert templates.render("x.txt.j2", {"v": "<b>"}) == "<b>"
