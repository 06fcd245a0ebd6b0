"""Reading replies beside the libraries that do a part of it, on the corpus of the tests."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import quotequail
from mailparser_reply import EmailReplyParser

from nudger.domain.commitment import Milestone
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.reply import read_reply, read_text
from nudger.mail.reply_text import folded, text_words
from nudger.runtime.mail_reader import ReadingProcess

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
NAMES = ("Ana Weber",)
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs", "ja", "ko", "zh"]


def measure() -> dict[str, Any]:
    """JSON: exact texts and leaks of each reader, messages/s, and how reading grows with the text.
    All but the reading process is measured in time on a processor, which other programs leave
    alone."""
    clients, shapes = _load("clients"), _load("shapes")
    cases = [
        (client.write(shape.text)[0] or "", shape.kept or shape.text)
        for client in clients.CLIENTS
        for shape in shapes.SHAPES
        if shape.text
    ]
    ours = tuple(folded(line) for line in clients.LINES if line.strip())
    readers: dict[str, Callable[[str], str]] = {
        "nudger": lambda text: text_words(text, ours, NAMES),
        "nudger without knowing its question": lambda text: text_words(text, names=NAMES),
        "mail-parser-reply": lambda text: str(
            EmailReplyParser(languages=LANGUAGES).parse_reply(text=text) or ""
        ),
        "quotequail": _quotequail,
    }
    return {
        "messages": len(cases),
        "readers": {name: _figures(read, cases) for name, read in readers.items()},
        "whole_mails_per_second": _whole_mails(clients, shapes),
        "in_the_reading_process": _in_the_reading_process(clients, shapes),
        "growth": _growth(),
    }


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"corpus_{name}", CORPUS / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _quotequail(text: str) -> str:
    return "\n".join(part for shown, part in quotequail.quote(text) if shown)


def _figures(read: Callable[[str], str], cases: list[tuple[str, str]]) -> dict[str, Any]:
    began = time.process_time()
    results = [read(text) for text, _ in cases]
    seconds = time.process_time() - began
    pairs = list(zip(results, (wanted for _, wanted in cases), strict=True))
    exact = sum(result.strip() == wanted.strip() for result, wanted in pairs)
    leaks = sum("Its number is enough" in result or "Nudger" in result for result, wanted in pairs
                if "Nudger" not in wanted)  # fmt: skip
    return {
        "exact_percent": round(100 * exact / len(cases), 1),
        "leaks": leaks,
        "messages_per_second": round(len(cases) / seconds),
    }


def _whole_mails(clients: ModuleType, shapes: ModuleType) -> int:
    """MIME to answer."""
    asked = Asked((Milestone("First call"), Milestone("Decision")), (AskedMeeting(1, "ACME"),))
    raws = [clients.source(c, shape.text) for c in clients.CLIENTS for shape in shapes.SHAPES[:20]]
    began = time.process_time()
    for raw in raws:
        read_reply(parse_mail(raw), asked)
    return round(len(raws) / (time.process_time() - began))


def _in_the_reading_process(clients: ModuleType, shapes: ModuleType) -> dict[str, float]:
    """Milliseconds from MIME to answer for ordinary mails, the way to the process and back
    included, and until the process is ready."""
    asked = Asked((Milestone("First call"), Milestone("Decision")), (AskedMeeting(1, "ACME"),))
    reader = ReadingProcess()
    began = time.perf_counter()
    reader.parse(b"From: a@b.co\r\n\r\nx")
    started = time.perf_counter() - began
    took: list[float] = []
    for client in clients.CLIENTS:
        for shape in shapes.SHAPES:
            raw = clients.source(client, shape.text)
            began = time.perf_counter()
            reader.read(reader.parse(raw), asked)
            took.append(time.perf_counter() - began)
    reader.close()
    took.sort()
    return {
        "mails": len(took),
        "start_ms": round(1000 * started),
        "median_ms": round(1000 * took[len(took) // 2], 2),
        "p99_ms": round(1000 * took[len(took) * 99 // 100], 2),
        "longest_ms": round(1000 * took[-1], 2),
    }


SIZES_MB = (0.25, 0.5, 1.0)
TRIES = 3
REPEATED = {
    "a thread": "> Dana, as agreed we send the plan by Friday and wait for your word.\n" * 14,
    "answers": "Dana signs the order by Friday, next: 2\n" * 25,
    "wishes": "(keep this private), between us, " * 30,
    "one line": "a" * 1000,
    "quote marks": "> " * 500,
    "colons": "On 1 wrote: x@y.z\n" * 50,
    "spaces": " " * 1000,
    "labels": "next: " * 160,
    "header lines": "From: a@b.co\nTo: c\n" * 50,
    "brackets": "<(" * 500,
    "dashes": "- " * 500,
}


def _growth() -> dict[str, Any]:
    """Seconds for long texts, as plain text and as a page, and the most that a text of twice the
    length takes as often: 2 is linear."""
    took = {name: [_seconds(piece, size) for size in SIZES_MB] for name, piece in REPEATED.items()}
    per_doubling = {
        name: round(max(after / before for before, after in pairwise(seconds)), 2)
        for name, seconds in took.items()
    }
    return {
        "sizes_mb": SIZES_MB,
        "seconds": {name: [round(one, 3) for one in seconds] for name, seconds in took.items()},
        "most_per_doubling": per_doubling,
        "steepest": max(per_doubling, key=lambda name: per_doubling[name]),
    }


def _seconds(piece: str, megabytes: float) -> float:
    """The least of several tries."""
    asked = Asked((Milestone("First call"),), (AskedMeeting(1, "ACME"),))
    text = piece * int(megabytes * 1_000_000 / len(piece))
    page = f"From: a@b.co\r\nContent-Type: text/html\r\n\r\n<div>{text}</div>".encode()
    tries = []
    for _ in range(TRIES):
        began = time.process_time()
        read_text(text, asked)
        read_reply(parse_mail(page), asked)
        tries.append(time.process_time() - began)
    return min(tries)
