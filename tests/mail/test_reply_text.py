"""Where the words of a reply begin and end: a table for each kind of thing that stands beside them.

In the texts {W} is the line before a quote, {Q} our question quoted with marks, {U} without.
"""

from __future__ import annotations

import re
import textwrap

import pytest

from nudger.mail.reply_text import (
    LONGEST_LINE,
    LONGEST_READ,
    MOST_LINES,
    Writer,
    folded,
    own_words,
    reply_text,
    stands_apart,
    text_words,
)
from tests.mail.samples import own_lines, page, plain

A = "Dana signs the order by Friday"
WHO = "Nudger <nudger+r-0123456789abcdef@ourco.example>"
WROTE = f"On Wed, Nov 25, 2026 at 8:02 AM {WHO} wrote:"
QUESTION = plain("question.en").strip()
BODY = re.search(r"<body[^>]*>(.*)</body>", page("question.en"), re.DOTALL)[1]
ANA = Writer(("Ana Weber",), own_lines("question.en"))


def marked(after=lambda _line: ""):
    """Our question behind quote marks; `after` gives what is typed below a line."""
    lines = []
    for line in QUESTION.split("\n"):
        typed = after(line)
        lines += [f"> {line}", *([f"> {typed}"] if typed else [])]
    return "\n".join(lines)


def words(text):
    filled = text.replace("{W}", WROTE).replace("{Q}", marked()).replace("{U}", QUESTION)
    return reply_text(filled, None, ANA)


@pytest.mark.parametrize(
    "signature",
    [
        "Mit freundlichen Grüßen / Best regards\n\nAna Weber\nKey Account Managerin\n\nOurCo GmbH\n"
        "Hauptstraße 12\n80331 München\nTel. +49 89 1234567\nwww.ourco.example\nHRB 12345 München",
        "Senior Account Executive | OurCo Inc.\n+1 (215) 555-0136",
        "Ana Weber | Sales | OurCo | 0155 1234567",
        "Weber, Ana (Sales)",
        "ANA WEBER\nBruxelles",
        "Liebe Grüße aus Wien\nAna",
        "Merci et bonne journée,\nAna",
        "Thx, Ana",
        "AW",
        "-- Ana",
        "- Anne",
        "- A. Weber",
        "Book a meeting with me: https://calendly.example/ana",
        "Get BlueMail for Android",
        "Obtenir Outlook pour iOS<https://aka.ms/o0ukef>",
        "-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.",
        "This e-mail may contain confidential information.\nIf you are not the recipient, delete it.",
        "<https://www.avast.com/sig>\nVirus-free.www.avast.com\n<https://www.avast.com/sig>",
        "Karla Stein\nDesign\nOffice\nTel: +4955512345678\nFax: +4955512345679\n"
        "karla@studio.example\nLindenweg 2, 04155 Leipzig\nwww.studio.example",
        "*Karla Stein* | *Eigenaar*\n*Bel mij +31 6 55 55 01 22* <+31655550122>\n\n[image: logo]"
        "\n\nDorpslaan 2, 4694 EG Plaats\n\n*KVK      50000000*\n*IBAN    NL93 BANK 0000 1111*",
        "[cid:image001.png@01DC5E1A.2B3C4D50]\n\n+49 89 1234567",
        f"- Ana Weber\n\n\n{'_' * 47}\nreps mailing list\nreps@lists.example\n"
        "https://lists.example/reps",
        "\u1427",
        "Sales mailing list -- sales@lists.ourco.example",
        "Calle de la Paz 12, 28001 Madrid",
        f"{'-' * 16}\n\nOURCO_LOGO\n\nKarla Stein\n\nStudio de Leeds\n\nt. +49 555 1234567\n\nskype: "
        "karla1\n\nf. +49 555 1234568\n\nhttps://studio.example/\n\nhttps://www.studio.example/in/k",
    ],
)
def test_signatures_go_whole(signature):
    assert words(f"{A}\n4\n\n{signature}\n\n{{W}}\n{{Q}}") == f"{A}\n4"
    assert words(f"- {A}\n- 4\n\n{signature}\n\n{{W}}\n{{Q}}") == f"- {A}\n- 4"


@pytest.mark.parametrize(
    "answer",
    [
        f"{A}\n\nProposal meeting",
        f"{A}\n\nAll decision makers met",
        f"{A}\n\nLegal Review",
        f"{A}\nThanks\nNext: 4",
        f"Thanks!\n{A}\n4",
        "Dana calls us on +49 89 1234567 by Friday",
        "not me, ask tom@ourco.example",
        "Dana agrees\nFallback: intro to the sales manager",
        "Geschäftsführerin Dana unterschreibt bis Freitag",
        "the request originated from outside their company, Dana fixes it",
        "Dana agrees to bring the CFO to a 30-minute review next week.",
        "By 4 Dec Dana has sent in writing:\nthe signed order",
        "Dana wrote on 3 Dec: she signs on Monday",
        "On 3 Dec Dana signs the NDA",
        "Dana wrote:\nwe sign on Monday",
        f"{A}\n- Private",
        f"{A}\n- Decision",
        f"{A}\n- Demo",
        f"- {A}\n- Legal Review",
        f"{A}\n4\n-- Private",
        f"{A}\n\nSend the offer to dana@acme.example",
        f"{A}\n\nHer new mail is dana@acme.example",
        f"{A}\n\nDraft is at https://docs.example/x",
        f"{A}\n\nWe meet at Main Street 4, Leeds",
        f"{A}\n\nJoe can be called on +49 89 1234567",
        f"Dana signs\n{'-' * 20}\nJoe pays\nby Friday",
        "Ana Weber",
    ],
)
def test_answers_that_look_like_something_else_stay(answer):
    assert words(f"{answer}\n\n{{W}}\n{{Q}}") == answer


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside of the organization. Do not\nclick links or "
        "open attachments unless you recognize the sender and know\nthe content is safe.\n",
        "CAUTION: External email. Do not click on links.",
        "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from "
        "outside your organization.\nReport Suspicious\nZjQcmQRYFpfptBannerEnd",
        "[EXTERNAL]",
        "*EXTERNAL SENDER*\n",
        "You don't often get email from ana@ourco.example. Learn why this is important"
        "<https://aka.ms/LearnAboutSenderIdentification>\n",
        "ACHTUNG: Diese E-Mail kommt von außerhalb der Organisation.\nKlicken Sie nicht auf Links.",
        "[EXTERNE] Ce message provient de l'extérieur.\n---------------------",
        "LET OP: Deze e-mail is afkomstig van buiten de organisatie.\n",
        "ATENÇÃO: Este e-mail veio de fora da organização. Não clique em links.",
        "*REMITENTE EXTERNO* Tenga cuidado con los enlaces.",
        "⚠️ MITTENTE ESTERNO – prestare attenzione a link e allegati",
        "This email and any attachments are confidential and intended for the addressee.\n",
    ],
)
def test_banners_above_an_answer_are_no_part_of_it(banner):
    assert words(f"{banner}\n{A}\n4\n\n{{W}}\n{{Q}}") == f"{A}\n4"
    assert words(f"{banner}\n\n{{W}}\n{{Q}}") == ""


def test_the_tag_of_a_gateway_before_an_answer_is_taken_off():
    assert words(f"[EXTERNAL] {A}\n\n{{W}}\n{{Q}}") == A


INTRODUCTIONS = (
    WROTE,
    f"Am 25.11.2026 um 08:02 schrieb {WHO}:",
    f"Le mer. 25 nov. 2026 à 08:02, {WHO} a écrit :",
    f"Il giorno mer 25 nov 2026 alle ore 08:02\n{WHO} ha\nscritto:",
    "Op wo 25 nov 2026 om 08:02 schreef Nudger <\nnudger+r-0123@ourco.example>:",
    "El mié, 25 nov 2026 a las 8:02, Nudger (<\nnudger+r-0123@ourco.example>) escribió:",
    f"On 25/11/2026 08:02, {WHO} wrote",
    "On Wed, Nov 25, 2026 at 8:02 AM Nudger <mailto:\nnudger+r-0123@ourco.example> wrote:",
    "Op 25-11-2026 om 08:02 schreef Nudger\n<nudger+r-0123@ourco.example>",
    f"W dniu 25.11.2026 o 08:02, {WHO} pisze:",
)
WITHOUT_OPENER = (
    f"{WHO} schrieb am Mi., 25. Nov. 2026, 08:02:",
    f"{WHO} escreveu em qua., 25/11/2026 às\n08:02:",
    f"2026/11/25 {WHO}",
    f"2026-11-25 8:02 GMT+01:00 {WHO}:",
    "Nudger/Sales/OurCo wrote on 25.11.2026 08:02:11:",
    "Nudger ---25.11.2026 08:02:11---ACME: pilot review",
    f"ср, 25 нояб. 2026 г. в 08:02, {WHO}:",
)


@pytest.mark.parametrize("introduction", [*INTRODUCTIONS, *WITHOUT_OPENER])
def test_no_introduction_of_a_quote_takes_an_answer_with_it(introduction):
    assert words(f"{A}\n4\n{introduction}\n{{Q}}") == f"{A}\n4"
    assert words(f"{A}\n4\n\n{introduction}\n\n{{U}}") == f"{A}\n4"
    assert words(f"{A}\n4\nSent from my iPhone\n{introduction}\n{{Q}}") == f"{A}\n4"


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_what_stands_before_an_introduction_on_its_line_is_the_answer(introduction):
    assert words(f"{A} {introduction}\n{{Q}}") == A
    assert words(f"{A}\n4 {introduction}\n{{Q}}") == f"{A}\n4"
    assert words(f"{A} --- {introduction}\n{{Q}}") == A


@pytest.mark.parametrize(
    "block",
    [
        "Date: Wed, 25 Nov 2026\nFrom: Nudger\nTo: Ana\nSubject: ACME",
        f"From: {WHO} Sent: Wednesday To: Ana Subject: ACME",
        "From:        Nudger/OurCo\nTo:        Ana/OurCo@OURCO\nDate:        25.11.2026 08:02",
        "Gesendet: Mittwoch\nVon: Nudger\nAn: Ana\nBetreff: ACME",
        "-----Oprindelig besked-----\nFra: Nudger\nSendt: 25. november\nEmne: ACME",
        f"Message du 25/11/26 08:02\nDe : {WHO}\nA : ana\nObjet : ACME",
        'Message du : 25/11/2026 08:02\nDe : "Nudger"\nA : ana\nSujet : ACME',
    ],
)
def test_blocks_of_header_lines_in_any_order_begin_a_quote(block):
    assert words(f"{A}\n\n{block}\n\n{{U}}") == A


def folded_at_60(text):
    return "\n".join(textwrap.fill(line, 60) if line else "" for line in text.split("\n"))


@pytest.mark.parametrize(
    "above",
    [
        "{U}",
        "{W}\n\n{U}",
        f"From: {WHO}\nSent: Wednesday\nTo: Ana\nSubject: ACME\n\n{{U}}\n\n--------",
        folded_at_60(QUESTION),
        "{W}\n\n"
        + QUESTION.replace("(dana@acme.example", "(dana@acme.example <dana@acme.example>"),
        QUESTION.replace("dana@acme.example", "dana@acme.example<mailto:dana@acme.example>"),
        QUESTION.replace("\n\n", "\n"),
    ],
)
def test_an_answer_below_our_unmarked_mail_is_found(above):
    assert words(f"{above}\n\n{A}\n4\n\nBest\nAna") == f"{A}\n4"


def test_an_answer_typed_into_the_quote_is_found():
    def typed(line):
        return A if line.startswith("By the end") else "4" if line.startswith("And the") else ""

    assert words(f"{{W}}\n{marked(typed)}").split() == f"{A}\n4".split()
    assert words(f"See my answers below in red\n\nAna\n\n{{W}}\n{marked(typed)}").split() == (
        f"{A}\n4".split()
    )
    behind = [f"{line} {typed(line)}" for line in QUESTION.split("\n")]
    assert words("\n".join(behind)).split() == f"{A}\n4".split()


@pytest.mark.parametrize(
    "text",
    ["{W}\n{Q}", "{W}\n\n{U}", "{U}", folded_at_60(QUESTION), "Sent from my iPhone\n\n{W}\n{Q}",
     f"From: {WHO}\nSent: x\nTo: y\nSubject: z\n\n{{U}}"],
)  # fmt: skip
def test_of_our_own_mail_nothing_is_left(text):
    assert words(text) == ""


@pytest.mark.parametrize(
    "shown",
    [
        f"<div>{A}</div><hr><b>From:</b> Nudger &lt;n@x.example&gt; <b>Date:</b> Wed <b>To:</b> Ana "
        f"<b>Subject:</b> ACME<br>{BODY}",
        f"<div>{A}</div><hr><div><b>From:</b> N<br><b>Date:</b> W<br><b>Subject:</b> A</div>{BODY}",
        f"<p>{A}</p><table><tr><td>Regional Sales Manager</td></tr><tr><td>OurCo Inc., 12 Market St"
        "</td></tr><tr><td>M 267-555-0177 | ourco.example</td></tr></table><div style='border:none;"
        f"border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Nudger</p></div>{BODY}",
        f"{A}<br><div><table><tr><td>Ana Weber</td></tr><tr><td>Lead</td></tr></table></div>"
        f"<blockquote type='cite'>{BODY}</blockquote>",
        f"<blockquote type='cite'>{BODY.replace('to do?</div>', f'to do?</div><p>{A}</p>')}"
        "</blockquote>",
        f"<div>{A.replace(' ', '&nbsp;').replace('ord', 'o&shy;r&#8203;d&zwnj;')}</div>"
        "<div style='display: none'>hidden</div>",
        f"<p class='MsoNormal'><o:p>{A}</o:p></p><p><o:p>&nbsp;</o:p></p>",
    ],
)
def test_pages(shown):
    assert reply_text(None, f"<html><body>{shown}</body></html>", ANA) == A


@pytest.mark.parametrize("declaration", ["", "\n", "<?xml version='1.0' encoding='UTF-8'?>\n"])
def test_a_page_may_begin_with_its_encoding(declaration):
    shown = f"<html><body><p>{A}</p><blockquote type='cite'>{BODY}</blockquote></body></html>"
    assert reply_text(None, declaration + shown, ANA) == A


def test_what_a_page_quotes_was_not_written_over():
    introduction = WROTE.replace("<", "&lt;").replace(">", "&gt;")
    over = f"<p>{introduction}</p><p>{A}</p>"
    assert own_words(WROTE + f"\n\n{A}", over, ANA) == own_words(None, over, ANA)
    assert own_words(None, over, ANA).text == A
    quoted = f"<p>{introduction}</p><blockquote>{A}</blockquote>"
    assert own_words(WROTE + f"\n\n{A}", quoted, ANA).text == ""


def test_a_page_without_a_mark_is_parted_by_its_introduction():
    wrote = WROTE.replace("<", "&lt;")
    shown = f"<div>{A}</div><div>4</div><div>{wrote}</div>{BODY}"
    assert reply_text(None, shown, ANA) == f"{A}\n4"


def test_list_footers_and_what_is_left_of_rules():
    footer = (
        "_" * 40 + "\nSales mailing list\nSales@lists.ourco.example\nhttps://lists.ourco.example/x"
    )
    assert words(f"{A}\n\n{footer}\n") == A
    assert words(f"{A}\n\n{'_' * 32}\n") == A
    assert words(f"{A}\n\n[...]\n> quoted\n4") == f"{A}\n\n4"


@pytest.mark.parametrize(
    ("plain", "page", "kept"),
    [
        (A, None, A),
        (A, "", A),
        (A, " \n", A),
        (None, f"<p>{A}</p>", A),
        (" \n", f"<p>{A}</p>", A),
        (A, f"<p>{A}</p>", A),
        (f"{A}!", f"<p>{A}</p>", f"{A}!"),
        (A, f"<p>{A}</p><p>You are receiving this because you asked for it</p>", A),
        (f"{A}\nYou are receiving this because you asked for it", f"<p>{A}</p>", A),
        ("Dana signs nothing", f"<p>{A}</p>", A),
        (A, "<p> </p>", A),
        (None, None, ""),
        ("", "", ""),
    ],
)
def test_of_two_parts_the_one_that_carries_less_along_or_what_the_writer_saw(plain, page, kept):
    assert reply_text(plain, page, ANA) == kept


def below_the_objective(line):
    return A if line.startswith("By the end") else ""


@pytest.mark.parametrize(
    ("text", "kept", "is_within_quote"),
    [
        (A, A, False),
        (f"{A}\n\n{WROTE}\n{marked()}", A, False),
        (f"{WROTE}\n{marked()}", "", False),
        (f"{WROTE}\n\n{A}", A, True),
        (f"{WROTE}\n\n{A}\n4\n\nBest\nAna", f"{A}\n4", True),
        (f"Hi,\n\n{WROTE}\n\nsomeone else's words", "Hi,", False),
        (f"see below\n\n{WROTE}\n\n{A}", A, True),
        (f"From: {WHO}\nSent: Wednesday\nTo: Ana\nSubject: ACME\n\n{A}", A, True),
        (f"-----Original Message-----\nFrom: {WHO}\nSubject: ACME\n\n{A}", "", False),
        (
            f"{WROTE}\n\nBy the end of this call, what will acme.example have agreed to do?",
            "",
            False,
        ),
        (f"{WROTE}\n> someone else's words", "", False),
        (f"{WROTE}\n{marked(below_the_objective)}", A, True),
        (f"see below\n\n{WROTE}\n{marked(below_the_objective)}", A, True),
        (f"see below\n\n{WROTE}\n{marked()}", "see below", False),
        (f"Hi,\nsee below\nBest\nAna\n\n{WROTE}\n{marked(below_the_objective)}", A, True),
        (f"{A}\nsee below\n\n{WROTE}\n{marked()}", A, False),
        (f"> {A}\n{marked()}", A, True),
        (f"> {A}\n>\n> 4\n{marked()}", f"{A}\n\n4", True),
        (f"{marked()}\n>\n> {A}\n>\n> Best\n> Ana", A, True),
        (f"{marked()}\n> {A}\n> -- \n> Ana Weber\n> Sales", A, True),
        ("> someone else's words\n> and more of them", "", False),
        (
            f"> CAUTION: External email. Do not click on links.\n{marked(below_the_objective)}",
            A,
            True,
        ),
    ],
)
def test_words_within_the_quote_are_found_where_nothing_stands_apart(text, kept, is_within_quote):
    found = own_words(text, None, ANA)
    assert (found.text, found.is_within_quote) == (kept, is_within_quote)


def test_where_our_mail_is_not_known_nothing_within_a_quote_is_told_from_it():
    assert own_words(f"{WROTE}\n{marked(below_the_objective)}", None).text == ""
    assert own_words(f"{WROTE}\n\n{A}", None).text == ""
    assert text_words(f"{A}\n\nNudger wrote:\n\nWhat will they have agreed to do?") == A


def test_of_a_page_too():
    inside = BODY.replace("to do?</div>", f"to do?</div><p>{A}</p>")
    found = own_words(None, f"<blockquote type='cite'>{inside}</blockquote>", ANA)
    assert (found.text, found.is_within_quote) == (A, True)


TWO_OF_OURS = "\n".join([one for one in QUESTION.split("\n") if len(one) > 60][1:3])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{A}\n\n{QUESTION.partition(chr(10))[2]}", A),
        (f"{A}\n\n{TWO_OF_OURS}", A),
        (f"{A}\n\nACME: pilot review", f"{A}\n\nACME: pilot review"),
    ],
)
def test_our_unmarked_lines_go_where_there_is_more_than_one(text, kept):
    assert words(text) == kept


@pytest.mark.parametrize(
    ("gap", "read"), [(" " * 4, " " * 4), (" " * 9, " " * 4), (" \t" * 4, "\t"), ("\t ", "\t ")]
)
def test_a_gap_is_no_wider_than_a_columns(gap, read):
    assert words(f"Dana signs{gap}4") == f"Dana signs{read}4"


@pytest.mark.parametrize("empty", range(5))
def test_below_what_is_quoted_line_by_line_the_words_are_the_writers_again(empty):
    above = "The review is on.\nDana has the offer.\nJoe has seen it.\nMia comes as well."
    text = f"{above}\n{WROTE}\n" + "\n" * empty + f"> old words\n{A}"
    below = "\n" * empty + f"\n{A}" if empty < 4 else ""
    assert words(text) == f"{above}{below}"


TORN = "pilot in leeds and in york"
LONG_AND_TORN = f"> Thanks for last week and for all that you have told us about the\n{TORN}"


def torn(text):
    """Quoted by a program that breaks long lines and marks only what stands before the break."""
    pieces = (textwrap.wrap(line, 66) or [""] for line in text.split("\n"))
    return "\n".join("\n".join(["> " + first, *rest]) for first, *rest in pieces)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{A}\n-- \nAna Weber\n> old\n4", f"{A}\n4"),
        (f"{A}\n-- \nAna {WROTE}\n> old\n4", f"{A}\n4"),
        (f"{A}\n-- \nSales\n\n{WROTE}\n> old\n4", f"{A}\n4"),
        (f"{A}\nFrom: {WHO}\nSent: today\nTo: Ana\nSubject: x\n> old\n4", A),
        (f"{A}\n\nNudger wrote:\n\n{{U}}", A),
        (f"{A}\n\n{LONG_AND_TORN}\n> and Joe reads", A),
        (f"{A}\n\n{LONG_AND_TORN}", A),
        (f"{A}\n\n> See it (https://acme.example/a\n_key=7)\n> x", A),
        ("> See it (https://acme.example/a)\n(yes)\n> x", "(yes)"),
        (
            f"{A}\n\nSend it to joe@acme.example\n\nTel. +49 89 1234567",
            f"{A}\n\nSend it to joe@acme.example",
        ),
        (
            f"{A}\nSend it to joe@acme.example\nTel. +49 89 1234567\nwww.ourco.example",
            f"{A}\nSend it to joe@acme.example",
        ),
        (
            f"> Joe will read all that you have sent to us and to Leeds by Friday.\n{TORN}\n> x",
            TORN,
        ),
        (f"> Joe will read all of it\n{TORN}\n> and so will Mia", TORN),
        (f"{LONG_AND_TORN}\nwho signs", f"{TORN}\nwho signs"),
        (f"{LONG_AND_TORN.replace(TORN, 'Dana signs')}\n> x", "Dana signs"),
        (f"{A}\n\n{{W}}\n{torn(QUESTION)}", A),
        (f"{{W}}\n{{Q}}\n{TORN}\n> x", TORN),
        (f"{A}\n▲ Please reply above this line ▲\n> old\n4", A),
        ("Dana signs\vthe order", "Dana signs\nthe order"),
        ("> Dana signs\vthe order\n4", "4"),
        (f"\n\n   {A}\n----\n", A),
    ],
)
def test_what_lies_between_words_and_quote(text, kept):
    assert words(text) == kept


@pytest.mark.parametrize(
    ("plain", "page", "stands"),
    [
        (None, None, False),
        ("", "", False),
        (f"{WROTE}\n{marked()}", None, False),
        ("Ana Weber", None, False),
        ("Hi Nudger,\n\nBest regards\nAna", None, False),
        ("12 - 4", None, False),
        (f"{A}\n{WROTE}\n{marked()}", None, True),
        (None, f"<p>{A}</p>", True),
        ("Ana Weber", f"<p>{A}</p>", True),
        ("Joe Park", None, True),
    ],
)
def test_whether_words_stand_apart_from_the_quote(plain, page, stands):
    assert stands_apart(plain, page, ANA) is stands


def test_so_much_is_read_and_no_more():
    assert text_words("\n".join(f"a{n} b" for n in range(MOST_LINES + 9))).count("\n") == 2_999
    assert len(text_words("x y " * LONGEST_LINE)) == 1_999
    lines = text_words("\n".join(["x" * 1_999] * 200)).split("\n")
    assert (LONGEST_READ, len(lines), len(lines[-1])) == (200_000, 100, 1_999)


def test_what_we_asked_is_in_no_trace():
    assert "acme" in " ".join(ANA.ours)
    assert "acme" not in repr(ANA)


MARK = "▲ Please reply above this line ▲"
PREVIEW = "By the end of this call, what will Dana have agreed to do?"
OURS = tuple(map(folded, (PREVIEW, MARK, "ACME: pilot review")))


@pytest.mark.parametrize(
    "quoted",
    [
        f"{PREVIEW}\n\n{MARK}\n\nACME: pilot review",
        f"By the end of this call, what will Dana\nhave agreed to do?\n{MARK}\nACME",
        f"By the end of this call, what will Dana have agreed to do\n?\n\n{MARK}\nACME",
        f"{PREVIEW}\u034f\u200c\u00a0\u034f\u200c\u00a0\n{MARK}",
        f"{MARK}\n\nACME: pilot review\n{PREVIEW}",
    ],
)
def test_what_our_mails_begin_with_is_quoted_above_the_line_that_parts(quoted):
    assert text_words(f"She signs on Friday\n\n{quoted}", OURS) == "She signs on Friday"
    assert not stands_apart(quoted, None, Writer((), OURS))


@pytest.mark.parametrize("sign", ["👍", "✓", "2", "+1"])
def test_a_sign_below_a_line_of_ours_is_kept(sign):
    text = f"ACME: pilot review\n{PREVIEW}\n{sign}"
    assert text_words(text, OURS) == sign


KEY = "ab2345" * 5 + "ab"


@pytest.mark.parametrize(
    "key",
    [
        f"https://nudger.ourco.com/answer/{KEY}",
        f"<https://nudger.ourco.com/answer/{KEY}>",
        f"https://safe.example/?url=https://nudger.ourco.com/answer/{KEY}&x=1",
        f"https://nudger.ourco.com/me/link/{KEY}",
        f"nudger+r-{KEY}@ourco.com",
        f"mailto:nudger+s-{KEY}@ourco.com?subject=stop",
    ],
)
def test_what_opens_something_of_ours_is_in_no_answer(key):
    for text in (f"{A} {key}", f"{key} {A}", f"{A}\n{key}", f"{key}\n{A}"):
        assert KEY not in text_words(text)
        assert A in text_words(text)
