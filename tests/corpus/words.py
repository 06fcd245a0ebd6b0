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
        "1: Ines sets a date\n\n(wrong number: that was Cobalt)",
        "Dana opens the budget\nsec review",
        "The next milestone was wrong, it is decision",
        # A full stop is left out where the milestone follows it.
        "Hey Nudger - Bill agrees to a yes/no date for the contract, 15 Jan latest. Next is contract.",
        # "Later" is obeyed, though "no idea yet" stands beside it.
        "will do later, no idea yet",
        # A milestone by its position in words of its own; the answer is held back.
        "Lena to intro us to the CISO this week\nposition 5 next\n\nSent from my Galaxy",
        # What a label calls the next milestone is one, though the list has none of that name.
        "Gus walks us through the line with his maintenance lead\nnext: safety briefing",
        # Two calls in one breath: kept with the first, and held back.
        "dunmore colm agrees to the price hold elmfield ruth renews for two years",
        # Whom to ask instead, in words that no list holds: the rep is told that it was not read.
        "Bonjour, ce n'est plus mon client, merci de demander à luc.bernard@ourco.com",
        "Would you mind asking Leah Novak on this one? leah.novak@ourco.com has taken over the account",
        # One of two calls that somebody else is to be asked about is left open.
        "B Lotte kiest een montagedatum\nvolgende 5\nA en C zijn niet van mij, vraag kim.dekker@ourco.com",
        # A milestone in the middle, by a word that the list does not have.
        "Bonjour, désolée pour le retard ! La directrice donne son accord pour 2 classes pilotes, ensuite la négo. Bonne journée",
        # Neither a lead nor a commitment: taken for an answer, and kept from the guests.
        "hmm depends on what mood he's in haha",
        # Guests are let read by words of ours alone; this one is taken for an answer, and kept.
        "dat mag de klant gewoon zien hoor, maak maar openbaar",
        # "Discovery" is a first call as well as a needs analysis.
        "private\nNadia tells us what the competitor charges\nnext discovery",
        # Letters in one breath, without a mark: kept with the first call, and held back.
        "A Steve agrees to a day before half term for the boiler check B Carla and Raj pick the two hotels they want to start with C not mine any more, ask lee.grant@ourco.com",
        # A customer's line that begins with a name like a word of ours; kept from the guests.
        "Van Dijk: Marieke geeft akkoord op de proefplaatsing, volgende stap proposal\nQuinta: Inês stuurt de aantallen, privé\nMoroni overslaan\n\ngr Bram",
        # Remarks and asides that the model of clauses does not know for such; kept from the guests.
        "Hoi, snel even vanuit de trein.\nVan Dam: Kees belt de gemeente\nVeldkamp: Niels deelt zijn planning. Hij roddelt graag, pas op.\nGroet, Bram\nVerstuurd vanaf mijn iPhone",
        "hi so for this call Marisol will tell us her budget range and the date of the steering committee thanks bye",
        "Graham commits to a decision date. He's a pain about discounts, we could go down to 11% if it comes to it.",
        "A: Aldo dice sì ai due camion. Con lui mai parlare di sconti, si scalda.\nB: non è un cliente, è il mio notaio\nC: Luca compila il questionario",
        "A: Joan agrees to list us in 40 stores. We can go to 9% if she pushes.\nB: Dr Shah lets us train his nurses (he's moody on Mondays)\nC: skip",
        # The word behind the letter stays with the answer.
        "C first: Sue agrees to 30 pallets a week.\nThen A: Joan names the category buyer.",
        # An answer moved to another call afterwards: held back.
        "A: Joan gives us the forecast\nB: Sue sends the tariff sheet\nOops, that last one was for C, not B",
        # A question about the call, taken for an answer, and kept.
        "Who is on this invite from their side? I only see Rob",
        # A milestone in words of its own; held back.
        "Hi there, Amara brings her business partner to our second talk. Milestone is the reference thing I think.",
        # A ninth author's remarks that stay with their commitment, dictation without a mark, a letter that is a
        # name's beginning, a milestone put right in words of its own, half a sentence of small talk.
        "Herr Winter schickt die Nutzerliste bis Freitag, danach Demo. Quatsch, nicht Demo, Vertrag.",
        "Scelgono due finiture su sei. Il vecchio Conti brontola sempre, ma è una brava persona. Prossimo: campionatura",
        "hola para la A el señor cruz nos va a mandar los planos de la balsa siguiente hito oferta y para la B la comunidad de regantes nos va a dar fecha para la junta siguiente hito prueba de campo gracias",
        "A rosa prende 6 cartoni per giugno, listino\nB il sommelier viene da noi il 7, visita\n\nInviato da iPhone",
        "Anouk geeft akkoord op acht weken gratis gebruik. Prijs blijft bij haar wel een heikel punt. Volgende: proefperiode",
        "hola pues mira la gente de ventura nos va a dar acceso a su sistema de rutas esta misma semana y el siguiente hito es la firma gracias",
        "Wendy sends the network plan by Monday. Next: POC. Sorry, scratch the milestone, workshop first.",
        "A: Ray approves a second session for his managers. He can be a bit moody. Next: proposal\nB: Victoria sends the order form back signed. Price went through without a word, for once. Next: contract",
        "Hoi, sorry dat ik zo laat ben, file op de A2. Daan nodigt zijn collega's van finance uit voor het vervolg. Volgende is pilot. Groetjes Fleur",
        "pausa hasta el 2 de septiembre, me voy de vacaciones",
        "hi there just driving so dictating this um clive will buy the spare set of formats with it next milestone is the purchase order",
        "A : Théo réunit ses trois DRH régionaux. Il est un peu lent à décider. Ensuite : démonstration\nB : elle nous renvoie le bon pour accord. Le prix ne lui pose aucun problème. Ensuite : signature\n\nClaire",
        "okay for A they will install two units this week next milestone trial and for B kevin is going to send us the list of vans next milestone needs analysis thank you",
        "A: Jip vraagt akkoord aan zijn directeur, voorstel. Aardige vent trouwens.\nB: de ICT-afdeling opent de poort voor ons, demo. De prijs vonden ze prima.",
        # A tenth author's remarks that stay with their commitment, and calls or fields in one breath, dictated.
        "A: Neil picks one of the two lunch dates and invites the works council\nB: Helen shares the allergy register (she is only using us to beat down the current caterer, I think)\n\nThe mails come a bit late by the way, an hour earlier would help me.",
        "Goedemorgen! Wat een weer hè.\nVoor Ronald: hij houdt een vrijdagmiddag vrij voor de fietsen op de bouwplaats.\nVoor Marja: zij levert de lijst met deelnemers aan.\nFijne dag!",
        "Mme Riquet nous envoie cinq échantillons de son contrôle qualité avant le 15. Franchement leur budget est ridicule et le concurrent suisse est mieux placé que nous.",
        "Hello, I'm running from one meeting to the next today so this is short. Ben lets our chef into the kitchen for a morning. Kitchen audit next. Ta! Stacey",
        "call a colin shows us the delivery notes since january and the milestone is the gas demand study and then call b jess agrees to take fifty kilos a week for a month",
        "A - Eddie mails over the land papers. His brother is the one who decides, sadly.\nB - Jan stakes out the wash bay with us on Wednesday, site plan after that. Could you put the customer's city in these mails?",
        "right so uh the goal is the landlord agrees to split the cost of the new ductwork with the tenant and next milestone would be the design meeting okay bye",
        "Tanya approves the 30 second script with her changes marked in red. Then booking. I could go down another 8% on the drive-time spots if she pushes.",
        "for a sean puts the display on the counter until easter next milestone vet feedback and for b babs orders two cases of the renal food",
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
