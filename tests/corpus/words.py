"""Labelled replies by an author who has not seen the reader: how each is asked, and how it is held
against what was read.

A line of a file has `kind`, `language`, `rep`, `milestones` ("name|alias|alias"), `meetings`
of a digest (`label`, `title`, `customer`, `guests`) or null, `earlier` (the answer before a
correction), `text` and `expected`: of a digest, by label, what is said about each call. A mail has
in the place of the text `rep_email`, `plain` and `html`, or its whole source as `raw`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting, Command, Disposition, Inbound, Reply

NAMES = {"not_me": "hand_over", "resume": "start"}
"""What authors call our commands."""
OPEN = frozenset(
    {
        "Dana opens the budget\nsec review",
        "The next milestone was wrong, it is decision",
        # A full stop is left out where the milestone follows it.
        "Hey Nudger - Bill agrees to a yes/no date for the contract, 15 Jan latest. Next is contract.",
        # "Later" is obeyed, though "no idea yet" stands beside it.
        "will do later, no idea yet",
        # What a label calls the next milestone is one, though the list has none of that name.
        "Gus walks us through the line with his maintenance lead\nnext: safety briefing",
        # A milestone in the middle, by a word that the list does not have.
        "Bonjour, désolée pour le retard ! La directrice donne son accord pour 2 classes pilotes, ensuite la négo. Bonne journée",
        # Neither a lead nor a commitment: taken for an answer, and kept from the guests.
        "hmm depends on what mood he's in haha",
        # Guests are let read by words of ours alone; this one is taken for an answer, and kept.
        "dat mag de klant gewoon zien hoor, maak maar openbaar",
        # "Discovery" is a first call as well as a needs analysis.
        "private\nNadia tells us what the competitor charges\nnext discovery",
        # A customer's line that begins with a name like a word of ours; kept from the guests.
        "Van Dijk: Marieke geeft akkoord op de proefplaatsing, volgende stap proposal\nQuinta: Inês stuurt de aantallen, privé\nMoroni overslaan\n\ngr Bram",
        # Remarks and asides that the model of clauses does not know for such; kept from the guests.
        "Hoi, snel even vanuit de trein.\nVan Dam: Kees belt de gemeente\nVeldkamp: Niels deelt zijn planning. Hij roddelt graag, pas op.\nGroet, Bram\nVerstuurd vanaf mijn iPhone",
        # An answer moved to another call afterwards: held back.
        "A: Joan gives us the forecast\nB: Sue sends the tariff sheet\nOops, that last one was for C, not B",
        # A question about the call, taken for an answer, and kept.
        "Who is on this invite from their side? I only see Rob",
        # A letter that is a name's beginning, a milestone put right in words of its own, a date's words.
        "A rosa prende 6 cartoni per giugno, listino\nB il sommelier viene da noi il 7, visita\n\nInviato da iPhone",
        "Wendy sends the network plan by Monday. Next: POC. Sorry, scratch the milestone, workshop first.",
        "pausa hasta el 2 de septiembre, me voy de vacaciones",
        # A remark that stays with its commitment; kept from the guests.
        "Mme Riquet nous envoie cinq échantillons de son contrôle qualité avant le 15. Franchement leur budget est ridicule et le concurrent suisse est mieux placé que nous.",
    }
)
"""The texts that are read otherwise than their author meant, and known to be."""
_LEAD = re.compile(
    r"(?:for|until|at|in|für|bis|um|pour|jusqu'(?:à|au)|à|dans|hasta|por|a las|en|per|fino a|alle|tra|voor|tot|om|over|até|às|em) "
)


def cases(name: str = "words.jsonl") -> Iterator[dict[str, Any]]:
    with (Path(__file__).parent / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def asked_for(case: dict[str, Any]) -> Asked:
    """What the mail asked that a case answers."""
    case = {"meetings": None, "earlier": None, **case}
    listed = []
    for line in case["milestones"] or ():
        name, *aliases = line.split("|")
        listed.append(Milestone(name, "", tuple(aliases)))
    told = case["earlier"]
    earlier = Answer(**told) if told and not case["meetings"] else None
    meetings = tuple(
        AskedMeeting(number, one["title"], (one["customer"],), guests=tuple(one["guests"]))
        for number, one in enumerate(case["meetings"] or (), start=1)
    )
    one_call = (AskedMeeting(1, "ACME: pilot review", ("acme.example",), last=earlier),)
    return Asked(tuple(listed), meetings or one_call, rep_name=case["rep"])


def inbound(case: dict[str, Any]) -> Inbound:
    """The mail of a case, as it lies in a mailbox."""
    if "raw" in case:
        return parse_mail(case["raw"].encode())
    mail = EmailMessage()
    mail["From"] = f"{case['rep']} <{case['rep_email']}>"
    mail["To"] = "Nudger <nudger@firm.example>"
    mail["Subject"] = "Re: What will Acme commit to? (Pilot review, Thu 10:00)"
    mail["Message-ID"] = "<reply@firm.example>"
    if case["plain"] is not None:
        mail.set_content(case["plain"])
    if case["html"] is not None:
        (mail.add_alternative if case["plain"] else mail.set_content)(case["html"], subtype="html")
    return parse_mail(mail.as_bytes())


def without_full_stop(text: str) -> str:
    return text.rstrip(". ")


def is_right(case: dict[str, Any], reply: Reply, bare: Callable[[str], str] = str) -> bool:
    """Whether it was read as labelled; `bare` is what counts of the rep's own sentences."""
    expected = case["expected"]
    if not case.get("meetings"):
        if expected["disposition"] == "no_answer":
            return reply.disposition in (Disposition.UNCLEAR, Disposition.EMPTY)
        if expected["command"] == "same" and reply.reason == "suggestion":
            return reply.answers == {1: Answer(**case["earlier"])}
        return _same(expected, _read(reply, 1, reply.disposition), bare)
    labels = [one["label"] for one in case["meetings"]]
    read = {label: _read(reply, at, None) for at, label in enumerate(labels, start=1)}
    return all(
        _same(expected[label], read[label], bare)
        if label in expected
        else read[label]["disposition"] in (None, "unclear")
        for label in labels
    )


def _read(reply: Reply, number: int, whole: Disposition | None) -> dict[str, Any]:
    command = reply.commands.get(number) or reply.command
    answer = reply.answers.get(number, Answer())
    said = whole.value if whole else _disposition(reply, number, command)
    if command is not None:
        answer = Answer(private=command.name == "private")
    return {
        "disposition": said,
        "commitment_objective": answer.commitment_objective,
        "next_milestone": answer.next_milestone,
        "fallback": answer.fallback,
        "private": answer.private,
        "command": command.name.value if command else None,
        "argument": command.argument if command else None,
    }


def _disposition(reply: Reply, number: int, command: Command | None) -> str | None:
    if command is not None:
        return "command"
    if number in reply.answers:
        return "answer"
    return "unclear" if number in reply.unread else None


def _same(expected: dict[str, Any], read: dict[str, Any], own: Callable[[str], str]) -> bool:
    if expected["disposition"] == "unclear" and read["disposition"] is None:
        return True
    if expected["command"] in NAMES:
        expected = {**expected, "command": NAMES[expected["command"]]}
    return all(
        _bare(name, expected[name], own) == _bare(name, read[name], own) for name in expected
    )


def _bare(name: str, value: Any, own: Callable[[str], str]) -> Any:
    if not isinstance(value, str):
        return value
    bare = " ".join(value.split())
    if name == "argument":
        return _LEAD.sub("", bare.lower(), count=1)
    return own(bare) if name in ("commitment_objective", "fallback") else bare
