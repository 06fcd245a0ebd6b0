"""No value of a row is in what an error of the database says, however it is shown."""

from __future__ import annotations

import logging
import traceback

import pytest
from sqlalchemy import JSON, Text, cast, insert, literal, select, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.types import Integer

from nudger.cli.logs import JsonLines
from nudger.domain.event import Provider
from nudger.store import tables
from nudger.store.database import Database, DatabaseProblem
from nudger.store.people import NewRep, add_rep
from nudger.store.tables.columns import Moment
from tests.databases import BOTH
from tests.office import NOW

EMAIL, NAME, ALIAS = "quokka@ourco.example", "Quokka Lemur", "zebrafink@ourco.example"
REP = {
    "email": EMAIL, "name": NAME, "provider": "google", "time_zone": "Pangolin/Axolotl",
    "aliases": [ALIAS], "position": 1, "state": "active", "added_at": NOW,
}  # fmt: skip
SEALED = b"Numbat"
WORDS = ("quokka", "lemur", "zebrafink", "pangolin", "numbat", SEALED.hex())

on_sqlite = pytest.mark.parametrize("kept_in", BOTH[:1])
on_postgresql = pytest.mark.parametrize("kept_in", BOTH[1:])
here = logging.getLogger(__name__)


@pytest.fixture
def shown(caplog):
    """Every way in which an error is shown."""

    def show(error):
        try:
            raise error
        except Exception as caught:
            here.exception("it failed: %s", caught)
        record = [one for one in caplog.records if one.name == here.name][-1]
        logged = [form.format(record) for form in (logging.Formatter("%(message)s"), JsonLines())]
        original = getattr(error, "orig", error)
        whole = "".join(traceback.format_exception(error))
        return "\n".join([str(error), repr(error), str(original), repr(original), whole, *logged])

    return show


def add(database, **changed):
    with database.begin() as tx:
        tx.execute(insert(tables.rep).values(**(REP | changed)))


def words_in(said):
    return [one for one in WORDS if one in said.lower()]


def test_an_address_that_is_there_already(database, shown):
    with database.begin() as tx:
        add_rep(tx, NewRep(EMAIL, Provider.GOOGLE, NAME), NOW)
    with pytest.raises(IntegrityError) as failed:
        add(database)
    said = shown(failed.value)
    assert words_in(said) == []
    assert "unique" in said.lower()
    assert "INSERT INTO rep" in said


def test_a_value_that_is_missing(database, shown):
    with pytest.raises(IntegrityError) as failed:
        add(database, provider=None)
    said = shown(failed.value)
    assert words_in(said) == []
    assert "provider" in said


def test_a_row_with_sealed_bytes(database, shown):
    row = {"name": EMAIL, "sealed": SEALED, "updated_at": None}
    with pytest.raises(IntegrityError) as failed, database.begin() as tx:
        tx.execute(insert(tables.secret).values(row))
    assert words_in(shown(failed.value)) == []


@on_postgresql
@pytest.mark.parametrize("kind", [Integer, Moment, JSON], ids=["number", "moment", "document"])
def test_a_value_of_another_kind(database, shown, kind):
    with pytest.raises(DataError) as failed, database.read() as tx:
        tx.execute(select(cast(cast(literal(EMAIL), Text), kind)))
    said = shown(failed.value)
    assert words_in(said) == []
    assert "a value was refused (22" in said


@on_sqlite
def test_text_that_cannot_be_read_back(database, shown):
    with database.begin() as tx:
        tx.execute(text("CREATE TABLE torn AS SELECT CAST(x'51756f6b6b61ff' AS TEXT) AS words"))
    with pytest.raises(OperationalError) as failed, database.read() as tx:
        tx.execute(text("SELECT words FROM torn")).all()
    said = shown(failed.value)
    assert words_in(said) == []
    assert "'words'" in said


def test_text_that_cannot_be_stored(database, shown):
    with pytest.raises(UnicodeEncodeError) as failed:
        add(database, name=f"{NAME} \ud800")
    said = shown(failed.value)
    assert words_in(said) == []
    assert "surrogates not allowed" in said


def test_what_is_wrong_with_a_statement_is_still_told(database):
    with (
        pytest.raises((ProgrammingError, OperationalError), match="nowhere"),
        database.read() as tx,
    ):
        tx.execute(text("SELECT 1 FROM nowhere"))


@on_postgresql
def test_why_nothing_can_be_connected_is_still_told(database_url):
    absent = Database(database_url.replace("nudger_test_", "nudger_absent_"))
    with pytest.raises(DatabaseProblem, match=r'database "nudger_absent_\w+" does not exist'):
        absent.revision()
