"""Small faults that a program could have, made from its syntax: one change each.

Left alone: docstrings, annotations, decorators, what is logged and what errors say.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`within` is the function, `before` and `after` are the changed expressions."""

    line: int
    kind: str
    within: str
    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every one, in the order of the source."""
    tree = ast.parse(source)
    _mark(tree, "module")
    sites = [node for node in ast.walk(tree) if hasattr(node, "within")]
    sites.sort(key=lambda node: (node.lineno, node.col_offset))
    for node in sites:
        for kind, changed in _changes(node):
            yield Mutant(
                node.lineno,
                kind,
                node.within,
                ast.unparse(node),
                ast.unparse(changed),
                _replaced(tree, node, changed),
            )


def _mark(node: ast.AST, within: str) -> None:
    """Give each node that may be changed the name of its function."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_told_only(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_told(child) or _is_docstring(child):
                continue
            if hasattr(child, "lineno"):
                child.within = within  # type: ignore[attr-defined]
            _mark(child, getattr(child, "name", within) if _is_block(child) else within)


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _is_told_only(node: Any) -> bool:
    """Whether an assignment is for readers alone: names of types, and what reason codes say, which
    the catalogue's own test holds."""
    words = isinstance(node.value, ast.Tuple) and all(
        isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.value.elts
    )
    is_code = words and getattr(node, "within", "")[:1].isupper()
    return is_code or any(n in ast.unparse(node) for n in ("__all__", "getLogger", "TypeVar"))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_told(node: ast.AST) -> bool:
    """Whether it only says something: to the log, or beside an error that is raised."""
    if isinstance(node, ast.Raise):
        return True
    call = node.value if isinstance(node, ast.Expr) else node
    return isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("log.", "logging."))


def _changes(node: Any) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                changed = copy.deepcopy(node)
                changed.ops[at] = _COMPARISONS[type(operator)]()
                yield "comparison", changed
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and/or", ast.BoolOp(other, node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield "not", node.operand
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield "arithmetic", ast.BinOp(node.left, _ARITHMETIC[type(operator)](), node.right)
        case ast.Constant():
            yield from _other_constants(node.value)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "return", ast.Return(ast.Constant(None))
        case ast.If() | ast.While() | ast.IfExp():
            changed = copy.copy(node)
            changed.test = ast.UnaryOp(ast.Not(), node.test)
            yield "condition", changed
        case ast.Expr(value=ast.Call()):
            yield "call", ast.Pass()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _other_constants(value: object) -> Iterator[tuple[str, ast.AST]]:
    match value:
        case bool():
            yield "boolean", ast.Constant(not value)
        case int() | float():
            yield "constant", ast.Constant(value + 1)
        case str() if value:
            yield "string", ast.Constant(f"{value}X")
        case bytes() if value:
            yield "string", ast.Constant(value + b"X")


def _replaced(tree: ast.AST, node: ast.AST, changed: ast.AST) -> str:
    class Put(ast.NodeTransformer):
        def visit(self, visited: ast.AST) -> ast.AST:
            return changed if visited is node else super().visit(visited)

    # The tree itself must stay: what lies on the way to the node is copied.
    memo = {id(node): node}
    whole = Put().visit(copy.deepcopy(tree, memo))
    return ast.unparse(ast.fix_missing_locations(whole))
