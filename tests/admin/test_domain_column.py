"""A CRM's list of accounts, as spreadsheets and CRMs write it."""

from __future__ import annotations

import pytest

from nudger.admin.domain_column import read_accounts
from nudger.admin.spreadsheet import NotAList

TABLE = "Account Name;Website;City\nAcme GmbH;https://www.acme.com/de;Köln\nBücher;bücher.de;Ulm\n"
BOTH = ["acme.com", "xn--bcher-kva.de"]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.encode("cp1252"),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        b"sep=;\r\n" + TABLE.replace("\n", "\r\n").encode(),
        b"\r\n\r\n" + TABLE.encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "le", "be", "1252", "commas", "tabs", "crlf", "sep", "blank"],
)
def test_each_way_that_spreadsheets_write(content):
    accounts = read_accounts(content)
    assert list(accounts.entries) == BOTH
    assert (accounts.column, accounts.lines, accounts.blank, accounts.problems) == (
        "Website",
        2,
        0,
        (),
    )


@pytest.mark.parametrize(
    ("text", "column", "entries"),
    [
        ("Name,Company domain name\nAcme,acme.com\n", "Company domain name", ["acme.com"]),
        ("Name,E-Mail\nAcme,dana@eu.acme.com\n", "E-Mail", ["acme.com"]),
        ("Website,Email\n,dana@acme.com\n,sam@globex.com\n", "Email", ["acme.com", "globex.com"]),
        ("Company\nacme.com\n", "Company", ["acme.com"]),
        ("acme.com\nglobex.com\n", "column 1", ["acme.com", "globex.com"]),
        ("1;acme.com\n2;globex.com\n", "column 2", ["acme.com", "globex.com"]),
        ("Kunde;Netz\nAcme;acme.com\n", "Netz", ["acme.com"]),
        ('Domains\n"acme.com; globex.com"\n', "Domains", ["acme.com", "globex.com"]),
        ("Domain\nACME.com.\nhttp://acme.com:8080/x?y=a.b\n", "Domain", ["acme.com"]),
        ("Domain\nwww.acme.co.uk\n", "Domain", ["acme.co.uk"]),
        ("Email\ntiny.shop@gmail.com\nx@acme.com\n", "Email", ["tiny.shop@gmail.com", "acme.com"]),
    ],
)
def test_which_column_it_is_and_what_it_says(text, column, entries):
    accounts = read_accounts(text.encode())
    assert (accounts.column, list(accounts.entries)) == (column, entries)


def test_what_is_not_understood_is_told_with_its_line():
    text = (
        'Name,Website\n"Two\nlines",acme.com\nA,linkedin.com/company/a\nB,gmail.com\nC,\nD,n/a\n'
        "E,co.uk\nF,see below\nG,10.0.0.1\nH,google.com\n"
    )
    accounts = read_accounts(text.encode())
    told = [(one.line, one.text) for one in accounts.problems]
    assert told == [
        (4, "linkedin.com/company/a"), (5, "gmail.com"), (8, "co.uk"), (9, "see"), (9, "below"),
        (10, "10.0.0.1"),
    ]  # fmt: skip
    assert accounts.blank == 2
    assert list(accounts.entries) == ["acme.com", "google.com"]


def test_the_column_can_be_named():
    text = b"Website,Parent\nacme.com,globex.com\n"
    assert list(read_accounts(text, "parent").entries) == ["globex.com"]
    with pytest.raises(NotAList, match="Website, Parent"):
        read_accounts(text, "nope")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Name,City\nAcme,Bonn\n", "--column"),
        (b"PK\x03\x04\0\0x", "save the sheet as CSV"),
        (b"\xff\xfea", "CSV"),
        (b'Domain\n"' + b"x" * 200_000, "line 2"),
    ],
)
def test_what_is_no_list_says_so(content, says):
    with pytest.raises(NotAList, match=says):
        read_accounts(content)
