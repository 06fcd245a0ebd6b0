"""Which tests are nearest to any module: those that must notice a fault in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.mutation.modules import MODULES

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "mail", "store", "providers", "jobs")
APART = ("migrations", "data")
"""What is not a decision: migrations are held by a test of their own, data are no code."""
THROUGH = {
    "jobs": ("tests/flow/test_loop.py", "tests/flow/test_after_the_call.py"),
    "providers": ("tests/providers/contract",),
}
"""What goes through a package from end to end."""
_CHAT = ("tests/jobs/test_heed.py", "tests/flow/test_slack.py")
_WEEKLY = "tests/jobs/outgoing/test_weekly.py"
BY_FLOW = {
    "nudger/jobs/channel_day.py": ("tests/flow/test_teams_channel.py",),
    "nudger/jobs/commands/header_stop.py": ("tests/flow/test_header_stop.py",),
    "nudger/jobs/commands/managers_mail.py": (_WEEKLY,),
    "nudger/jobs/commands/series.py": ("tests/jobs/planning/test_series.py", "tests/jobs/commands"),
    "nudger/jobs/commands/unsolicited.py": (_WEEKLY, "tests/jobs/commands"),
    "nudger/jobs/heed.py": _CHAT,
    "nudger/jobs/incoming/chat_replies.py": _CHAT,
    "nudger/jobs/incoming/from_chat.py": _CHAT,
    "nudger/jobs/incoming/machines.py": ("tests/jobs/test_loops.py",),
    "nudger/jobs/incoming/received.py": ("tests/flow/test_header_stop.py", "tests/jobs/incoming"),
    "nudger/jobs/incoming/unclear.py": ("tests/jobs/test_digest_replies.py", "tests/jobs/incoming"),
    "nudger/jobs/listen.py": ("tests/jobs/test_listen.py", "tests/jobs/test_due.py"),
    "nudger/jobs/outgoing/by_chat.py": _CHAT,
    "nudger/jobs/outgoing/placement.py": (
        "tests/jobs/outgoing/test_placement.py",
        "tests/jobs/test_publish_gate.py",
    ),
    "nudger/jobs/outgoing/render.py": (
        "tests/flow/test_header_stop.py",
        "tests/jobs/outgoing/test_facts.py",
        "tests/jobs/outgoing/test_coaching.py",
    ),
    "nudger/jobs/outgoing/responses.py": (
        "tests/jobs/incoming/test_acting.py",
        "tests/jobs/test_loops.py",
        "tests/jobs/commands",
    ),
    "nudger/jobs/outgoing/sayings.py": ("tests/jobs/test_loops.py",),
    "nudger/jobs/planning/hosts.py": ("tests/flow/test_round_robin.py",),
    "nudger/jobs/planning/judged.py": ("tests/jobs/planning",),
    "nudger/jobs/planning/reading.py": (
        "tests/jobs/planning/test_reading.py",
        "tests/jobs/planning/test_calendar_hours.py",
    ),
    "nudger/jobs/scan.py": ("tests/jobs/test_scan.py", "tests/jobs/test_due.py"),
    "nudger/jobs/settle.py": ("tests/jobs/test_settle.py",),
    "nudger/jobs/telling/deliver.py": (
        "tests/jobs/telling/test_deliver.py",
        "tests/receivers/test_crm.py",
    ),
    "nudger/jobs/telling/payload.py": (
        "tests/jobs/telling/test_payload.py",
        "tests/jobs/telling/test_deliver.py",
    ),
    "nudger/jobs/subscribe.py": ("tests/web/push",),
    "nudger/providers/openid.py": ("tests/web/console/test_signing.py",),
}
"""Steps and parts of them that are tested by what goes through them, beside or in place of a
mirrored file."""
ABOUT_ALL = ("tests/faults", "tests/fuzz", "tests/mutation", "tests/test_simulation.py")


def modules(package: str) -> list[str]:
    """The files of a package that hold code."""
    found = sorted((ROOT / "nudger" / package).rglob("*.py"))
    apart = [one for one in found if set(APART) & set(one.parts)]
    return [str(one.relative_to(ROOT)) for one in found if one not in apart and _has_code(one)]


def nearest(module: str) -> tuple[str, ...]:
    """The tests that the list names; else the mirrored file or what goes through, else those that
    import the module and the folder's; and for a part of the way, those that go the whole way."""
    if module in MODULES:
        return MODULES[module]
    package = Path(module).parts[1]
    mirrored = _mirrored(module)
    named = BY_FLOW.get(module, (mirrored,) if mirrored else ())
    own = named or (*_importing(module, package), _folder(module))
    return tuple(dict.fromkeys([*own, *THROUGH.get(package, ())]))


def _has_code(file: Path) -> bool:
    return file.name != "__init__.py" or "def " in file.read_text(encoding="utf-8")


def _mirrored(module: str) -> str | None:
    inside = Path(module).relative_to("nudger")
    mirrored = Path("tests") / inside.with_name(f"test_{inside.name}")
    return str(mirrored) if (ROOT / mirrored).exists() else None


def _importing(module: str, package: str) -> list[str]:
    name = ".".join(Path(module).with_suffix("").parts)
    found = [test for test, imported in _imports().items() if name in imported]
    return [one for one in found if one.startswith(f"tests/{package}/")] or found


def _folder(module: str) -> str:
    inside = Path("tests") / Path(module).relative_to("nudger").parent
    return str(next(one for one in [inside, *inside.parents] if (ROOT / one).exists()))


@cache
def _imports() -> dict[str, frozenset[str]]:
    """Each file of tests, and the names that it imports."""
    files = [str(one.relative_to(ROOT)) for one in sorted((ROOT / "tests").rglob("test_*.py"))]
    own = [one for one in files if not one.startswith(ABOUT_ALL)]
    return {one: frozenset(_names(ast.parse((ROOT / one).read_text("utf-8")))) for one in own}


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{one.name}" for one in node.names))


def all_tests(of: Sequence[str]) -> tuple[str, ...]:
    """The nearest tests of several modules, each once."""
    return tuple(sorted({test for module in of for test in nearest(module)}))
