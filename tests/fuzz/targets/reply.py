"""The new words of a reply, and what is understood of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.fields import LONGEST_FIELD
from nudger.mail.html_reply import page_text
from nudger.mail.message import Asked, AskedMeeting, Disposition, Reply
from nudger.mail.reply import read_text
from nudger.mail.reply_text import Writer, folded, reply_text, text_words
from nudger.mail.visible import visible
from tests.corpus.clients import CLIENTS, LINES, QUESTION
from tests.corpus.shapes import SHAPES
from tests.fuzz.target import Target, is_storable, promise

OURS = frozenset(folded(line) for line in LINES if line.strip())
MILESTONES = (
    Milestone("First call"),
    Milestone("Needs analysis"),
    Milestone("Decision", "", ("Close",)),
)
ACME = AskedMeeting(1, "ACME: pilot review", ("acme.example",), last=Answer("Dana signs"))
GLOBEX = AskedMeeting(2, "Globex call", ("mia@globex.example",), suggestion="Mia joins")
ASKED = (
    Asked(MILESTONES, (ACME,), OURS, "Ana Weber"),
    Asked(MILESTONES, (ACME, GLOBEX), OURS, "Ana Weber"),
    Asked((), (GLOBEX,), frozenset(), ""),
    Asked(MILESTONES, (ACME, GLOBEX), OURS, "Ana Weber", about_outcome=True),
)
WORDS = tuple(
    word.encode()
    for word in (
        "\n> ", "\n", "\nOn Mon, Nov 23, 2026 at 9:05 AM x <n@o.example> wrote:\n", "\nFrom: x\nSent: y\nTo: z\nSubject: q\n",
        "\n-- \n", "-----Original Message-----", "________________________________", "Sent from my iPhone", "C.O.: ", "Next: ",
        "Fallback: ", "\n2", "\n#3", "1) ", "2: ", "ACME: ", "globex.example - ", " -> ", ", next step is ", "private", "skip",
        "later 2h", "same as last time", "Best regards", "Am 23.11.2026 um 09:05 schrieb ", "\t", " | ", "* ", "yes", "partly",
        "Le lun. a écrit :", "\u00a0", "▲", "Please reply above this line", "写道：", ":", "：", "every 3rd", "not me, ask ",
    )
)  # fmt: skip
PAGE_WORDS = tuple(
    word.encode()
    for word in (
        "<div>", "</div>", "<br>", "<p>", "<blockquote type=cite>", "</blockquote>", "<div class=gmail_quote>", "<hr tabindex=-1>",
        "<div id=appendonsend>", "<pre>", "<table><tr><td>", "<o:p>", "<style>", "</style>", "<!--", "-->", "<script>", "<svg>",
        "<![CDATA[", "<?xml encoding='x'?>", "&nbsp;", "&#0;", "&#xd800;", "<body>", "</html>", "<template>", "<li>", " style='",
        "border-top:solid #E1E1E1", "class='moz-signature'", "<p " * 50, "<div>" * 300,
    )
)  # fmt: skip


def plain_seeds() -> Sequence[bytes]:
    texts = [client.write(SHAPES[at % len(SHAPES)].text)[0] for at, client in enumerate(CLIENTS)]
    return [text.encode() for text in texts if text] + [QUESTION.encode()]


def page_seeds() -> Sequence[bytes]:
    pages = [client.write(SHAPES[at % len(SHAPES)].text)[1] for at, client in enumerate(CLIENTS)]
    return [page.encode() for page in pages if page]


def word_seeds() -> Sequence[bytes]:
    return [shape.text.encode() for shape in SHAPES]


def read_plain(data: bytes) -> Hashable:
    """Nothing is added, nothing of ours is left."""
    text = data.decode("utf-8", "replace").replace("\0", "")  # as `decode_text` gives it
    words = text_words(text, OURS)
    promise(is_storable(words), "words can be stored")
    there = _letters(text)
    promise(all(_letters(line) in there for line in words.split("\n")), "the sender's words alone")
    promise(words == words.strip() or "\n" in words, "no blank around")
    return len(words.split("\n")).bit_length(), len(words).bit_length()


def _letters(text: str) -> str:
    return "".join(visible(text).replace("\u00a0", " ").split())


def read_page(data: bytes) -> Hashable:
    page = data.decode("utf-8", "replace").replace("\0", "")  # as `decode_text` gives it
    text = page_text(page)
    promise(is_storable(text), "words can be stored")
    words = reply_text(None, page, Writer(("Ana Weber",), OURS))
    promise(len(words) <= 4 * len(page) + 10, "no more words than the page has")
    return len(words.split("\n")).bit_length(), len(words).bit_length(), len(text).bit_length()


def read_words(data: bytes) -> Hashable:
    text = data.decode("utf-8", "replace").replace("\0", "")
    asked = ASKED[len(data) % len(ASKED)]
    reply = read_text(text, asked)
    _hold(reply, asked)
    return (reply.disposition, reply.reason, len(reply.answers), len(reply.commands), len(reply.outcomes),
            reply.language, reply.listed_milestone)  # fmt: skip


def _hold(reply: Reply, asked: Asked) -> None:
    numbers = {one.number for one in asked.meetings}
    said = {**reply.answers, **reply.commands, **reply.outcomes}
    promise(said.keys() <= numbers | {1}, "meetings that were asked about")
    is_answer = bool(reply.answers or reply.outcomes)
    promise(is_answer == (reply.disposition is Disposition.ANSWER), "an answer answers")
    commands = bool(reply.command or reply.commands)
    promise(reply.disposition is not Disposition.COMMAND or commands, "a command commands")
    for answer in reply.answers.values():
        promise(not answer.is_empty, "an answer is not empty")
        for value in (answer.commitment_objective, answer.next_milestone, answer.fallback):
            promise(value is None or 0 < len(value) <= LONGEST_FIELD, "a field has a length")
            promise(value is None or not set(value) & set("\n\r"), "a field is one line")


TARGETS = (
    Target("plain_reply", read_plain, plain_seeds, WORDS, 12, ".txt"),
    Target("page_reply", read_page, page_seeds, PAGE_WORDS, 9, ".html"),
    Target("understanding", read_words, word_seeds, WORDS, 12, ".txt"),
)
