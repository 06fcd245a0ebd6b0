"""A copy of the program, where one file is changed and its tests are run in a process of their own.

The process is forked from one that has loaded every library that tests need and nothing of ours,
so that a mutant costs its tests and little more.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

COPIED = ("nudger", "tests", "templates", "data", "pyproject.toml", "benchmarks", "simulation",
          "docs")  # fmt: skip
FLAGS = ("-x", "-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "--assert=plain",
         "-W", "ignore::pytest.PytestAssertRewriteWarning", "--hypothesis-seed=0",
         "-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin",
         "-k", "not takes_time_in_step")  # fmt: skip
"""Without the tests that measure growth: they judge patterns, and take longer than all others."""
PURE = ("tests/domain/", "tests/mail/")
"""Tests that need nothing of the sandbox, whose loading takes longer than they do."""
SAID = "said.txt"
_PASSED = 0


class Bench:
    """Where mutants are tried, one after the other."""

    def __init__(self, root: Path) -> None:
        memory = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
        inside = memory if Path(memory).is_dir() else None
        self._folder = Path(tempfile.mkdtemp(prefix="mutants", dir=inside))
        for name in COPIED:
            source, target = root / name, self._folder / name
            if source.is_dir():
                skipped = shutil.ignore_patterns("__pycache__", "findings")
                shutil.copytree(source, target, ignore=skipped)
            elif source.exists():
                shutil.copy2(source, target)

    def __enter__(self) -> Self:
        os.chdir(self._folder)
        compileall.compile_dir("nudger", quiet=2)
        self._load_libraries()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.chdir("/")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _load_libraries(self) -> None:
        """What tests load, but for our own modules: those are what changes."""
        script = (
            "import sys, json, runpy; sys.argv = ['x']; import nudger.cli.demo, nudger.worker, tests.conftest, "
            "hypothesis, dkim, pytest, pytest_timeout, _hypothesis_pytestplugin; "
            "print(json.dumps([name for name in sys.modules "
            "if name.partition('.')[0] not in ('nudger', 'tests', '__main__')]))"
        )
        environment = {**os.environ, "PYTHONPATH": str(self._folder)}
        told = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        )  # fmt: skip
        for name in json.loads(told.stdout):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        for name in [name for name in sys.modules if name.partition(".")[0] == "nudger"]:
            raise RuntimeError(f"{name} was loaded, so that no change of it would count")

    def seconds_unchanged(self, tests: Sequence[str]) -> float:
        """How long the tests take that pass; raises `RuntimeError` where they do not."""
        began = time.monotonic()
        if self._run(tests, 1200) != "survived":
            said = (self._folder / SAID).read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{' '.join(tests)}: fails without any change\n{said[-2_000:]}")
        return time.monotonic() - began

    def outcome(self, module: str, source: str, tests: Sequence[str], seconds: float) -> str:
        """`killed`, `slow` (killed by the clock) or `survived`."""
        self.restore(module, source)
        return self._run(tests, seconds)

    def restore(self, module: str, source: str) -> None:
        """Put the file there, so that no compiled copy of another one counts."""
        path = self._folder / module
        path.write_text(source, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()

    def _run(self, tests: Sequence[str], seconds: float) -> str:
        child = os.fork()
        if child == 0:
            self._test(tests)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return "survived" if os.waitstatus_to_exitcode(status) == _PASSED else "killed"
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "slow"

    def _test(self, tests: Sequence[str]) -> None:
        """In the forked process; never returns."""
        status = 1
        try:
            os.setsid()
            told = os.open(self._folder / SAID, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for descriptor in (1, 2):
                os.dup2(told, descriptor)
            sys.dont_write_bytecode = True
            sys.path[:] = [
                str(self._folder),
                *[p for p in sys.path if p not in ("", str(Path.cwd()))],
            ]
            for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
                del sys.modules[name]
            os.environ["PYTHONPATH"] = str(self._folder)
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            import pytest
            from hypothesis import settings

            settings.register_profile("same", deadline=None, derandomize=True)
            settings.load_profile("same")
            pure = all(test.startswith(PURE) for test in tests)
            status = int(pytest.main([*FLAGS, *(["--noconftest"] if pure else []), *tests]))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
