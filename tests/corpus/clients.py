"""Replies as mail programs write them: how each quotes our question, and what it adds of its own.

Made from knowledge of the programs' formats; no mail was copied.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

QUESTION = """▲ Please reply above this line ▲

ACME: pilot review
Tuesday 24 November, 14:00–14:45 (CET)
With Dana Reyes (dana@acme.example)

By the end of this call, what will Dana have agreed to do?

For example: Dana agrees to bring the CFO to a 30-minute review next week.

And the next milestone? Its number is enough.
  1  First call
  2  Needs analysis
  3  Decision

Just reply. One line is a complete answer; a second line names the milestone."""
LINES = QUESTION.split("\n")
PAGE = "<div>" + "<br>".join(html.escape(line) for line in LINES) + "</div>"
WHO = "Nudger <nudger@ourco.example>"


def quoted() -> str:
    return "\n".join(f"> {line}" if line else ">" for line in LINES)


def rows(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.split("\n"))


def divs(text: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


@dataclass(frozen=True)
class Client:
    """`write` turns the rep's words into the parts of a mail: plain text and a page."""

    name: str
    write: Callable[[str], tuple[str | None, str | None]]


def gmail(wrote: str) -> Callable[[str], tuple[str, str]]:
    def write(text: str) -> tuple[str, str]:
        page = (
            f'<div dir="ltr">{rows(text)}</div><br><div class="gmail_quote gmail_quote_container">'
            f'<div dir="ltr" class="gmail_attr">{html.escape(wrote)}<br></div><blockquote '
            f'class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{PAGE}</blockquote></div>'
        )
        return f"{text}\n\n{wrote}\n\n{quoted()}\n", page

    return write


def gmail_phone(wrote: str, sent: str) -> Callable[[str], tuple[str, str]]:
    def write(text: str) -> tuple[str, str]:
        plain, page = gmail(wrote)(text)
        return plain.replace(f"{text}\n", f"{text}\n\n{sent}\n", 1), page.replace(
            "</div><br>", f"<br><br>{sent}</div><br>", 1
        )

    return write


def outlook_desktop(labels: tuple[str, str, str, str]) -> Callable[[str], tuple[str, str]]:
    who, sent, to, subject = labels

    def write(text: str) -> tuple[str, str]:
        head = (
            f"{who}: {WHO}\n{sent}: Montag, 23. November 2026 09:05\n{to}: Ana Weber "
            f"<ana@ourco.example>\n{subject}: ACME: pilot review: what will they agree to?"
        )
        paragraphs = "".join(
            f'<p class="MsoNormal">{html.escape(line) or "&nbsp;"}<o:p></o:p></p>'
            for line in text.split("\n")
        )
        page = (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal'
            '{margin:0}</style></head><body lang="DE"><div class="WordSection1">'
            f'{paragraphs}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt '
            f'0cm 0cm 0cm"><p class="MsoNormal"><b>{who}:</b> {html.escape(WHO)} <br><b>{sent}:</b> '
            f"Montag<br><b>{to}:</b> Ana<br><b>{subject}:</b> ACME<o:p></o:p></p></div></div>"
            f"{PAGE}</div></body></html>"
        )
        return f"{text}\n\n{head}\n\n{QUESTION}\n", page

    return write


def outlook_web(text: str) -> tuple[str, str]:
    head = (
        f"From: {WHO}\nSent: Monday, November 23, 2026 9:05 AM\nTo: Ana Weber <ana@ourco.example>\n"
        "Subject: ACME: pilot review"
    )
    page = (
        f'<html><body dir="ltr"><div class="elementToProof" style="font-family:Aptos">{rows(text)}'
        '</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" '
        'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>From:</b> '
        f"{html.escape(WHO)}<br><b>Sent:</b> Monday<br></font></div>{PAGE}</body></html>"
    )
    return f"{text}\n\n{'_' * 32}\n{head}\n\n{QUESTION}\n", page


def outlook_phone(text: str) -> tuple[str, str]:
    plain, page = outlook_web(text)
    signed = '<div id="ms-outlook-mobile-signature">Get <a href="x">Outlook for iOS</a></div>'
    return (
        plain.replace(f"{text}\n", f"{text}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n", 1),
        page.replace('<div id="appendonsend">', f'{signed}<div id="appendonsend">', 1),
    )


def apple(wrote: str, sent: str = "") -> Callable[[str], tuple[str, str]]:
    def write(text: str) -> tuple[str, str]:
        signature = f"\n\n{sent}" if sent else ""
        page = (
            f'<html><head></head><body dir="auto">{divs(text + signature)}<br><div><br><blockquote '
            f'type="cite"><div>{html.escape(wrote)}</div><br><div>{PAGE}</div></blockquote></div>'
            "</body></html>"
        )
        return f"{text}{signature}\n\n> {wrote}\n> \n{quoted()}\n", page

    return write


def thunderbird(text: str) -> tuple[str, str]:
    wrote = f"On 23.11.26 09:05, {WHO} wrote:"
    page = (
        f'<html><body><p>{rows(text)}</p><div class="moz-cite-prefix">On 23.11.26 09:05, Nudger '
        f'wrote:<br></div><blockquote type="cite" cite="mid:x">{PAGE}</blockquote></body></html>'
    )
    return f"{text}\n\n{wrote}\n{quoted()}\n", page


def yahoo(text: str) -> tuple[str, str]:
    wrote = f"On Monday, November 23, 2026 at 09:05:12 AM GMT+1, {WHO} wrote:"
    page = (
        f'<html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr">{rows(text)}</div></div>'
        f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{html.escape(wrote)}</div>{PAGE}</div>'
        "</body></html>"
    )
    return f" {text}\n\n    {wrote}  \n \n {QUESTION}\n", page


def proton(text: str) -> tuple[str, str]:
    wrote = f"On Monday, November 23rd, 2026 at 9:05 AM, {WHO} wrote:"
    page = (
        f'<div style="font-family:Arial">{rows(text)}</div><div class="protonmail_signature_block">'
        f'<div>Sent with Proton Mail secure email.</div></div><div class="protonmail_quote">'
        f'{html.escape(wrote)}<br><blockquote type="cite">{PAGE}</blockquote></div>'
    )
    signed = f"{text}\n\nSent with Proton Mail secure email."
    return f"{signed}\n\n{wrote}\n\n{quoted()}\n", page


def superhuman(text: str) -> tuple[str, str]:
    wrote = "On Mon, Nov 23, 2026 at 9:05 AM, Nudger < nudger@ourco.example > wrote:"
    page = (
        f'<html><body><div><div>{rows(text)}</div><div class="sh-signature"><div class="gmail_signature">'
        f'Sent via Superhuman</div></div></div><br><div class="gmail_quote">{html.escape(wrote)}'
        f'<blockquote class="gmail_quote">{PAGE}</blockquote></div></body></html>'
    )
    return f"{text}\n\nSent via Superhuman ( https://sprh.mn )\n\n{wrote}\n\n{quoted()}\n", page


def samsung(text: str) -> tuple[str, str]:
    head = f"-------- Original message --------\nFrom: {WHO}\nDate: 23/11/2026 09:05 (GMT+01:00)\nTo: ana@ourco.example\nSubject: ACME"
    page = (
        f'<html><body dir="auto"><div dir="auto">{rows(text)}</div><div id="composer_signature" '
        'dir="auto">Sent from my Galaxy</div><div><br></div><div align="left" dir="auto">'
        f"<div>-------- Original message --------</div>{rows(head.partition(chr(10))[2])}</div>{PAGE}"
        "</body></html>"
    )
    return f"{text}\n\n\n\nSent from my Galaxy\n\n\n{head}\n\n{QUESTION}\n", page


def zoho(text: str) -> tuple[str, str]:
    wrote = "---- On Mon, 23 Nov 2026 09:05:12 +0100 Nudger <nudger@ourco.example> wrote ---"
    page = (
        f'<div>{rows(text)}</div><div class="zmail_extra_hr"></div><div class="zmail_extra" '
        f'data-zbluepencil-ignore="true"><div id="Zm-_Id_-Sgn1">{html.escape(wrote)}</div><br>'
        f'<blockquote id="blockquote_zmail">{PAGE}</blockquote></div>'
    )
    return f"{text}\n\n\n{wrote}\n\n{QUESTION}\n", page


def notes(text: str) -> tuple[str, None]:
    head = (
        f"From:        {WHO}\nTo:        Ana Weber/Sales/OurCo@OurCo\nDate:        11/23/2026 09:05 AM\n"
        "Subject:        ACME: pilot review"
    )
    return f"{text}\n\n\n\n{head}\n\n\n\n{QUESTION}\n", None


def unmarked(text: str) -> tuple[str, None]:
    """A program that quotes without any mark: only our own line tells."""
    return f"{text}\n\n{QUESTION}\n", None


def below(text: str) -> tuple[str, None]:
    """The rep answers below the quote."""
    return f"On Mon, 23 Nov 2026, {WHO} wrote:\n{quoted()}\n\n{text}\n", None


ENGLISH_GMAIL = f"On Mon, Nov 23, 2026 at 9:05 AM {WHO} wrote:"
WRAPPED_GMAIL = "On Mon, Nov 23, 2026 at 9:05 AM Nudger for the sales team of ourco\n<nudger@ourco.example> wrote:"
CLIENTS = (
    Client("gmail", gmail(ENGLISH_GMAIL)),
    Client("gmail wrapped", gmail(WRAPPED_GMAIL)),
    Client("gmail de", gmail(f"Am Mo., 23. Nov. 2026 um 09:05 Uhr schrieb {WHO}:")),
    Client("gmail fr", gmail(f"Le lun. 23 nov. 2026 à 09:05, {WHO} a écrit :")),
    Client("gmail es", gmail(f"El lun, 23 nov 2026 a las 9:05, {WHO} escribió:")),
    Client("gmail pt", gmail(f"Em seg., 23 de nov. de 2026 às 09:05, {WHO} escreveu:")),
    Client("gmail it", gmail(f"Il giorno lun 23 nov 2026 alle ore 09:05 {WHO} ha scritto:")),
    Client("gmail nl", gmail(f"Op ma 23 nov 2026 om 09:05 schreef {WHO}:")),
    Client("gmail sv", gmail(f"Den mån 23 nov. 2026 kl 09:05 skrev {WHO}:")),
    Client("gmail da", gmail(f"Den man. 23. nov. 2026 kl. 09.05 skrev {WHO}:")),
    Client("gmail no", gmail(f"man. 23. nov. 2026 kl. 09:05 skrev {WHO}:")),
    Client("gmail fi", gmail(f"ma 23. marrask. 2026 klo 9.05 {WHO} kirjoitti:")),
    Client("gmail pl", gmail(f"pon., 23 lis 2026 o 09:05 {WHO} napisał(a):")),
    Client("gmail cs", gmail(f"po 23. 11. 2026 v 9:05 odesílatel {WHO} napsal:")),
    Client("gmail sk", gmail(f"po 23. 11. 2026 o 9:05 {WHO} napísal(a):")),
    Client("gmail hu", gmail(f"{WHO} ezt írta (időpont: 2026. nov. 23., H, 9:05):")),
    Client("gmail ro", gmail(f"lun., 23 nov. 2026 la 09:05, {WHO} a scris:")),
    Client("gmail tr", gmail(f"{WHO}, 23 Kas 2026 Pzt, 09:05 tarihinde şunu yazdı:")),
    Client("gmail ru", gmail(f"пн, 23 нояб. 2026 г. в 09:05, {WHO}:")),
    Client("gmail uk", gmail(f"пн, 23 лист. 2026 р. о 09:05 {WHO} пише:")),
    Client("gmail el", gmail(f"Στις Δευ 23 Νοε 2026 στις 9:05 π.μ., ο/η {WHO} έγραψε:")),
    Client("gmail ja", gmail(f"2026年11月23日(月) 9:05 {WHO}:")),
    Client("gmail zh", gmail("Nudger <nudger@ourco.example> 于2026年11月23日周一 09:05写道：")),
    Client("gmail ko", gmail("2026년 11월 23일 (월) 오전 9:05, Nudger <nudger@ourco.example>님이 작성:")),
    Client("gmail android", gmail_phone(ENGLISH_GMAIL, "Sent from my Pixel")),
    Client("outlook desktop", outlook_desktop(("From", "Sent", "To", "Subject"))),
    Client("outlook desktop de", outlook_desktop(("Von", "Gesendet", "An", "Betreff"))),
    Client("outlook desktop fr", outlook_desktop(("De", "Envoyé", "À", "Objet"))),
    Client("outlook desktop es", outlook_desktop(("De", "Enviado", "Para", "Asunto"))),
    Client("outlook desktop it", outlook_desktop(("Da", "Inviato", "A", "Oggetto"))),
    Client("outlook desktop nl", outlook_desktop(("Van", "Verzonden", "Aan", "Onderwerp"))),
    Client("outlook web", outlook_web),
    Client("outlook phone", outlook_phone),
    Client("apple mail", apple(f"On 23. Nov 2026, at 09:05, {WHO} wrote:")),
    Client("apple mail de", apple(f"Am 23.11.2026 um 09:05 schrieb {WHO}:")),
    Client("iphone", apple(f"On Nov 23, 2026, at 9:05 AM, {WHO} wrote:", "Sent from my iPhone")),
    Client("iphone de", apple(f"Am 23.11.2026 um 09:05 schrieb {WHO}:", "Von meinem iPhone gesendet")),
    Client("iphone fr", apple(f"Le 23 nov. 2026 à 09:05, {WHO} a écrit :", "Envoyé de mon iPhone")),
    Client("thunderbird", thunderbird),
    Client("yahoo", yahoo),
    Client("proton", proton),
    Client("superhuman", superhuman),
    Client("samsung", samsung),
    Client("zoho", zoho),
    Client("notes", notes),
    Client("unmarked", unmarked),
    Client("below", below),
)  # fmt: skip


def source(client: Client, text: str, **headers: str) -> bytes:
    """The whole mail."""
    plain, page = client.write(text)
    message = EmailMessage()
    message["From"] = "Ana Weber <ana@ourco.example>"
    message["To"] = "nudger+r-abcdefghijklmnopqrstuvwxyz234567@ourco.example"
    message["Subject"] = headers.pop("subject", "Re: ACME: pilot review")
    message["Message-ID"] = "<reply@ourco.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(plain or "")
    if page is not None:
        message.add_alternative(page, subtype="html")
    return message.as_bytes()
