"""What the log says: our own steps, and each head of the audit trail, which the log keeps in a
second place. Libraries are heard from warnings on only, since they log whole addresses of calls,
with mailboxes, ids and tokens in them."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from nudger.admin.audit_trail import HEADS_LOG
from nudger.config import ConfigProblem, load_settings
from nudger.runtime import attempt
from nudger.store.audit import REQUEST

LogFormat = Literal["text", "json"]
AsLog = Annotated[
    LogFormat | None,
    typer.Option(
        "--log-format", help="text, or json: one object a line. [log] format unless said."
    ),
]
OURS = "nudger"


def begin_logging(*, verbose: bool, log_format: LogFormat = "text") -> None:
    """Log to standard error: warnings, and with `verbose` each of our steps."""
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMATTERS[log_format]())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger(OURS).setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger(HEADS_LOG).setLevel(logging.INFO)


def chosen_format(file: Path, given: LogFormat | None) -> LogFormat:
    """As was given, or as the settings in `file` say."""
    if given is not None:
        return given
    try:
        return load_settings(file).log.format
    except ConfigProblem:
        return "text"  # the command itself tells what is wrong


class JsonLines(logging.Formatter):
    """One JSON object a line, made of facts: moment (UTC), level, event, and what our code names of
    the event (step, ids, reason codes). What a message was filled with is left out, since it may
    name somebody; so are the words of errors."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_facts(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "at": _frames(record.exc_info[1])}
        request = line.get("request") or REQUEST.get()
        shown = {**line, "request": request}
        return json.dumps({name: value for name, value in shown.items() if value is not None})


def _facts(record: logging.LogRecord) -> Mapping[str, Any]:
    """What our code named, else the message before it was filled. Of a library only who spoke:
    its messages may come filled."""
    named: Mapping[str, Any] | None = getattr(record, "facts", None)
    if named is not None:
        return named
    is_ours = record.name.split(".")[0] == OURS
    return {"event": record.msg if is_ours and isinstance(record.msg, str) else "library"}


def _frames(error: BaseException | None) -> list[str]:
    """Where it happened, the innermost place last."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]


def _text() -> logging.Formatter:
    return logging.Formatter("%(asctime)s %(levelname)s %(message)s")


_FORMATTERS: Mapping[LogFormat, Callable[[], logging.Formatter]] = {
    "text": _text,
    "json": JsonLines,
}


@contextmanager
def failures_unlogged() -> Iterator[None]:
    """While a command does the work that it will itself tell the failures of: each is told once."""
    log = logging.getLogger(attempt.__name__)
    log.addFilter(_nothing)
    try:
        yield
    finally:
        log.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
