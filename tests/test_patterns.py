"""Every pattern that meets strangers' text needs time in step with the length of that text.

The patterns are found by walking the packages, and what is held against each is made of its own
pieces, so that a new pattern is covered by itself.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import islice
from re import _constants as c
from re import _parser as parser
from types import ModuleType
from typing import Any

import pytest

import nudger.domain
import nudger.ics
import nudger.mail
import nudger.mail.segments
from nudger.mail.vocabulary import _rows, languages, whole
from tests.growth import SIZES, TWICE_LINEAR, growth

PACKAGES = (nudger.mail, nudger.mail.segments, nudger.ics, nudger.domain)
SEARCHES = ("search", "sub", "split", "finditer", "findall")
METHODS = ("match", "fullmatch", "search")
ENDS = ("", "\0", "\n\0")


@cache
def modules() -> tuple[ModuleType, ...]:
    found = [
        importlib.import_module(f"{package.__name__}.{one.name}")
        for package in PACKAGES
        for one in pkgutil.iter_modules(package.__path__)
    ]
    return tuple(found)


@cache
def trees() -> dict[ModuleType, ast.Module]:
    return {module: ast.parse(inspect.getsource(module)) for module in modules()}


def compiled(value: Any) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value, however it holds them."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from compiled(tuple(value.values()))
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from compiled(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from compiled([getattr(value, field.name) for field in dataclasses.fields(value)])


def named() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns in variables, and those that a cached function without arguments makes."""
    for module in modules():
        for name, value in vars(module).items():
            if hasattr(value, "cache_info"):
                made_here = value.__module__ == module.__name__
                if not made_here or inspect.signature(value).parameters:
                    continue
                made = value()
            else:
                made = value
            own = f"{module.__name__}.{name}"
            yield from ((own, pattern) for pattern in compiled(made))
    for name in sorted({name for language in languages() for name in language.lists}):
        yield "nudger.mail.vocabulary.whole", whole(name)
        for _, row in _rows(name):
            yield "nudger.mail.vocabulary._rows", row


def in_line() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns that are written where they are used, as in `re.match(r"x", text)`."""
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_of_re(node.func):
                expression = compile(ast.Expression(node.args[0]), module.__name__, "eval")
                try:
                    text = eval(expression, dict(vars(module)))  # noqa: S307 - our own source
                except NameError:  # made of arguments, see `test_no_pattern_is_made_in_passing`
                    continue
                yield f"re.{node.func.attr}", re.compile(text, _flags(node, module))


def _is_of_re(function: ast.expr) -> bool:
    of_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return of_re and function.value.id == "re" and function.attr in (*SEARCHES, *METHODS)


def _flags(node: ast.Call, module: ModuleType) -> int:
    text = " ".join(ast.unparse(argument) for argument in (*node.args[1:], *node.keywords))
    return sum(getattr(re, name) for name in set(re.findall(r"re\.([A-Z]+)", text)))


@cache
def uses() -> dict[str, set[str]]:
    """By which methods the pattern of a name is used: in its own module, else in any."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in (*SEARCHES, *METHODS):
                of = node.value.func if isinstance(node.value, ast.Call) else node.value
                name = getattr(of, "id", getattr(of, "attr", ""))
                method = "search" if node.attr in SEARCHES else node.attr
                found[name].add(method)
                found[f"{module.__name__}.{name}"].add(method)
    return found


def methods_of(name: str) -> set[str]:
    if name.startswith("re."):
        method = name.removeprefix("re.")
        return {"search" if method in SEARCHES else method}
    return uses().get(name) or uses().get(name.rpartition(".")[2]) or set(METHODS)


@cache
def all_patterns() -> tuple[tuple[str, re.Pattern[Any]], ...]:
    return tuple(dict.fromkeys((*named(), *in_line())))


def sample(parsed: Any) -> str:
    """A short text that a parsed pattern takes, or nearly."""
    return "".join(_sample(op, value) for op, value in parsed)


def _sample(op: Any, value: Any) -> str:
    match op:
        case c.LITERAL:
            return chr(value)
        case c.NOT_LITERAL | c.ANY:
            return "a"
        case c.IN:
            return _member(value)
        case c.BRANCH:
            return sample(value[1][0])
        case c.SUBPATTERN:
            return sample(value[-1])
        case c.ATOMIC_GROUP:
            return sample(value)
        case c.MAX_REPEAT | c.MIN_REPEAT | c.POSSESSIVE_REPEAT:
            return sample(value[2]) * value[0]
    return ""


_OF_CLASS = {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " ", c.CATEGORY_WORD: "a"}


def _member(items: Any) -> str:
    if items[0][0] is c.NEGATE:
        taken = {chr(value) for op, value in items if op is c.LITERAL}
        return next(letter for letter in "a1 .~" if letter not in taken)
    op, value = items[0]
    if op is c.LITERAL:
        return chr(value)
    return chr(value[0]) if op is c.RANGE else _OF_CLASS.get(value, "~")


def repeats(parsed: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each repetition in a parsed pattern, with a text that leads to it."""
    for op, value in parsed:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            if value[1] > 8:
                yield before, value[2]
            yield from repeats(value[2], before)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from repeats(branch, before)
        elif op is c.SUBPATTERN:
            yield from repeats(value[-1], before)
        elif op is c.ATOMIC_GROUP:
            yield from repeats(value, before)
        before += _sample(op, value)


def units(body: Any) -> set[str]:
    """What a repetition may repeat: a member of each of its classes."""
    found = {sample(body)}
    for op, value in body:
        if op is c.IN:
            found |= {_member([item]) for item in value if item[0] is not c.NEGATE}
        elif op is c.BRANCH:
            found |= {sample(branch) for branch in value[1]}
    return {unit for unit in found if unit} | {" ", "\n", "a"}


def parsed_from(pattern: re.Pattern[Any]) -> Any:
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin1")
    return parser.parse(text, pattern.flags & ~(re.UNICODE if pattern.pattern != text else 0))


def has_repeats(pattern: re.Pattern[Any]) -> bool:
    return any(True for _ in repeats(parsed_from(pattern)))


def attacks(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], str]]:
    """Texts that grow, each the pattern's own repetitions drawn out."""
    parsed = parsed_from(pattern)
    shapes: set[tuple[str, str, str]] = set()
    found = list(repeats(parsed))
    for before, body in found[:80]:
        for unit in units(body):
            shapes |= {(before, unit, end) for end in ENDS}
            if before:
                shapes |= {("", before + unit, end) for end in ENDS}
    of_all = sample(parsed)
    shapes |= {
        ("", unit, "\0") for unit in (of_all, of_all[:1], of_all[-1:], " ", "\t", "a") if unit
    }
    for start, unit, end in sorted(shapes):
        yield partial(_drawn_out, start, unit, end)


def _drawn_out(start: str, unit: str, end: str, size: int) -> str:
    return start + unit * (size // len(unit)) + end


def superlinear(name: str, pattern: re.Pattern[Any]) -> Iterator[str]:
    """Where it is found to grow too fast, one after the other."""
    if not has_repeats(pattern):  # it looks at so many characters from each place and no more
        return
    is_bytes = isinstance(pattern.pattern, bytes)
    drawn = list(attacks(pattern))
    for drawn_out in drawn[:: 1 + len(drawn) // MOST_ATTACKS] if name in JOINED else drawn:
        attack = partial(_encoded, drawn_out) if is_bytes else drawn_out
        for method in sorted(methods_of(name)):
            use = partial(_apply, pattern, method)
            grows = growth(use, attack, SHORT)
            if grows > TWICE_LINEAR:
                yield f"{name}.{method} x{grows:.0f} on {attack(16)[:60]!r}"
                break


def _encoded(attack: Callable[[int], str], size: int) -> bytes:
    return attack(size).encode()


def _apply(pattern: re.Pattern[Any], method: str, text: Any) -> None:
    if method == "search":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)


JOINED = {"nudger.mail.vocabulary.whole"}
"""Patterns whose parts are each held against all that is made of them."""
MOST_ATTACKS = 40
SHOWN = 3
SHORT = SIZES[:-1]
"""Long enough for a square to show: 16 times as long a time for four times the text."""
MADE_OF_LISTS = {"_commands", "_pattern_of_markers", "title_words", "whole", "_rows", "_mentions"}
"""Functions that make patterns of lists of ours: held in a variable, or written out above."""
OF_REPS = [module for module in modules() if ".coach" in module.__name__]
"""What a rep whom we know wrote, in no more than 2,000 characters."""


@pytest.mark.parametrize("module", [one for one in modules() if one not in OF_REPS])
def test_no_pattern_is_made_in_passing(module):
    """Patterns that these tests cannot see are few, and known."""
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.FunctionDef) and node.name not in MADE_OF_LISTS:
            cached = "cache" in " ".join(map(ast.unparse, node.decorator_list))
            visible = cached and not node.args.args
            assert visible or not any(map(_makes_pattern, ast.walk(node))), node.name


def _makes_pattern(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if ast.unparse(node.func) == "re.compile":
        return True
    return _is_of_re(node.func) and not isinstance(node.args[0], ast.Constant)


def test_a_slow_pattern_would_be_noticed():
    for slow in (r"(?P<w>.{8,}?)\s*[,;]*\s+next\s+$", r"\s*\n\s*x", r"(?:a|b)*\s*-*\s*;"):
        assert any(superlinear("slow", re.compile(slow))), slow
    assert not any(superlinear("swift", re.compile(r"\Aa*+[ ]*+x")))


@pytest.mark.parametrize("part", range(8))
@pytest.mark.timeout(1800)
def test_no_pattern_grows_faster_than_its_text(part):
    slow = [line for at, (name, pattern) in enumerate(all_patterns()) if at % 8 == part
            for line in islice(superlinear(name, pattern), SHOWN)]  # fmt: skip
    assert not slow, "\n".join(slow)
