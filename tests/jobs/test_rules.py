"""From what the admin decided to what judging goes by."""

from __future__ import annotations

import pytest

from nudger.config import MeetingSettings, Settings
from nudger.domain.domains import PartyKind
from nudger.domain.titles import bundled_title_words
from nudger.jobs.rules import load_rules
from nudger.store.database import Database


@pytest.fixture
def rules(tmp_path):
    """The rules for given `[meetings]` settings."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.upgrade()

    def load(**meetings):
        settings = Settings(write_back="private", meetings=MeetingSettings(**meetings))
        with database.read() as tx:
            return load_rules(tx, settings)

    yield load
    database.close()


def test_title_words_come_beside_the_bundled_ones(rules):
    policy = rules(title_words={"en": ["audit"], "de": ["Messe"]}).policies[None]
    assert policy.title_words == (*bundled_title_words(), "audit", "Messe")


def test_the_bundled_title_words_can_be_taken_out(rules):
    policy = rules(title_words=["webinar"], bundled_title_words=False).policies[None]
    assert policy.title_words == ("webinar",)


def test_listed_bots_are_nobody(rules):
    domains = rules(note_takers=["bots.com", "notes@acme.com"]).policies[None].rules
    assert domains.classify("x@eu.bots.com").kind is PartyKind.NOBODY
    assert domains.classify("notes@acme.com").kind is PartyKind.NOBODY
    assert domains.classify("dana@acme.com").kind is PartyKind.OUTSIDE


def test_other_words_make_other_rules(rules):
    versions = {rules().version, rules(title_words=["x"]).version,
                rules(bundled_title_words=False).version}  # fmt: skip
    assert len(versions) == 3
