"""The note: put in, found, replaced, taken out, and every other byte left as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.event import TextFormat
from nudger.domain.note import (
    NoteProblem,
    Spliced,
    clean_line,
    find,
    holds,
    remove,
    render,
    splice,
)
from nudger.domain.note_markers import ENGLISH, FORMER, KNOWN, MARKERS, Markers

PLAIN, HTML = TextFormat.PLAIN, TextFormat.HTML
START_MARKER, END_MARKER = ENGLISH.start, ENGLISH.end
LINES = ("C.O.: Dana agrees to a review", "Next milestone: Decision")
TEAMS = (
    '<html><head><meta charset="utf-8"></head><body><div>Agenda</div>'
    '<div style="margin-bottom:24px"><a id="meet_invite_block" '
    'href="https://teams.microsoft.com/l/meetup-join/19%3ameeting_x">Join</a></div></body></html>'
)


def spliced(description, text_format=PLAIN, lines=LINES, limit=None):
    result = splice(description, text_format, lines, limit)
    assert isinstance(result, Spliced)
    return result.description


def test_into_nothing():
    assert spliced("") == f"{START_MARKER}\n{LINES[0]}\n{LINES[1]}\n{END_MARKER}"


def test_on_top_of_plain_text():
    assert spliced("Agenda\nlink") == f"{render(LINES, PLAIN)}\n\nAgenda\nlink"


def test_inside_the_body_of_a_page():
    result = spliced(TEAMS, HTML)
    head, body = TEAMS.split("<body>")
    assert result == f"{head}<body>{render(LINES, HTML)}<br><br>{body}"


def test_a_marker_whose_edge_has_grown_is_a_marker_whole():
    grown = spliced("Agenda").replace("=== Note", "======= Note")
    once = spliced(grown)
    assert once == spliced("Agenda")
    assert spliced(once) == once


def test_what_would_make_another_marker_with_ours_is_left_alone():
    assert splice("== End of note (Nudger)<body>", HTML, LINES) == NoteProblem("block_conflict")


def test_a_second_note_replaces_the_first():
    once = spliced("Agenda")
    assert spliced(once, lines=("C.O.: other",)) == spliced("Agenda", lines=("C.O.: other",))


def test_the_same_note_again_changes_nothing():
    assert spliced(spliced(TEAMS, HTML), HTML) == spliced(TEAMS, HTML)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<p>{0}</p><p>C.O.: x</p><p>{1}</p><p>Rest</p>",
        "{0}&nbsp;<br>C.O.: x<br>\n{1}<br>Rest",
        "<span>{0}</span><br><b>C.O.: x</b><br><span>{1}</span>Rest",
    ],
)
def test_a_note_is_found_however_the_provider_has_wrapped_it(wrapped):
    description = wrapped.format(START_MARKER, END_MARKER)
    assert find(description, HTML) == ("C.O.: x",)
    assert "Rest" in spliced(description, HTML)
    assert spliced(description, HTML).count("Note (Nudger)") == 1


@pytest.mark.parametrize(
    ("old", "left"),
    [
        ("{0}</b>x{1}", "</b>"),
        ("{0}<i>x{1}", "<i>"),
        ("{0}</i></b>x{1}", "</i></b>"),
        ("{0}<b class='k'><i>x{1}", "<b class='k'><i>"),
        ("{0}</p><p>x</p><p>{1}", ""),
        ("{0}</p><p>x</p><div class='k'>{1}", "</p><div class='k'>"),
        ("{0}</I></P><p><i>x{1}", ""),
        ("{0}</p></i><p><i>x{1}", "</p></i><p><i>"),
        ("{0}<b>x</b><B>y</b>{1}", ""),
        ("{0}<b>x</i></b>{1}", "</i>"),
        ("{0}<br>x<wbr><input><hr><meta a=b><link><img src=x>{1}", ""),
    ],
)
def test_tags_whose_other_half_is_not_ours_stay(old, left):
    old = old.format(START_MARKER, END_MARKER)
    assert spliced(f"<u>{old}</u> Rest", HTML) == f"<u>{render(LINES, HTML)}{left}</u> Rest"
    assert remove(f"<u>{old}<br><br></u> Rest", HTML).startswith(f"<u>{left}")


def test_in_plain_text_a_tag_is_text():
    old = f"{START_MARKER}\n</b> x <i>\n{END_MARKER}"
    assert spliced(f"{old}\nRest") == f"{render(LINES, PLAIN)}\nRest"
    assert find(old, PLAIN) == ("</b> x <i>",)


@pytest.mark.parametrize("text_format", [PLAIN, HTML])
def test_a_note_holds_its_own_lines_and_no_others(text_format):
    lines = ("Dana & Joe agree to <join>", "next: 2")
    there = spliced("Agenda", text_format, lines)
    assert holds(there, text_format, lines)
    assert not holds(there, text_format, ("Dana & Joe agree to <join>", "next: 3"))
    assert not holds(there, text_format, lines[:1])
    assert not holds("Agenda", text_format, lines)


@pytest.mark.parametrize(
    "broken",
    [
        f"{START_MARKER}\nx",
        f"x\n{END_MARKER}",
        f"{END_MARKER}\n{START_MARKER}",
        f"{START_MARKER}\n{START_MARKER}\n{END_MARKER}",
        f"{START_MARKER}\n{END_MARKER}\n{START_MARKER}\n{END_MARKER}",
    ],
)
def test_a_broken_or_doubled_note_is_left_alone(broken):
    assert splice(broken, PLAIN, LINES) == NoteProblem("block_conflict")
    assert remove(broken, PLAIN) == broken


def test_nothing_is_cut_off_to_meet_a_limit():
    assert splice("x" * 8150, PLAIN, LINES, 8192) == NoteProblem("desc_full")
    assert splice("x" * 8000, PLAIN, LINES, 8192) != NoteProblem("desc_full")


@pytest.mark.parametrize(
    ("line", "cleaned"),
    [
        ("two\nlines", "two lines"),
        (END_MARKER, "= End of note (Nudger) ="),
        ("right\u202eleft", "right left"),
        ("null\x00byte", "null byte"),
        ("own\ue000letter", "own letter"),
        ("new\u2028line", "new line"),
        ("new\u2029paragraph", "new paragraph"),
        ("half\ud800letter", "half letter"),
        ("  many   blanks ", "many blanks"),
    ],
)
def test_a_line_cannot_break_the_block(line, cleaned):
    assert clean_line(line) == cleaned


def test_markup_in_an_answer_stays_text():
    result = spliced("<p>x</p>", HTML, ("<img src=x onerror=alert(1)> & more",))
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; more" in result


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("agrees <b>now</b>", "agrees ‹b>now‹/b>"),
        ("<script>alert(1)</script>", "‹script>alert(1)‹/script>"),
        ("<!-- x --> <?x", "‹!-- x --> ‹?x"),
        ("a budget < 5,000 and <3", "a budget < 5,000 and <3"),
    ],
)
def test_markup_in_plain_text_is_no_markup_whoever_reads_it(line, written):
    result = spliced("Agenda", PLAIN, (line,))
    assert f"\n{written}\n" in result
    assert holds(result, PLAIN, (line,))
    assert holds(result, HTML, (line,))


def around(markers, text_format):
    return render(LINES, text_format, markers)


@pytest.mark.parametrize("text_format", [PLAIN, HTML])
@pytest.mark.parametrize("now", MARKERS.values())
@pytest.mark.parametrize("before", KNOWN)
def test_a_note_in_any_language_is_replaced_in_any_other(before, now, text_format):
    description = f"Agenda {around(before, text_format)} link"
    assert find(description, text_format) == LINES
    assert splice(description, text_format, ("C.O.: other",), None, now) == Spliced(
        f"Agenda {render(('C.O.: other',), text_format, now)} link"
    )
    assert remove(description, text_format) == "Agenda  link"


@pytest.mark.parametrize("one", KNOWN)
@pytest.mark.parametrize("other", KNOWN)
def test_what_stands_between_markers_of_two_notes_is_nobodys_to_touch(one, other):
    """Somebody deleted the end of one note and the start of another."""
    broken = f"{one.start}\nx\nan agenda\ny\n{other.end}"
    if Markers(one.start, other.end) in KNOWN:
        assert find(broken, PLAIN) is not None
        return
    assert splice(broken, PLAIN, LINES) == NoteProblem("block_conflict")
    assert remove(broken, PLAIN) == broken


@pytest.mark.parametrize("second", KNOWN)
def test_notes_in_two_languages_are_a_doubled_one(second):
    doubled = f"{around(FORMER[0], PLAIN)}\nAgenda\n{around(second, PLAIN)}"
    assert splice(doubled, PLAIN, LINES) == NoteProblem("block_conflict")
    assert remove(doubled, PLAIN) == doubled


text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
pieces = st.sampled_from(
    ["<p>", "</p>", "<br>", "&nbsp;", "\n", "<body>", "==", "Agenda"]
    + [line for pair in KNOWN for line in (pair.start, pair.end)]
)
markers = st.sampled_from([*MARKERS.values()])
descriptions = st.one_of(text, st.lists(st.one_of(text, pieces), max_size=12).map("".join))
formats = st.sampled_from([PLAIN, HTML])


@given(descriptions, formats, st.lists(text, min_size=1, max_size=4), markers)
def test_what_is_put_in_can_be_found_and_taken_out(description, text_format, lines, between):
    first = splice(description, text_format, lines, None, between)
    if isinstance(first, NoteProblem) or find(description, text_format) is not None:
        return
    assert description in first.description or text_format is HTML
    assert remove(first.description, text_format) == description


@given(text, text, formats, st.sampled_from(KNOWN), markers)
def test_a_note_is_replaced_and_taken_out_whatever_the_language(above, below, form, before, now):
    if find(above, form) is not None or find(below, form) is not None:
        return
    description = f"{above}\n{around(before, form)}\n{below}"
    if find(description, form) is None:  # what stands around it has markers of its own
        return
    result = splice(description, form, LINES, None, now)
    assert isinstance(result, Spliced | NoteProblem)
    if isinstance(result, Spliced):
        assert result.description.startswith(f"{above}\n{now.start}")
        assert result.description.endswith(f"{now.end}\n{below}")
        assert remove(result.description, form) == remove(description, form)


@given(descriptions, formats, st.lists(text, min_size=1, max_size=4), markers)
def test_every_byte_outside_the_note_stays(description, text_format, lines, between):
    result = splice(description, text_format, lines, None, between)
    if isinstance(result, NoteProblem):
        return
    again = splice(result.description, text_format, lines, None, between)
    assert again == result
    full = [line for line in lines if clean_line(line)]
    assert find(result.description, text_format) is not None
    if full == lines and find(description, text_format) is None:
        assert holds(result.description, text_format, lines)


@given(text)
def test_any_text_can_be_looked_at(description):
    find(description, HTML)
    remove(description, HTML)
