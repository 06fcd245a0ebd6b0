"""What is looked at of each token of a reply, by name: how often each name goes with each tag is
what the model has learned. A change here wants it trained anew (`make coach`)."""

from __future__ import annotations

from collections.abc import Sequence

from nudger.mail.message import Asked, Reply
from nudger.mail.segments.clues import clauses, fields_by_rules
from nudger.mail.segments.names import known_names, openings
from nudger.mail.segments.tokens import Token

FIRST_LINES = 3
FIRST_WORDS = 4
_STOPS = (".", "!", "?", ";", ":", "\n")
_PAUSES = (",", "-", "–", "—", "(")


def features_of(
    text: str, tokens: Sequence[Token], asked: Asked, by_rules: Reply
) -> list[list[str]]:
    """The names of each token's features; `by_rules` is how the rules read the text."""
    words = [_form(token) for token in tokens]
    ends = _ends_of_clauses(tokens)
    columns = [
        _neighbours(tokens, words),
        _places(tokens),
        known_names(words, asked),
        fields_by_rules(text, tokens, by_rules),
        clauses(text, tokens, ends, asked),
        openings(text, tokens, ends, asked),
    ]
    whole = [f"rules={by_rules.disposition.value}", "digest" if len(asked.meetings) > 1 else "one"]
    if any(meeting.last is not None for meeting in asked.meetings):
        whole.append("answered before")
    return [[*whole, *(name for of in row for name in of)] for row in zip(*columns, strict=True)]


def _form(token: Token) -> str:
    """A word in lower case, its digits alike; a line end and an empty line as one sign and two."""
    if token.is_line_end:
        return "¶¶" if token.text.count("\n") > 1 else "¶"
    return "".join("0" if c.isdecimal() else c for c in token.text.lower())


def _neighbours(tokens: Sequence[Token], words: Sequence[str]) -> list[list[str]]:
    padded = ["<<", "<", *words, ">", ">>"]
    found = []
    for at, token in enumerate(tokens):
        b, a, w, c, d = padded[at : at + 5]
        names = [
            f"w={w}", f"-1={a}", f"-2={b}", f"+1={c}", f"+2={d}",
            f"-1w={a} {w}", f"w+1={w} {c}", f"-2-1={b} {a}", f"+1+2={c} {d}", f"-1w+1={a} {w} {c}",
            f"shape={_shape(token.text)}",
        ]  # fmt: skip
        if token.is_word:
            names += [f"begins={w[:4]}", f"ends3={w[-3:]}", f"ends2={w[-2:]}"]
        found.append(names)
    return found


def _shape(text: str) -> str:
    if text.isspace():
        return "¶"
    if not text[0].isalnum():
        return text[0]
    if "@" in text:
        return "@"
    if text[0].isdecimal():
        return "0" if text.isdecimal() else "0x"
    if len(text) == 1:
        return "X" if text.isupper() else "x"
    return "XX" if text.isupper() else "Xx" if text[0].isupper() else "xx"


def _places(tokens: Sequence[Token]) -> list[list[str]]:
    """In which line and where in it and in the sentence, which word began that and which mark was
    last."""
    found: list[list[str]] = []
    lines = sum(token.is_line_end for token in tokens)
    line = in_line = in_sentence = 0
    first = mark = ""
    for token in tokens:
        found.append([
            f"line={min(line, FIRST_LINES)}", f"left={min(lines - line, FIRST_LINES)}",
            f"in line={min(in_line, FIRST_WORDS)}", f"in sentence={min(in_sentence, FIRST_WORDS)}",
            f"first={first}", f"mark={mark}",
        ])  # fmt: skip
        in_line, in_sentence = in_line + 1, in_sentence + 1
        if in_sentence == 1 and token.is_word:
            first = token.text.lower()
        if token.text.startswith(_STOPS):
            in_sentence = 0
        if token.text.startswith((*_STOPS, *_PAUSES)):
            mark = _shape(token.text)
        if token.is_line_end:
            line, in_line, first = line + 1, 0, ""
    for end, name in ((0, "begin"), (-1, "end")):
        if found:
            found[end].append(name)
    return found


def _ends_of_clauses(tokens: Sequence[Token]) -> list[int]:
    """Behind which tokens a clause ends, the last among them."""
    marks = (*_STOPS, *_PAUSES[2:], ",")
    ends = [at for at, token in enumerate(tokens, start=1) if token.text.startswith(marks)]
    return ends if ends[-1:] == [len(tokens)] else [*ends, len(tokens)]
