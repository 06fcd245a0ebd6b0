"""From the source of a mail to what we work with; hostile sources included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.inbound import MailRejected, decode_text, parse_mail


def mail(body="Dana agrees", **headers):
    fields = {"From": "Ana <ana@ourco.com>", "To": "nudger+r-x@ourco.com", "Subject": "Re: x"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{lines}\r\n{body}\r\n".encode()


def test_a_plain_mail():
    inbound = parse_mail(mail(Message_ID="<1@x>", References="<a@x> <b@x>"))
    assert inbound.sender == "ana@ourco.com"
    assert inbound.recipients == ("nudger+r-x@ourco.com",)
    assert inbound.references == ("<a@x>", "<b@x>")
    assert (inbound.plain or "").strip() == "Dana agrees"


@pytest.mark.parametrize(
    ("value", "sender", "problem"),
    [
        ("ana@ourco.com", "ana@ourco.com", ""),
        ('"Weber, Ana" <Ana@OurCo.com>', "ana@ourco.com", ""),
        ("=?utf-8?q?Ana_W=C3=A9ber?= <ana@ourco.com>", "ana@ourco.com", ""),
        ("=?utf-8?q?ana=40ourco.com=3E?= <eve@evil.com>", "eve@evil.com", ""),
        ('"ana@ourco.com" <eve@evil.com>', "eve@evil.com", ""),
        ("=?utf-8?q?M=C3=BCller,_Ana_W.?= <ana@ourco.com>", "ana@ourco.com", ""),
        ("=?utf-8?q?Ana Weber?= <ana@ourco.com>", "ana@ourco.com", ""),
        ("=?utf-8?q?<eve@evil.com>?= <ana@ourco.com>", None, "from_malformed"),
        ("=??q?eve@evil.com?= <ana@ourco.com>", None, "from_malformed"),
        ("=??q??=ana@ourco.com", None, "from_malformed"),
        ("=?utf-8?q??=ana@ourco.com", None, "from_malformed"),
        ("=?utf-8?q?x?=<ana@ourco.com>", "ana@ourco.com", ""),
        ("ana@ourco.com, eve@evil.com", None, "from_multiple"),
        ("ana@ourco.com <eve@evil.com>", None, "from_malformed"),
        ("<ana@ourco.com> eve@evil.com", None, "from_malformed"),
        ("(ana@ourco.com) eve@evil.com", None, "from_malformed"),
        ("ana@ourco.com\x00@evil.com", None, "from_malformed"),
        ("Group: ana@ourco.com;", None, "from_malformed"),
        ("", None, "from_malformed"),
        (None, None, "from_missing"),
    ],
)
def test_the_sender_is_one_address_or_none(value, sender, problem):
    inbound = parse_mail(mail(From=value))
    assert (inbound.sender, inbound.sender_problem) == (sender, problem)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2028", "\u3000", "\x85"])
def test_a_blank_of_another_script_is_no_blank_of_a_header(blank):
    raw = mail(From=f"ana@ourco.com{blank}")
    assert parse_mail(raw).sender_problem == "from_malformed"


def test_a_subject_with_bare_letters_beside_an_encoded_word():
    inbound = parse_mail(mail(Subject="Grüße =?utf-8?q?=C3=BC=C3=9F?= 你好"))
    assert inbound.subject == "Grüße üß 你好"


def test_a_subject_that_cannot_be_decoded_stays_as_it_is():
    assert parse_mail(mail(Subject="=?utf-8?b?a?= x")).subject == "=?utf-8?b?a?= x"


def test_no_text_holds_a_zero_byte():
    """No database takes one."""
    raw = mail("a\0b", Subject="=?utf-8?q?a=00b?= \0", Message_ID="<a\0@b>", References="<\0>")
    inbound = parse_mail(raw)
    said = (inbound.subject, inbound.plain, inbound.rfc_message_id, *inbound.references)
    assert not any("\0" in text for text in said)
    assert inbound.subject == "ab \ufffd"


def test_a_second_from_is_seen():
    raw = b"From: eve@evil.com\r\n" + mail()
    assert parse_mail(raw).sender_problem == "from_multiple"


@pytest.mark.parametrize(
    ("transfer", "charset", "body", "text"),
    [
        ("quoted-printable", "utf-8", "Gr=C3=BC=C3=9Fe", "Grüße"),
        ("base64", "utf-8", "R3LDvMOfZQ==", "Grüße"),
        ("quoted-printable", "iso-8859-1", "Gr=FC=DFe", "Grüße"),
        ("quoted-printable", "windows-1252", "=93Yes=94", "“Yes”"),
        ("8bit", "unknown-charset", "Grüße", "Grüße"),
        ("quoted-printable", "utf-7", "+ADw-script+AD4-", "+ADw-script+AD4-"),
        ("base64", "utf-8", "not base64 at all!", None),
    ],
)
def test_bodies_are_decoded(transfer, charset, body, text):
    raw = mail(
        body,
        Content_Type=f"text/plain; charset={charset}",
        Content_Transfer_Encoding=transfer,
    )
    found = (parse_mail(raw).plain or "").strip()
    assert text is None or found == text


DECLARED = {
    "cp1252": ["us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"],
    "gb18030": ["gb2312", "gbk", "gb18030"],
    "cp949": ["euc-kr", "ks_c_5601-1987", "cp949"],
    "cp932": ["shift_jis", "shift-jis", "cp932", "windows-31j"],
    "cp1254": ["iso-8859-9", "windows-1254"],
    "cp874": ["iso-8859-11", "tis-620", "windows-874"],
    "utf-8": ["utf-8", "utf8", "UTF-8*en", "x-unknown", "unicode_escape", "utf-7"],
    **{f"cp{n}": [f"windows-{n}"] for n in (1250, 1251, 1253, 1255, 1256, 1257, 1258)},
    **{f"iso-8859-{n}": [f"iso-8859-{n}"] for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{name: [name] for name in ("koi8-r", "koi8-u", "big5", "euc-jp", "iso-2022-jp", "utf-16",
                                 "utf-16le", "utf-16be")},
}  # fmt: skip
PAIRS = [(declared, codec) for codec, names in DECLARED.items() for declared in names]


@pytest.mark.parametrize(("declared", "codec"), PAIRS, ids=[declared for declared, _ in PAIRS])
def test_a_charset_means_what_browsers_take_it_for(declared, codec):
    data = b"a\xc4\xe9\xf0\xa1" if codec != "iso-2022-jp" else "日本".encode(codec)
    assert decode_text(data, declared) == data.decode(codec, "replace")
    assert decode_text("ä".encode(), "latin1") == "ä"


def test_both_parts_of_an_alternative_and_no_attachment():
    raw = mail(
        "--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        "<p>html</p>\r\n--b\r\nContent-Type: text/plain\r\n"
        'Content-Disposition: attachment; filename="x.txt"\r\n\r\nattached\r\n--b--',
        Content_Type='multipart/alternative; boundary="b"',
    )
    inbound = parse_mail(raw)
    assert (inbound.plain or "").strip() == "plain"
    assert (inbound.html or "").strip() == "<p>html</p>"


def test_flowed_paragraphs_are_one_line():
    raw = mail("Dana agrees \r\nto a pilot\r\nNext", Content_Type="text/plain; format=flowed")
    assert (parse_mail(raw).plain or "").strip() == "Dana agrees to a pilot\nNext"


@pytest.mark.parametrize(
    ("body", "more", "text"),
    [
        ("one \r\n two", "", "one two"),
        ("one \r\ntwo", "; delsp=yes", "onetwo"),
        ("one \r\ntwo", "; DelSp=Yes", "onetwo"),
        ("> a \r\n> b\r\nc", "", "> a b\nc"),
        (">> a \r\n> b", "", ">> a \n> b"),
        ("one\r\n-- \r\nAna", "", "one\n-- \nAna"),
        ("one \r\n-- \r\nAna", "", "one \n-- \nAna"),
    ],
)
def test_what_was_broken_softly_is_joined(body, more, text):
    raw = mail(body, Content_Type=f"text/plain; format=flowed{more}")
    assert (parse_mail(raw).plain or "").rstrip("\n") == text


def test_what_a_judgement_needs_is_kept():
    raw = mail(
        Message_ID="<1@x>", Delivered_To="n+r-a@b.co", X_Original_To="m@b.co", Cc="c@b.co",
        Auto_Submitted="no", List_Id="l", X_Autoreply="yes", X_Mail_Autoreply="yes", X_Other="no",
    )  # fmt: skip
    inbound = parse_mail(raw)
    assert inbound.rfc_message_id == "<1@x>"
    assert inbound.recipients == ("nudger+r-x@ourco.com", "c@b.co", "n+r-a@b.co", "m@b.co")
    kept = {"auto-submitted", "list-id", "x-autoreply", "x-mail-autoreply", "delivered-to"}
    assert kept <= set(inbound.headers)
    assert "x-other" not in inbound.headers


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("a" * 64 + "@b.co", True),
        ("a" * 65 + "@b.co", False),
        ("a@" + "b." * 125 + "com", True),
        ("a@" + "b." * 126 + "com", False),
        ("N" * 987 + " <a@b.co.uk>", True),
        ("N" * 989 + " <a@b.co.uk>", False),
    ],
)
def test_so_long_an_address_and_no_longer(address, fits):
    assert (parse_mail(mail(From=address)).sender is not None) is fits


def nested(depth):
    raw = b"text"
    for level in range(depth):
        boundary = f"b{level}".encode()
        raw = (
            b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n--" + boundary
            + b"\r\n" + raw + b"\r\n--" + boundary + b"--\r\n"
        )  # fmt: skip
    return b"From: a@b.co\r\n" + raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (nested(60), "mime_nesting"),
        (mail("x" * 10_100_000), "too_big"),
        (mail(X="y" * 70_000), "header_size"),
        (b"A: b\r\n" * 20_000, "header_size"),
        (mail(Subject="=?utf-8?q?a?= " * 400), "header_size"),
        (
            mail("--b\r\n\r\nx\r\n" * 80, Content_Type="multipart/mixed; boundary=b"),
            "mime_parts",
        ),
    ],
)
def test_what_is_made_to_stop_us_is_refused(raw, reason):
    with pytest.raises(MailRejected) as raised:
        parse_mail(raw)
    assert raised.value.reason == reason


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(raw):
    try:
        parse_mail(raw)
    except MailRejected as rejected:
        assert rejected.reason


@given(st.lists(st.sampled_from([b"--b\r\n", b"--b--\r\n", b"Content-Type: multipart/mixed;"
       b" boundary=b\r\n", b"\r\n", b"From: a@b.co\r\n", b"x\r\n"]), max_size=40))  # fmt: skip
def test_any_structure_is_read_or_refused(pieces):
    try:
        parse_mail(b"".join(pieces))
    except MailRejected as rejected:
        assert rejected.reason


def test_ten_megabytes_of_delimiters_do_not_hang():
    raw = mail("--b " * 2_000_000, Content_Type="multipart/mixed; boundary=b")
    with pytest.raises(MailRejected):
        parse_mail(raw)
