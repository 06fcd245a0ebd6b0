"""Data keys: made, learned by running workers, rotated and rewrapped while values change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from nudger.store import data_keys, tables
from nudger.store.data_keys import (
    SEALED,
    add_data_key,
    forget_unused,
    opens,
    reseal,
    rewrap,
    use_data_keys,
    wrapped_keys,
)
from nudger.store.secrets import Secrets
from nudger.store.vault import BY_ADMIN_KEY, BY_DATA_KEY, SealBroken, Vault, new_key, read_key

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def new_vault() -> Vault:
    return Vault(read_key(new_key()))


def beginnings(database) -> set[bytes]:
    with database.read() as tx:
        return {bytes(sealed[:5]) for sealed in tx.scalars(select(tables.secret.c.sealed))}


@pytest.fixture
def vault(database):
    made = new_vault()
    use_data_keys(made, database, NOW)
    return made


@pytest.fixture
def secrets(database, vault):
    kept = Secrets(vault)
    with database.begin() as tx:
        for number in range(250):
            kept.put(tx, f"google:{number}", f"token {number}", NOW)
    return kept


def tokens(database, vault) -> list[str]:
    with database.read() as tx:
        return [str(Secrets(vault).get(tx, f"google:{number}")) for number in range(250)]


def test_the_first_data_key_is_made_once_and_seals_from_then_on(database, vault):
    other = new_vault()
    with pytest.raises(SealBroken):
        use_data_keys(other, database, NOW)
    use_data_keys(vault, database, NOW)
    assert len(wrapped_keys(database)) == 1
    assert vault.seal(b"x", "here")[:5] == BY_DATA_KEY + (1).to_bytes(4, "big")


def test_a_wrong_key_makes_no_data_key_where_something_is_sealed_already(database):
    right = new_vault()
    with database.begin() as tx:
        Secrets(right).put(tx, "google:ana", "token", NOW)
    with pytest.raises(SealBroken):
        use_data_keys(new_vault(), database, NOW)
    assert wrapped_keys(database) == {}
    use_data_keys(right, database, NOW)
    with database.read() as tx:
        assert Secrets(right).get(tx, "google:ana") == "token"


def test_rotation_reseals_what_was_sealed_without_and_with_another_data_key(
    database, secrets, vault
):
    with database.begin() as tx:
        Secrets(vault).put(tx, "google:0", "token 0", NOW)
    old_way = Vault(read_key(new_key()))
    assert old_way.seal(b"x", "y")[:1] == BY_ADMIN_KEY
    assert add_data_key(database, vault, NOW) == 2
    assert list(reseal(database, vault)) == [100, 100, 50]
    assert beginnings(database) == {BY_DATA_KEY + (2).to_bytes(4, "big")}
    assert tokens(database, vault) == [f"token {number}" for number in range(250)]
    assert list(reseal(database, vault)) == []


def test_a_running_worker_opens_what_a_newer_key_sealed_and_seals_with_it_after_its_next_tick(
    database, secrets, vault
):
    worker = Vault.__new__(Vault)
    worker.__dict__.update(vault.__dict__)
    add_data_key(database, vault, NOW)
    assert worker.seal(b"x", "y")[:5].endswith(b"\x01")
    sum(reseal(database, vault))
    assert tokens(database, worker) == [f"token {number}" for number in range(250)]
    worker.refresh()
    assert worker.seal(b"x", "y")[:5].endswith(b"\x02")


def test_a_value_that_changes_while_it_is_resealed_is_left_alone(database, secrets, vault):
    add_data_key(database, vault, NOW)
    stale = data_keys._stale(database, vault, SEALED[0], None)
    with database.begin() as tx:
        secrets.put(tx, "google:0", "newer", NOW)
    with database.begin() as tx:
        done = [data_keys._reseal_one(tx, vault, SEALED[0], row) for _, row in stale]
    assert done.count(0) == 1
    assert tokens(database, vault)[0] == "newer"


def test_another_admin_key_opens_everything_and_the_old_one_nothing(database, secrets, vault):
    fresh = new_vault()
    assert rewrap(database, vault, fresh) == 1
    use_data_keys(fresh, database, NOW)
    assert tokens(database, fresh)[249] == "token 249"
    with database.read() as tx:
        assert opens(tx, fresh)
    again = new_vault()
    with pytest.raises(SealBroken):
        use_data_keys(again, database, NOW)


def test_values_without_a_data_key_stop_a_rewrap_until_they_are_resealed(database):
    admin = new_vault()
    with database.begin() as tx:
        Secrets(admin).put(tx, "google:ana", "token", NOW)
    use_data_keys(admin, database, NOW)
    with pytest.raises(SealBroken, match="nudger key rotate"):
        rewrap(database, admin, new_vault())
    assert sum(reseal(database, admin)) == 1
    assert rewrap(database, admin, new_vault()) == 1


@pytest.mark.parametrize(
    ("age", "resealed", "left"),
    [
        (timedelta(days=2), True, [2]),
        (timedelta(days=2), False, [1, 2]),
        (timedelta(), True, [1, 2]),
    ],
)
def test_an_old_data_key_goes_when_nothing_needs_it_and_everybody_knows_the_new_one(
    database, secrets, vault, age, resealed, left
):
    add_data_key(database, vault, NOW)
    if resealed:
        sum(reseal(database, vault))
    with database.begin() as tx:
        forget_unused(tx, NOW + age)
    assert sorted(wrapped_keys(database)) == left


def test_every_sealed_column_is_known(database):
    """A column of bytes is sealed or says here why not."""
    plain = {"data_key.wrapped"}
    with database.read() as tx:
        tx.execute(text("SELECT 1"))
    columns = {
        str(column)
        for table in tables.metadata.tables.values()
        for column in table.c
        if column.type.__class__.__name__ == "LargeBinary"
    }
    assert columns - plain == {str(one.column) for one in SEALED}
