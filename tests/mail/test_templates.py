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
        ("{{ nothing }}", "note.txt.j2, line 1: 'nothing' is undefined"),
        ("line\n{% if %}", "line 2"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("a\n{{ 1/0 }}", "line 2: nothing can be divided by 0"),
        ("a\n{{ 1/count }}", "line 2: ZeroDivisionError"),
        ("a\n\n{{ title + 1 }}", "line 3: + takes numbers"),
        ("{{ calls | sort | first + calls }}", "line 1"),
        ("a\n{{ count | join }}", "line 2: TypeError"),
        ("a\n{{ title | int / 'x' }}", "line 2"),
        ("{{ calls[99] }}", "line 1"),
    ],
)
def test_a_mistake_is_named(own, text, says):
    (own / "en" / "note.txt.j2").write_text(text)
    with pytest.raises(TemplateProblem) as raised:
        Templates(own).render("note.txt.j2", VALUES)
    assert says in str(raised.value)


VALUES = {
    "title": "Pilot",
    "calls": list("abc"),
    "count": 0,
    "percent": "50% of %(a)9s",
    "many": list(range(300)),
}
REFUSED = [
    "{{ 10**(10**7) }}", "{{ 'a' * 10 }}", "{{ title * 1000000000 }}", "{{ calls * 1000000000 }}",
    "{% for a in range(9) %}{% endfor %}", "{{ range(9) }}", "{{ lipsum() }}", "{{ dict(a=1) }}",
    "{{ cycler('a') }}", "{{ joiner() }}", "{{ namespace() }}", "{{ title.upper() }}",
    "{{ 'a' | center(1000000000) }}", "{{ '%999999999d' | format(1) }}", "{{ '%9999999999d' % 1 }}",
    "{{ title | replace('a', 'b') }}", "{{ title | indent(1000000000) }}", "{{ title | wordwrap }}",
    "{{ title | attr('x') }}", "{{ calls | map('upper') }}", "{{ calls | tojson }}", "{{ title | safe }}",
    "{{ title | batch(3) }}", "{{ title | xmlattr }}", "{{ title | pprint }}", "{{ calls | groupby('x') }}",
    "{% macro a() %}{{ a() }}{% endmacro %}", "{% set a = title ~ title %}", "{% set a %}x{% endset %}",
    "{% with a = title %}{% endwith %}", "{% import 'note.txt.j2' as n %}",
    "{% from 'note.txt.j2' import n %}", "{% filter upper %}x{% endfilter %}",
    "{% call title() %}{% endcall %}", "{% include title %}", "{% extends title %}",
    "{% include ['a', 'b'] %}", "{% include 'note.txt.j2' %}", "{% extends 'note.txt.j2' %}",
    "{% for a in 'abc' %}{% endfor %}", "{% for a in [1, 2] %}{% endfor %}",
    "{% for a in calls recursive %}{{ loop(a) }}{% endfor %}", "{{ self.content() }}",
    "{% for a in many %}" * 4 + "{% endfor %}" * 4, "{% for a in many %}" * 3 + "{% endfor %}" * 3,
    "{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}",
    "{% for a in calls | join('x') | list %}" * 4 + "{% endfor %}" * 4,
    "{{ title" + " | urlencode" * 9 + " }}", "{{ many" + " | join('x')" * 6 + " }}",
    "{{ many | join('" + "x" * 500 + "') }}", "{{ _('%(a)999999999s', a=1) }}",
    "{{ _('%(a)*d', a=1) }}", "{{ _('%(a)r', a=1) }}", "{{ _(*calls) }}", "{{ ''.__class__ }}",
    "{{ title.__init__ }}", "{{ title['__class__'] }}", "{{ _.__globals__ }}", "{{ self._TemplateReference__context }}",
    "{{ loop }}", "{{ 7 // 2 }}", "{{ 7 % 2 }}", "{{ {'a': 1} }}", "{{ " + "(" * 3000 + ")" * 3000 + " }}",
    "{{ " + "not " * 3000 + "1 }}", "{{ " + "-" * 3000 + "1 }}", "{{ " + "9" * 5000 + " }}",
    "{{ 999999999999999 * 9 }}", "{{ 1e999 * 2 }}", "x" * 200_001, "{% autoescape false %}{% endautoescape %}",
    "{% do title %}", "{% debug %}", "{% break %}", "{{ title", "{% for %}", "{{ 1 is foo }}",
    "{{ title is filter }}", "{{ title | nosuch }}", "{{ calls | sum }}", "{{ calls | random }}",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_what_could_keep_a_computer_busy_is_refused_with_its_line(own, text):
    (own / "en" / "note.txt.j2").write_text("first line\n" + text)
    with pytest.raises(TemplateProblem) as raised:
        Templates(own).render("note.txt.j2", VALUES)
    assert "note.txt.j2, line" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ title }} {{ count + 2 * 3 - 1 }}", "Pilot 5"),
        ("{% for a in calls %}{{ loop.index }}{{ a }}{% if not loop.last %},{% endif %}{% endfor %}", "1a,2b,3c"),
        ("{% for a in calls if a != 'b' %}{{ a | upper }}{% else %}none{% endfor %}", "AC"),
        ("{{ calls | join(', ') }} {{ calls | length }} {{ title[:2] }}", "a, b, c 3 Pi"),
        ("{{ title ~ '!' if count is even else 'odd' }}", "Pilot!"),
        ("{{ _('%(n)s calls', n=count) }}", "0 calls"),
        ("{{ _(title) }} {{ _(percent) }}", "Pilot 50% of %(a)9s"),
        ("{% if title in ('Pilot', 'Demo') and not nothing is defined %}yes{% endif %}", "yes"),
        ("{{ nothing | default('none') | truncate(3) }}", "none"),
    ],
)  # fmt: skip
def test_what_a_mail_needs_can_be_written(own, text, shown):
    (own / "en" / "note.txt.j2").write_text(text)
    assert Templates(own).render("note.txt.j2", VALUES) == shown


def test_templates_that_take_in_one_another_without_end_are_refused(own):
    (own / "en" / "note.txt.j2").write_text("{% include 'b.j2' %}")
    (own / "en" / "b.j2").write_text("{% include 'note.txt.j2' %}")
    with pytest.raises(TemplateProblem, match="takes in itself"):
        Templates(own).render("note.txt.j2", VALUES)
    for n in range(12):
        (own / "en" / f"t{n}.j2").write_text(f"{{% include 't{n + 1}.j2' %}}\n" * 2)
    (own / "en" / "t12.j2").write_text("")
    with pytest.raises(TemplateProblem, match="too many"):
        Templates(own).render("t0.j2", VALUES)


def test_a_catalogue_cannot_widen_a_place(own):
    (own / "de.po").write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "%(n)s calls"\nmsgstr "%(n)999999999s"\n'
    )
    (own / "en" / "note.txt.j2").write_text("{{ _('%(n)s calls', n=count) }}")
    assert Templates(own, "de").render("note.txt.j2", VALUES) == "0 calls"


def test_markup_in_values_is_escaped_in_pages_only(own):
    (own / "en" / "x.html.j2").write_text("{{ v }}")
    (own / "en" / "x.txt.j2").write_text("{{ v }}")
    templates = Templates(own)
    assert templates.render("x.html.j2", {"v": "<b>"}) == "&lt;b&gt;"
    assert templates.render("x.txt.j2", {"v": "<b>"}) == "<b>"
