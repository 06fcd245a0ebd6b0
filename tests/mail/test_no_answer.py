"""Mails that hold no answer: bounces, receipts, reactions, and what cannot be read."""

from __future__ import annotations

import base64

import pytest

from nudger.domain.commitment import Milestone
from nudger.mail.cms import signed_content
from nudger.mail.inbound import parse_mail
from nudger.mail.message import Asked, AskedMeeting
from nudger.mail.reply import read_reply
from tests.mail.samples import own_lines, plain

ANA = "From: Ana Weber <ana@ourco.example>"
RE = f"{ANA}\nSubject: Re: ACME: pilot review"
ASKED = Asked((Milestone("Decision"),), (AskedMeeting(1, "ACME"),), own_lines("question.en"))


def read(head, body="x", content_type="text/plain; charset=utf-8"):
    raw = f"{head}\nMIME-Version: 1.0\nContent-Type: {content_type}\n\n{body}"
    reply = read_reply(parse_mail(raw.encode()), ASKED)
    return reply.disposition.value, reply.reason


@pytest.mark.parametrize(
    "head",
    [
        "From: MAILER-DAEMON <>\nSubject: Returned mail",
        "From: MAILER-DAEMON (Mail Delivery System)\nSubject: Undelivered Mail",
        'From: postmaster@h ("Postmaster")\nSubject: hello',
        "From: MAILER-DAEMON@mx1\nSubject: hi",
        "From: nobody at all\nSubject: failure notice",
        "Return-Path: <MAILER-DAEMON>\nFrom: Mail Delivery Subsystem <m@x.example>\nSubject: late",
        "From: Mail Delivery Subsystem <mailer-daemon@x.example>\nSubject: Delivery (Delay)",
    ],
)
def test_a_daemon_is_known_by_all_that_its_mail_says(head):
    assert read(head) == ("bounce", "mailer_daemon")


def test_a_subject_is_no_bounce_without_a_status():
    head = f"{ANA}\nSubject: Undeliverable parcels: kick-off"
    assert read(head, "Dana signs by Friday")[0] == "answer"
    assert read(head, "550 5.1.1 no such user") == ("bounce", "mailer_daemon")


def test_a_receipt_is_no_answer():
    parts = (
        "--b\n\nYour message was read\n--b\nContent-Type: message/disposition-notification\n\n--b--"
    )
    kind = "multipart/report; report-type=disposition-notification; boundary=b"
    assert read(f"{ANA}\nSubject: Read: x", parts, kind) == ("auto_reply", "read_receipt")
    assert read(f"{ANA}\nSubject: Gelesen: x", "") == ("auto_reply", "read_receipt")


@pytest.mark.parametrize(
    "text",
    [
        "👍",
        "👍🏽👍🏽\n\nSent from my iPhone",
        "[Like]  Ana Weber reacted to your message:",
        "👍\n\nAna Weber reacted via Gmail\n<https://www.google.com/gmail/about/>",
        "Liked “ACME: pilot review”",
        "Ana Weber loved your message",
        "😂 Ana Weber hat auf Ihre Nachricht reagiert:",
        "❤️ Ana Weber a réagi à votre message :\n\n" + plain("question.en"),
        "Ana Weber ha reaccionado a tu mensaje:",
        "Ana Weber ha reagito al tuo messaggio:",
        "Ana Weber heeft gereageerd op uw bericht:",
        "Ana Weber reagiu à sua mensagem:",
    ],
)
def test_a_click_on_a_sign_is_no_answer(text):
    assert read(RE, text) == ("empty", "reaction")


def test_gmails_reaction_is_known_by_its_part():
    parts = "--b\n\nx\n--b\nContent-Type: text/vnd.google.email-reaction+json\n\n{}\n--b--"
    assert read(RE, parts, "multipart/alternative; boundary=b") == ("empty", "reaction")


def test_words_about_a_reaction_are_an_answer():
    assert read(RE, "Dana liked the pilot and signs by Friday")[0] == "answer"


PGP_PARTS = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n\nx\n--b--"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PGP_PARTS, "multipart/encrypted; boundary=b"),
        ("-----BEGIN PGP MESSAGE-----\nabc", "text/plain"),
        ("MIIGfwYJKoZIhvcNAQcDoIIG", "application/pkcs7-mime; smime-type=enveloped-data"),
        (
            "--b\n\nOpen the attachment\n--b\nContent-Type: application/x-microsoft-rpmsg-message\n\nx",
            "multipart/mixed; boundary=b",
        ),
    ],
)
def test_what_is_encrypted_is_said_to_be(body, content_type):
    assert read(f"{RE}\nContent-Transfer-Encoding: 7bit", body, content_type) == (
        "unclear", "encrypted",
    )  # fmt: skip


def element(tag, content):
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")


def signed(content):
    """A signed message around an element that holds the content."""
    data = element(0x30, DATA + element(0xA0, content))
    return element(0x30, SIGNED + element(0xA0, element(0x30, b"\x02\x01\x01\x31\x00" + data)))


TEXT = b"Content-Type: text/plain\r\n\r\nDana signs by Friday\r\n" + b" " * 200


def test_the_content_of_a_signed_message_is_taken_out():
    assert signed_content(signed(element(0x04, TEXT))) == TEXT
    pieces = element(0x04, TEXT[:50]) + element(0x04, TEXT[50:])
    assert signed_content(signed(element(0x24, pieces))) == TEXT
    without_lengths = (
        b"\x30\x80" + SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" + DATA
        + b"\xa0\x80\x24\x80" + pieces + b"\x00" * 12
    )  # fmt: skip
    assert signed_content(without_lengths) == TEXT


@pytest.mark.parametrize("size", range(45))
def test_what_is_no_signed_message_is_none(size):
    assert signed_content(signed(element(0x04, TEXT))[:size]) is None
    assert signed_content(b"\xff" * size) is None


def test_a_mail_that_was_signed_as_a_whole_is_read():
    body = base64.b64encode(signed(element(0x04, TEXT))).decode()
    head = f"{RE}\nContent-Transfer-Encoding: base64"
    assert read(head, body, "application/pkcs7-mime; smime-type=signed-data")[0] == "answer"


def test_a_mail_without_own_words_and_one_of_which_nothing_is_left_differ():
    ours = plain("question.en")
    quoted = "\n".join(f"> {line}" for line in ours.split("\n"))
    copied = "\n".join(line for line in ours.split("\n") if "For example" in line or "Just" in line)
    for nothing in ("\n\n", quoted, f"-- \nAna Weber\n\n{quoted}", "Sent from my iPhone"):
        assert read(RE, nothing) == ("empty", "empty")
    assert read(RE, copied) == ("empty", "nothing_left")


def test_what_is_found_within_the_quote_is_likely_and_not_certain():
    first, *rest = plain("question.en").rstrip().split("\n")
    answered = "\n".join(f"> {line}" for line in [first, *rest, "Dana signs on Friday"])
    inbound = parse_mail(f"{RE}\n\n{answered}".encode())
    reply = read_reply(inbound, ASKED)
    assert reply.answers[1].commitment_objective == "Dana signs on Friday"
    assert reply.doubtful == {1}
