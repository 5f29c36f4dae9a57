"""Personal data at rest: sealed, findable by hash, and sealed anew when the key changes."""

import pytest
from sqlalchemy import select, text

from bot.rotation import rotate
from models import vault
from models.people import Person
from tests.people import DONG_SON


def test_what_is_sealed_is_opened_by_the_same_ring_only():
    ring = vault.Vault(vault.new_key())
    sealed = ring.seal("Trần Văn Bình".encode())
    assert ring.open(sealed).decode() == "Trần Văn Bình"
    with pytest.raises(vault.VaultError, match="no key"):
        vault.Vault(vault.new_key()).open(sealed)


def test_damage_is_noticed():
    ring = vault.Vault(vault.new_key())
    sealed = bytearray(ring.seal(b"0912345678"))
    sealed[-1] ^= 1
    with pytest.raises(vault.VaultError, match="damaged"):
        ring.open(bytes(sealed))


def test_the_same_words_are_never_sealed_the_same():
    ring = vault.Vault(vault.new_key())
    assert ring.seal(b"x") != ring.seal(b"x")


@pytest.mark.parametrize(
    ("keys", "why"), [("", "no key"), ("abc", "not base64|32 bytes"), ("aGVsbG8=", "32 bytes")]
)
def test_a_bad_key_says_what_is_wrong(keys, why):
    with pytest.raises(vault.VaultError, match=why):
        vault.Vault(keys)


async def test_nothing_personal_lies_open_in_the_database(town):
    citizen = town.person("nha-binh")
    for said in ("nhà tôi sập rồi", "không", "[Đồng ý]", "đông sơn", "Phước Thiện", "gần chợ"):
        await citizen.says(said)
        await citizen.unread()
    for said in ("bão", "hôm nay", "gia đình tôi", "Trần Văn Bình", "4", "Không có", "hộ nghèo"):
        await citizen.says(said)
    await citizen.says("0912345678")
    async with town.app.engine.connect() as db:
        tables = await db.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        for table in tables.all():
            rows = await db.execute(text(f"SELECT t::text FROM {table} t"))  # noqa: S608
            whole = "\n".join(row[0] for row in rows)
            for word in ("Trần Văn Bình", "912345678", "gần chợ", "nhà tôi sập"):
                assert word not in whole, f"{word} in {table}"


async def test_a_new_key_seals_everything_again(town, key):
    citizen = town.person("nha-binh")
    await citizen.says("nhà tôi sập rồi")
    newer = vault.new_key()
    both = vault.Vault(f"{newer},{key}")
    vault.use(both)
    try:
        assert await rotate(town.app.engine, both, town.app.store) > 0
        again = await rotate(town.app.engine, both, town.app.store)
        assert again == 0, "a second run finds nothing to do"
        vault.use(vault.Vault(newer))
        await citizen.says("không")
        assert "cho phép" in await citizen.hears()
    finally:
        vault.use(vault.Vault(key))


async def test_a_person_is_found_by_number_through_the_hash(town):
    ring = vault.current()
    async with town.app.engine.begin() as db:
        await db.execute(
            Person.__table__.insert().values(
                id="00000000-0000-4000-8000-000000000001",
                commune=DONG_SON,
                phone_hash=ring.fingerprint("+84912345678"),
            )
        )
    found = await town.rows(
        select(Person.id).where(Person.phone_hash.in_(ring.fingerprints("+84912345678")))
    )
    assert len(found) == 1
