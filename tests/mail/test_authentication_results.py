"""What a mailbox's server says of a sender, told from what the sender says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.mail.authentication_results import AuthResult, read_results

WORDS = st.text(st.sampled_from("abcz09-."), min_size=1, max_size=8).filter(
    lambda w: w[0].isalpha()
)
NAMES = st.sampled_from(
    ["header.from", "header.d", "header.i", "smtp.mailfrom", "reason", "policy.p"]
)
RESULTS = st.builds(
    AuthResult,
    st.sampled_from(["dkim", "spf", "dmarc", "arc", "compauth"]),
    st.sampled_from(["pass", "fail", "none", "softfail"]),
    st.dictionaries(NAMES, WORDS, max_size=3),
)
SPACES = st.sampled_from([" ", "  ", "\t", " (a comment) ", " (dmarc=pass; x) ", " (a (b) \\) c) "])
FORGED = st.text(st.sampled_from("dmarc=pass; header.from=ourco.com()"), max_size=60)


def written(result, space):
    words = [f"{result.method}={result.result}"]
    words += [f"{name}={value}" for name, value in result.properties.items()]
    return space.join(words)


@given(st.lists(RESULTS, max_size=5), SPACES)
def test_results_come_back_as_they_were_written(results, space):
    text = ";".join(["mx.google.com", *(f"{space}{written(one, space)}{space}" for one in results)])
    read = read_results(text)
    assert (read.server, read.results, read.sound) == ("mx.google.com", tuple(results), True)


@given(st.lists(RESULTS, max_size=3), FORGED, st.sampled_from(['"{}"@evil.com', "({})"]))
def test_nothing_inside_quotes_or_a_comment_is_a_result(results, forged, form):
    """The value may be refused, but never says more than the server did."""
    hidden = form.format(forged.replace("(", "").replace(")", ""))
    text = ";".join(["mx.google.com", f"spf=pass smtp.mailfrom={hidden}", *(written(r, " ") for r in results)])  # fmt: skip
    read = read_results(text)
    assert read.sound
    assert read.results[1:] == tuple(results)
    assert (read.results[0].method, read.results[0].result) == ("spf", "pass")
    assert set(read.results[0].properties) == {"smtp.mailfrom"}


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("mx.google.com; none", "mx.google.com"),
        ("MX.Google.com 1; none", "mx.google.com"),
        ("mx.google.com evil; none", ""),
        ("mx.google.com (x) 1; none", "mx.google.com"),
        ('"mx.google.com"; none', ""),
        ("; none", ""),
        ('mx.google.com "x"; none', ""),
        ('"x"mx.google.com; none', ""),
        ("mx(.evil).google.com; none", ""),
        ("mx.google.com(x)1; none", "mx.google.com"),
        ("", ""),
        ("spf=pass smtp.mailfrom=a.co; dkim=none", None),
    ],
)
def test_whose_word_it_is(value, server):
    read = read_results(value)
    assert read.server == server
    assert read.sound is (server != "")


@pytest.mark.parametrize(
    "value",
    [
        "mx; spf=pass (dmarc=pass",
        'mx; spf=pass smtp.mailfrom="a',
        'mx; spf=pass smtp.mailfrom="a\\',
        "mx; xdmarc pass",
        "mx; dmarc",
        "mx; dmarc = = pass",
        "mx; dmarc=pass=fail",
    ],
)
def test_what_cannot_be_told_apart_is_not_sound(value):
    assert not read_results(value).sound


@pytest.mark.parametrize("blank", ["\u00a0", "\u2028", "\u3000", "\x1c"])
def test_a_blank_of_another_script_parts_nothing(blank):
    """A local part may hold it unquoted (RFC 6532)."""
    read = read_results(f"mx; spf=pass smtp.mailfrom=a{blank}header.from=ourco.com")
    assert "header.from" not in read.results[0].properties


@pytest.mark.parametrize(
    ("value", "dmarc"),
    [
        ("mx; dmarc = pass header.from = A.co", [("pass", {"header.from": "a.co"})]),
        ("mx; dmarc/1=pass", [("pass", {})]),
        ("mx; dmarc=fail; dmarc=pass", [("fail", {}), ("pass", {})]),
        ("mx; dmarc=pass header.from=a header.from=b", [("pass", {"header.from": ""})]),
        ("mx; DMARC=PASS", [("pass", {})]),
        ("spf=fail;dmarc=none action=none", [("none", {"action": "none"})]),
    ],
)
def test_dmarc(value, dmarc):
    found = read_results(value).of("dmarc")
    assert [(one.result, one.properties) for one in found] == dmarc
