"""The parts of a message, and where they lie; what other readers may see is never hidden."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nudger.mail.mime import MailRejected, content_type, read_headers, read_mime

TEXTS = st.text(st.sampled_from("ab -=:\n"), max_size=30).map(lambda text: text.encode())
TYPES = st.sampled_from(["text/plain", "text/html", "image/png", "message/rfc822"])
LEAF = st.tuples(TYPES, TEXTS)
TREES = st.recursive(LEAF, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12)


def source(tree, path="b"):
    """A message of this structure: a leaf is a type and a body, a branch a list."""
    if isinstance(tree, tuple):
        return f"Content-Type: {tree[0]}\r\n\r\n".encode() + tree[1]
    parts = [b"--%s\r\n%s\r\n" % (path.encode(), source(one, f"{path}.{n}"))
             for n, one in enumerate(tree)]  # fmt: skip
    head = f'Content-Type: multipart/mixed; boundary="{path}"\r\n\r\nnot read\r\n'.encode()
    return head + b"".join(parts) + b"--%s--\r\nnot read" % path.encode()


def leaves(tree):
    return [tree] if isinstance(tree, tuple) else [leaf for one in tree for leaf in leaves(one)]


def depth(tree):
    return 0 if isinstance(tree, tuple) else 1 + max(map(depth, tree))


@given(TREES)
def test_every_part_is_found_with_its_bytes(tree):
    assume(depth(tree) <= 9)
    assume(not any(b"\n--" in b"\n" + body for _, body in leaves(tree)))  # no boundary within
    parts = read_mime(source(tree)).parts
    assert [(part.content_type, part.body.rstrip(b"\r")) for part in parts] == leaves(tree)


LINES = st.lists(
    st.sampled_from([
        b"From: a@b.co", b"from : eve@evil.com", b"FROM:x", b" folded", b"\tfolded", b"To: c@d.co",
        b"From", b"X-From: y", b"Fr\0om: z", b"Subject: a", b"From\t: w", b": v", b"  ", b"From: =?x?",
    ]),
    max_size=12,
)  # fmt: skip
ENDS = st.sampled_from([b"\r\n", b"\n", b"\r"])


@given(LINES, ENDS)
def test_a_second_sender_hides_from_no_reader(lines, end):
    block = end.join(lines)
    seen = email.message_from_bytes(block + end * 2, policy=email.policy.compat32)
    others = [name for name, _ in seen.items() if name.strip().lower() == "from"]
    assert len(read_headers(block).all("from")) >= len(others)


@given(LINES, ENDS)
def test_each_field_keeps_its_lines(lines, end):
    headers = read_headers(end.join(lines))
    assert len(headers.lines) == len(headers.fields)
    for (_, value), own in zip(headers.fields, headers.lines, strict=True):
        assert value == " ".join("".join(own).split())


def test_a_folded_field_is_one_value():
    headers = read_headers(b"A: one\r\n  two\r\n\tthree\r\nB: x")
    assert headers.fields == (("a", "one two three"), ("b", "x"))
    assert headers.lines_of_first("a") == (" one", "  two", "\tthree")
    assert headers.lines_of_first("c") == ()


@pytest.mark.parametrize(
    ("block", "sound"),
    [(b"A: b\r\nC: d", True), (b"A: b\nC: d", True), (b"A: b\rC: d", False), (b"A: b\0", False)],
)
def test_doubtful_line_ends_are_told(block, sound):
    assert read_headers(block).sound is sound


NAMES = st.text(st.sampled_from("abcdefgh-"), min_size=1, max_size=9)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_parameters_come_back_as_they_were_quoted(parameters):
    quoted = "".join(
        '; {}="{}"'.format(name, value.replace("\\", "\\\\").replace('"', '\\"'))
        for name, value in parameters.items()
    )
    assert content_type(f"Text/Plain{quoted}") == ("text/plain", parameters)


@pytest.mark.parametrize(
    ("value", "kind", "parameters"),
    [
        ("", "text/plain", {}),
        ("nonsense", "text/plain", {}),
        ("text/html; charset=utf-8", "text/html", {"charset": "utf-8"}),
        ("text/plain; charset=a; charset=b", "text/plain", {"charset": "a"}),
        ('multipart/mixed; boundary="a;b"', "multipart/mixed", {"boundary": "a;b"}),
        ("text/plain; name*=utf-8''x", "text/plain", {"name": "utf-8''x"}),
    ],
)
def test_content_types(value, kind, parameters):
    assert content_type(value) == (kind, parameters)


@pytest.mark.parametrize(
    ("disposition", "is_attachment"),
    [
        ("attachment", True),
        ('inline; filename="x.txt"', True),
        ("inline", False),
        ("", False),
        (" Attachment; x=y", True),
    ],
)
def test_attachments(disposition, is_attachment):
    part = read_mime(f"Content-Disposition: {disposition}\r\n\r\nx".encode()).parts[0]
    assert part.is_attachment is is_attachment


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        (b"X: " + b"=?" * 200, False),
        (b"X: " + b"=?" * 201, True),
        (b"X: " + b"a" * 7_997, False),
        (b"X: " + b"a" * 7_998, True),
        (b"Content-Type: text/plain; x=" + b"a" * 3_986, False),
        (b"Content-Type: text/plain; x=" + b"a" * 3_987, True),
    ],
)
def test_so_much_in_a_header_and_no_more(header, refused):
    if refused:
        with pytest.raises(MailRejected, match="header_size"):
            read_mime(header + b"\r\n\r\nx")
    else:
        assert read_mime(header + b"\r\n\r\nx").parts[0].body == b"x"


@pytest.mark.parametrize(("size", "refused"), [(64_000, False), (64_001, True)])
def test_so_long_a_head_and_no_longer(size, refused):
    line = b"X: " + b"a" * 995 + b"\r\n"
    head = line * 70
    head = head[: size - 2].rstrip(b"\r\n")
    head = head + b"b" * (size - len(head))
    if refused:
        with pytest.raises(MailRejected, match="header_size"):
            read_mime(head + b"\n\nx")
    else:
        assert read_mime(head + b"\n\nx").parts[0].body == b"x"


@pytest.mark.parametrize(
    ("body", "bodies"),
    [
        (b"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", [b"one\r", b"two\r"]),
        (b"--b\n\none\n--b--\n", [b"one"]),
        (b"--b\n\nx--b\n--b--\n", [b"x--b"]),
        (b"--b\n\n--bc\n--b--\n", [b"--bc"]),
        (b"--b \t\n\none\n--b--\n", [b"one"]),
        (b"--b\n\none", [b"one"]),
        (b"--b--\n--b\n\none", []),
        (b"none", []),
    ],
)
def test_where_parts_begin_and_end(body, bodies):
    mime = read_mime(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body)
    assert [part.body for part in mime.parts] == bodies


def test_a_body_without_a_head():
    for raw in (b"\nx", b"\r\nx"):
        mime = read_mime(raw)
        assert (mime.headers.fields, mime.parts[0].body) == ((), b"x")
        assert mime.headers.sound


def test_folded_lines_are_one_value_and_letters_may_be_broken():
    headers = read_headers(b"A: x\r\n\ty\r\n  z\r\nB: \xff")
    assert headers.fields == (("a", "x y z"), ("b", "\ufffd"))
    assert headers.lines_of_first("a") == (" x", "\ty", "  z")
    assert headers.lines_of_first("c") == ()


@pytest.mark.parametrize(("deep", "reason"), [(10, None), (11, "mime_nesting")])
def test_so_deep_and_no_deeper(deep, reason):
    tree = ("text/plain", b"x")
    for _ in range(deep):
        tree = [tree]
    if reason is None:
        assert len(read_mime(source(tree)).parts) == 1
        return
    with pytest.raises(MailRejected) as raised:
        read_mime(source(tree))
    assert raised.value.reason == reason


@pytest.mark.parametrize(("count", "refused"), [(50, False), (51, True)])
def test_so_many_parts_and_no_more(count, refused):
    tree = [("text/plain", b"x")] * count
    if refused:
        with pytest.raises(MailRejected, match="mime_parts"):
            read_mime(source(tree))
    else:
        assert len(read_mime(source(tree)).parts) == count
