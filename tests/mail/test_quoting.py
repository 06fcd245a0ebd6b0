"""Where the quote begins, and what is no answer."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nudger.mail import quoting, signature_block
from nudger.mail.reply_text import text_words

SENTENCES = st.lists(
    st.sampled_from(
        ["Dana", "agrees", "to", "the", "pilot", "by", "Friday", "and", "pays", "half"]
    ),
    min_size=3,
    max_size=12,
).map(" ".join)
ANSWERS = st.lists(SENTENCES, min_size=1, max_size=4)
INTRODUCTIONS = st.sampled_from([
    [], ["On Mon, Nov 23, 2026 at 9:05 AM Nudger <n@ourco.com> wrote:"],
    ["Am 23.11.2026 um 09:05 schrieb Nudger <n@ourco.com>:"],
    ["On Mon, Nov 23, 2026 at 9:05 AM Nudger", "<n@ourco.com> wrote:"],
    ["Le lun. 23 nov. 2026 à 09:05, Nudger <n@ourco.com> a écrit :"],
])  # fmt: skip
RULE = "_" * 47
ANY_LINES = st.lists(st.text(st.characters(blacklist_characters="\n\r"), max_size=40), max_size=6)


@given(ANSWERS, INTRODUCTIONS, ANY_LINES)
def test_whatever_is_quoted_is_left_out_and_the_answer_is_whole(answer, introduction, lines):
    quoted = [f"> {line}" for line in lines] or ["> x"]
    text = "\n".join([*answer, "", *introduction, *quoted])
    assert text_words(text) == "\n".join(answer)


@given(ANSWERS, ANY_LINES)
def test_answers_below_quoted_lines_are_kept_in_their_order(answer, lines):
    quoted = "".join(f"> {line}\n" for line in lines) or "> x\n"
    text = "".join(f"{quoted}{line}\n" for line in answer)
    assert text_words(text).split("\n") == answer


@given(ANSWERS, ANY_LINES)
def test_nothing_below_a_header_block_is_kept(answer, lines):
    """Unless it is quoted line by line: then what stands between is the sender's."""
    assume(not any(map(quoting.is_quoted, lines)))
    block = ["From: Nudger <n@ourco.com>", "Sent: Monday, November 23, 2026 9:05 AM", "Subject: x"]
    assert text_words("\n".join([*answer, "", *block, "", *lines])) == "\n".join(answer)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["On Mon, Nov 23, 2026 at 9:05 AM Ana <a@b.co> wrote:"], 1),
        (["On Mon, Nov 23, 2026 at 9:05 AM", "Ana <a@b.co> wrote:"], 2),
        (["Ana wrote:"], 1),
        (["2026-11-23 9:05 GMT+01:00 Ana <a@b.co>:"], 1),
        (["Dana wrote that she agrees to the pilot and all that comes with it:"], 0),
        (["Three things matter to Dana:"], 0),
        (["On Monday", "", "Ana wrote:"], 0),
        (["> On Mon, Nov 23, 2026 Ana <a@b.co> wrote:"], 0),
        (["x" * 401 + " 1 wrote:"], 0),
        (["On 1 Nov " + "x" * 384 + " wrote:"], 1),
        (["On 1 Nov " + "x" * 385 + " wrote:"], 0),
        (["x" * 390, "1 wrote: and", "so on:"], 0),
        (["On Mon, Nov 23 Ana <a@b.co>", "> wrote:"], 2),
        (["On Mon, Nov 23 Ana <a@b.co>", "> wrote"], 0),
        (["Le lun. 23 nov. 2026 à 09:05, Ana a", "écrit :"], 2),
        (["Ana von der Au wrote:"], 1),
        (["Ana von der Au once wrote:"], 0),
        (['9:05 AM, November 23, 2026, "Ana W - OurCo" <a@b.co>:'], 1),
        (["Nov 23, 2026, Ana <a@b.co> wrote:"], 1),
        (["On Mon, 23 Nov 2026 at 9:05 Ana", "", "<", "mailto:Ana <a@b.co>", "> wrote:"], 5),
        (["On Mon, 23 Nov 2026 at 9:05 Ana", "", "wrote:"], 0),
        (["man. 23. nov. 2026 kl. 09:05 skrev Ana <a@b.co", ">:"], 2),
        (["man. 23. nov. 2026 kl. 09:05 skrev Ana <a@b.co>", "> :"], 1),
        (["2026-11-23 9:05 GMT+01:00 Ana Weber"], 1),
        (["2026-11-23 9:05 GMT+01:00 Ana Weber", "signs it on Friday"], 0),
        (["2026-11-23 9:05 GMT+01:00, Ana signs. Then Dana pays"], 0),
        (["2026/11/23 Ana Weber <", "a@b.co>"], 2),
        (["El El lun, 23 nov 2026 a las 9:05, Ana <a@b.co> escribió:"], 1),
        (["Wiadomość napisana przez Ana <a@b.co> w dniu 23.11.2026, o godz. 09:05:"], 1),
        (["На ср, 25.11.2026 г. в 8:02 Ana <a@b.co> написа:"], 1),
        (["sri, 25. stu 2026. u 08:02 Ana <a@b.co> napisao/la je:"], 1),
        (["Ana <a@b.co> kirjutas kuupäeval K, 25. november 2026 kell 08:02:"], 1),
        (["2026-11-25, tr, 08:02 Ana <a@b.co> rašė:"], 1),
        (["Vào Th 4, 25 thg 11, 2026 vào lúc 08:02 Ana <a@b.co> đã viết:"], 1),
        (["Pada Rab, 25 Nov 2026 pukul 08.02 Ana <a@b.co> menulis:"], 1),
        (["في الاثنين، ٢٣ نوفمبر ٢٠٢٦، ٩:٠٥ ص Ana <a@b.co> كتب:"], 1),
        ([""], 0),
    ],
)
def test_introductions(lines, count):
    assert quoting.quote_header(lines, 0) == count


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["From: a@b.co", "Sent: today", "To: c", "Subject: x", "", "text"], 4),
        (["*From:* Ana", "*Sent:* today", "*Subject:* x"], 3),
        (["Von: Ana", "Gesendet: heute", "An: Ben"], 3),
        (["From: a@b.co", "Subject: x"], 2),
        (["From: Ana", "Subject: x"], 0),
        (["From: Monday on Dana pays"], 0),
        (["> From: a@b.co", "> Sent: today", "> To: c"], 0),
        (["From: a@b.co", "text", "Sent: today", "To: c"], 4),
        (["From: a@b.co Date: Thu, 24 Nov 2026 08:07:12 -0700"], 1),
        (["From: a@b.co Date: soon"], 0),
        (["Od: Ana", "Poslano: danas", "Za: Ben", "Predmet: x"], 4),
    ],
)
def test_header_blocks(lines, count):
    assert quoting.header_block(lines, 0) == count
    assert quoting.header_block(["Yes", "", *lines], 2) == count


@pytest.mark.parametrize(
    ("lines", "is_divider"),
    [
        (["-----Original Message-----"], True),
        (["---------- Forwarded message ---------"], True),
        (["-----Ursprüngliche Nachricht-----"], True),
        (["Original Message", "From: a@b.co", "Subject: x"], True),
        (["Original Message"], False),
        (["________________________________", "From: a@b.co", "Subject: x"], True),
        (["________________________________", "Dana agrees"], False),
        (["- Hide quoted text -"], True),
        (["-- On Monday Ana wrote --"], True),
        (["-- On Monday Ana wrote"], False),
        (["On Monday Ana wrote --"], False),
        (["-- Ana --"], False),
        *(
            (f"{mark} Original Message {mark}".split("\n"), True)
            for mark in ("--", "__", "**", "==", "~~", "––", "——")
        ),
        (["*-------- Original Message --------*"], True),
        (["-------- Original Message --------From: Ana Date: 23.11.26 To: Ben"], True),
        (["-- Original Message -- goes to Dana"], False),
        (["# Original Message"], False),
        (["> -----Original Message-----"], False),
        (["- Dana sends the original message"], False),
    ],
)
def test_dividers(lines, is_divider):
    assert quoting.divider(lines, 0) == int(is_divider)


@pytest.mark.parametrize(
    ("lines", "opens"),
    [
        (["-- "], True),
        (["--"], True),
        (["Sent from my iPhone"], True),
        (["Sent from Outlook for iOS <https://aka.ms/o0ukef>"], True),
        (["Von meinem iPhone gesendet"], True),
        (["- Ana"], True),
        (["- Ana", "", "> quoted"], True),
        (["- Ana", "brings the CFO"], False),
        (["- Ana", "", "From: a@b.co", "Subject: x"], True),
        (["- Ana", "", "Sent from my iPhone"], True),
        (["/Ana"], True),
        (["-Ana de la Vega"], True),
        (["-Ana van der Berg", "> quoted"], True),
        (["- Ana de signs"], False),
        (["/Pause"], False),
        (["- Private"], False),
        (["Sent wirelessly from my handset"], True),
        (["- Ana", "", RULE, "sales-reps mailing list", "reps@lists.example"], True),
        ([RULE, "sales-reps mailing list", "reps@lists.example"], True),
        ([RULE, "sales-reps mailing list", "reps@lists.example", "", "> quoted"], True),
        ([RULE, "", "www.ourco.example", "+49 89 1234567", "", "On 1 Nov 2026 Ana wrote:"], True),
        ([RULE, "Dana agrees", "Ben pays", "reps@lists.example"], False),
        ([RULE, "Dana agrees.", "reps@lists.example"], False),
        ([RULE, "Dana agrees to pay half of it", "reps@lists.example"], False),
        ([RULE, "Next: 4", "reps@lists.example"], False),
        ([RULE, "4", "reps@lists.example"], False),
        ([RULE, "ask tom@ourco.example"], False),
        ([RULE, *["reps@lists.example"] * 13], False),
        ([RULE], False),
        (["_" * 9, "reps@lists.example"], False),
        (["Sent from Postbird"], True),
        (["Sent from Postbird<https://postbird.example/r?b=1>"], True),
        (["Sent from Dana, who signs on Friday"], False),
        (["Az iPhone-omról küldve"], True),
        (["أُرسلت من الـ iPhone"], True),
        (["- Dana agrees to sign the pilot"], False),
        (["Sent from my desk, the contract goes to Dana who then decides about everything there is to decide"], False),
    ],
)  # fmt: skip
def test_signatures(lines, opens):
    assert signature_block.opens_signature(lines, 0) is opens


@pytest.mark.parametrize(
    ("line", "closing", "greeting", "disclaimer"),
    [
        ("Best regards,", True, False, False),
        ("Viele Grüße", True, False, False),
        ("Hi Nudger,", False, True, False),
        ("Sehr geehrte Frau Weber", False, True, False),
        ("Med venlig hilsen", True, False, False),
        ("Vennlig hilsen,", True, False, False),
        ("Med vänliga hälsningar", True, False, False),
        ("Parhain terveisin", True, False, False),
        ("Pozdrawiam serdecznie,", True, False, False),
        ("Z poważaniem", True, False, False),
        ("S pozdravem", True, False, False),
        ("S pozdravom", True, False, False),
        ("Üdvözlettel:", True, False, False),
        ("Cu stimă,", True, False, False),
        ("С уважением,", True, False, False),
        ("З повагою", True, False, False),
        ("Saygılarımla", True, False, False),
        ("Με εκτίμηση,", True, False, False),
        ("Salutacions cordials", True, False, False),
        ("С уважение", True, False, False),
        ("Lijep pozdrav,", True, False, False),
        ("Pagarbiai", True, False, False),
        ("Trân trọng,", True, False, False),
        ("Grüßle - Ana", True, False, False),
        ("よろしくお願いいたします。", True, False, False),
        ("Cześć Ana,", False, True, False),
        ("Hei Ana", False, True, False),
        ("Tak", False, False, False),
        ("Moi", False, False, False),
        ("This email is confidential and may be privileged.", False, False, True),
        ("Dana agrees to the pilot", False, False, False),
        ("Best regards to Dana who agrees to come to the review", False, False, False),
        ("Hi " + "x" * 40, False, False, False),
    ],
)
def test_courtesies(line, closing, greeting, disclaimer):
    assert signature_block.is_closing(line) is closing
    assert quoting.is_greeting(line) is greeting
    assert signature_block.opens_disclaimer(line) is disclaimer


@pytest.mark.parametrize(
    ("line", "sentinel"),
    [
        ("▲ Please reply above this line ▲", True),
        ("> ▲ Please reply above this line ▲", True),
        ("##- Please type your reply above this line -##", True),
        ("Please reply above the noise", False),
        ("x" * 401, False),
    ],
)
def test_sentinels(line, sentinel):
    assert quoting.is_sentinel(line) is sentinel
