"""Keys: who has which, what opens with which, and what is readable without."""

import os
from pathlib import Path

import pytest

from records.errors import KeyMissing, NotFound, SealBroken
from records.ids import ResidentId
from records.store.database import Database
from records.store.vault import STORE, Cipher, Vault
from tests.fakes.records import LI_JIANGUO, WANG_XIUYING, fake_records

AAD = b"segment 1"


def test_a_new_key_file_is_its_owners_only_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    Vault.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        Vault.create(path)


def test_what_is_sealed_opens_again_and_is_never_sealed_alike() -> None:
    cipher = Cipher(os.urandom(32))
    first, second = cipher.seal(b"samples", AAD), cipher.seal(b"samples", AAD)
    assert first != second
    assert cipher.open(first, AAD) == cipher.open(second, AAD) == b"samples"
    assert b"samples" not in first


def test_any_changed_bit_and_any_other_place_is_refused() -> None:
    cipher = Cipher(os.urandom(32))
    sealed = cipher.seal(b"samples", AAD)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            cipher.open(changed, AAD)
    with pytest.raises(SealBroken):
        cipher.open(sealed, b"segment 2")


@pytest.mark.parametrize("length", [0, 11, 12, 27])
def test_too_few_bytes_are_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        Cipher(os.urandom(32)).open(bytes(length), AAD)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "does not hold"), (b"c2hvcnQ=\n", "does not hold"), (b"\xff" * 44, "does not hold")],
)
def test_a_file_without_a_key_in_it_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyMissing, match=told):
        Vault.open(path)


def test_a_missing_key_file_is_told_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=str(tmp_path)):
        Vault.open(tmp_path / "master.key")


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    Vault.create(path)
    path.chmod(0o644)
    with pytest.raises(KeyMissing, match="chmod 600"):
        Vault.open(path)


def test_a_key_is_checked_against_what_it_wrapped(tmp_path: Path) -> None:
    check = Vault.create(tmp_path / "right.key").new_key(STORE)
    Vault.create(tmp_path / "wrong.key")
    Vault.open(tmp_path / "right.key", check)
    with pytest.raises(KeyMissing, match="does not fit"):
        Vault.open(tmp_path / "wrong.key", check)


def test_a_data_key_cannot_be_given_to_another_resident() -> None:
    vault = Vault(os.urandom(32))
    with pytest.raises(KeyMissing):
        vault.cipher("li", vault.new_key("wang"))


async def test_a_store_does_not_start_with_another_key(tmp_path: Path) -> None:
    await (await fake_records(tmp_path)).close()
    with pytest.raises(KeyMissing, match="restore the right key"):
        await Database.open(tmp_path, Vault.create(tmp_path / "another.key"))
    right = await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    await right.close()


async def test_each_resident_has_a_key_of_her_own(records: Database) -> None:
    wang, li = await records.cipher(WANG_XIUYING.id), await records.cipher(LI_JIANGUO.id)
    sealed = wang.seal(b"samples", AAD)
    assert records.cipher_blocking(WANG_XIUYING.id).open(sealed, AAD) == b"samples"
    with pytest.raises(SealBroken):
        li.open(sealed, AAD)
    with pytest.raises(NotFound):
        await records.cipher(ResidentId("nobody"))


async def test_a_new_master_key_opens_what_was_sealed_before_and_the_old_one_nothing(tmp_path: Path) -> None:
    records = await fake_records(tmp_path)
    sealed = (await records.cipher(WANG_XIUYING.id)).seal(b"samples", AAD)
    assert await records.rotate(Vault.create(tmp_path / "new.key")) == 4
    assert (await records.cipher(WANG_XIUYING.id)).open(sealed, AAD) == b"samples"
    assert await records.read(lambda ledger: ledger.residents.get(WANG_XIUYING.id)) == WANG_XIUYING
    await records.close()
    with pytest.raises(KeyMissing):
        await Database.open(tmp_path, Vault.open(tmp_path / "master.key"))
    await (await Database.open(tmp_path, Vault.open(tmp_path / "new.key"))).close()


def everything_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.iterdir() if path.is_file())


async def test_identity_numbers_and_phones_are_nowhere_readable_in_the_files(tmp_path: Path) -> None:
    await (await fake_records(tmp_path)).close()
    content = everything_in(tmp_path)
    assert WANG_XIUYING.name.encode() in content  # what is searched is in the clear
    assert WANG_XIUYING.identity_number.encode() not in content
    assert WANG_XIUYING.phone.encode() not in content
