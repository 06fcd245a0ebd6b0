"""An account at Google or Microsoft is one rep's for good, and a rep has one."""

from __future__ import annotations

from nudger.store import addon_accounts
from tests.store.mails import NOW


def test_an_account_is_one_reps_and_a_rep_has_one(database, two_reps):
    ana, mia = (rep.id for rep in two_reps)
    with database.begin() as tx:
        assert addon_accounts.rep_of(tx, "anas") is None
        assert addon_accounts.bind(tx, "anas", ana, NOW)
        for subject_hash, rep_id in (("anas", ana), ("anas", mia), ("another", ana)):
            assert not addon_accounts.bind(tx, subject_hash, rep_id, NOW)
        assert addon_accounts.bind(tx, "mias", mia, NOW)
        found = [addon_accounts.rep_of(tx, one) for one in ("anas", "mias", "another")]
    assert found == [ana, mia, None]
