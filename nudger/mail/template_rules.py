"""What a template may be made of: enough for a mail, too little to keep a computer busy.

The names, loops and conditions of Jinja, a few filters, and sums of numbers. No macros, no
assignments and no calls, by which a short text grows without bound; loops go over values and are
counted; templates take in one another so often and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from jinja2 import TemplateRuntimeError, nodes, pass_context
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nudger.mail.placeholders import has_plain_placeholders

MOST_SOURCE_CHARACTERS = 200_000
MOST_ROUNDS = 20_000
DEEPEST_LOOPS = 3
DEEPEST_FILTERS = 5
MOST_INCLUDES = 30
LARGEST_NUMBER = 10**12
LONGEST_VALUE = 100_000

FILTERS = frozenset({
    "abs", "capitalize", "default", "d", "e", "escape", "first", "int", "join", "last", "length",
    "count", "list", "lower", "reverse", "round", "sort", "string", "striptags", "title", "trim",
    "truncate", "unique", "upper", "urlencode",
})  # fmt: skip
TESTS = frozenset({
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in",
    "iterable", "le", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence",
    "string", "true", "undefined",
})  # fmt: skip
_TRANSLATES = ("_", "gettext", "ngettext")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Const,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.If, nodes.CondExpr, nodes.For, nodes.Block,
    nodes.Extends, nodes.Include, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div,
    nodes.Concat, nodes.Tuple, nodes.List, nodes.Keyword, nodes.Call,
)  # fmt: skip
_WORDS = {
    nodes.Macro: "macros", nodes.CallBlock: "macros", nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}", nodes.With: "{% with %}", nodes.Import: "imports",
    nodes.FromImport: "imports", nodes.FilterBlock: "{% filter %}", nodes.Pow: "**",
    nodes.Mod: "%", nodes.FloorDiv: "//", nodes.Dict: "dictionaries",
}  # fmt: skip
_COUNTED = "counted rounds"


class Rules(ImmutableSandboxedEnvironment):
    """Jinja, as far as templates may use it."""

    intercepted_binops = frozenset({"+", "-", "*", "/"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters[_COUNTED] = _counted
        self.filters["join"] = _join(self.filters["join"])
        for name in DEFAULT_NAMESPACE:
            self.globals.pop(name, None)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        def refuse(line: int, says: str) -> TemplateSyntaxError:
            return TemplateSyntaxError(says, line, name, filename)

        if len(source) > MOST_SOURCE_CHARACTERS:
            raise refuse(1, f"a template has at most {MOST_SOURCE_CHARACTERS} characters")
        try:
            tree = super()._parse(source, name, filename)
            for line, says in _faults(tree):
                raise refuse(line, says)
            _count_rounds(tree)
        except RecursionError as error:
            raise refuse(1, "it is nested too deeply") from error
        except ValueError as error:
            raise refuse(1, str(error)) from error
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Sums of numbers of a sane size, and texts put together."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right
        for value in (left, right):
            if not isinstance(value, (int, float)) or abs(value) > LARGEST_NUMBER:
                raise TemplateRuntimeError(f"{operator} takes numbers, not {value!r:.50}")
        return super().call_binop(context, operator, left, right)


def _faults(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for node in _all(tree):
        says = _fault(node)
        if says is not None:
            yield node.lineno, says
    for kind, deepest, what in (
        (nodes.For, DEEPEST_LOOPS, "loops in loops"), (nodes.Filter, DEEPEST_FILTERS, "filters"),
    ):  # fmt: skip
        for line, depth in _depths(tree, kind):
            if depth > deepest:
                yield line, f"there are at most {deepest} {what}"


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    yield from tree.find_all(nodes.Node)


def _fault(node: nodes.Node) -> str | None:
    """What is wrong with a node itself."""
    if not isinstance(node, _ALLOWED):
        return f"{_WORDS.get(type(node), type(node).__name__)} cannot be used in mails"
    match node:
        case nodes.Filter(name=name) if name not in FILTERS:
            return f"there is no filter {name!r} for mails"
        case nodes.Test(name=name) if name not in TESTS:
            return f"there is no test {name!r} for mails"
        case nodes.Call():
            return _fault_of_call(node)
        case nodes.For(recursive=True):
            return "loops cannot call themselves"
        case nodes.For(iter=nodes.Const() | nodes.List() | nodes.Tuple()):
            return "loops go over values"
        case nodes.Extends(template=named) | nodes.Include(template=named):
            return None if isinstance(named, nodes.Const) else "name the template in quotes"
        case nodes.Getattr(attr=attr) if attr.startswith("_"):
            return f"access to attribute {attr!r} is unsafe"
        case nodes.Div(right=nodes.Const(value=0)):
            return "nothing can be divided by 0"
    return None


def _fault_of_call(call: nodes.Call) -> str | None:
    if isinstance(call.node, nodes.Name) and call.node.name == "super":
        return None
    if not isinstance(call.node, nodes.Name) or call.node.name not in _TRANSLATES:
        return "nothing can be called but _()"
    count = 2 if call.node.name == "ngettext" else 1
    for message in call.args[:count]:
        if isinstance(message, nodes.Const) and not has_plain_placeholders(str(message.value)):
            return "_() knows no placeholders but %(name)s"
    return None if call.dyn_args is None and call.dyn_kwargs is None else "_() takes names"


def _depths(node: nodes.Node, kind: type[nodes.Node], depth: int = 0) -> Iterator[tuple[int, int]]:
    for child in node.iter_child_nodes():
        inner = depth + isinstance(child, kind)
        yield child.lineno, inner
        yield from _depths(child, kind, inner)


def _count_rounds(tree: nodes.Template) -> None:
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)


class Rounds:
    """How many rounds the loops of one mail have left."""

    NAME = "rounds left"

    def __init__(self) -> None:
        self.left = MOST_ROUNDS


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> list[Any]:
    rounds = context.get(Rounds.NAME)
    left = rounds.left if isinstance(rounds, Rounds) else MOST_ROUNDS
    items = list(islice(values, left + 1))
    if isinstance(rounds, Rounds):
        rounds.left -= len(items) + 1
    if len(items) > left:
        raise TemplateRuntimeError(f"the loops take more than {MOST_ROUNDS} rounds")
    return items


def _join(join: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja's own, as long as the text stays within a mail's length."""

    @pass_context
    def bounded(context: Context, value: Iterable[Any], between: Any = "") -> Any:
        items = list(islice(value, LONGEST_VALUE))
        if sum(len(str(item)) + len(str(between)) for item in items) > LONGEST_VALUE:
            raise TemplateRuntimeError("join makes too long a text")
        return join(context.eval_ctx, items, between)

    return bounded
