"""Finding a resident: by name, pinyin initials, record number; best first; never another institution's."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from records.errors import Conflict
from records.ids import ConsultId, ResidentId
from records.ledger import Ledger
from records.names import name_initials
from records.residents import IdentityKind, Resident
from records.store.database import Database
from tests.fakes.records import BINJIANG, LI_JIANGUO, LIUXI, SHEN_YULAN, WANG_XIUYING
from tests.records.values import consult, later

NAMES = ("王秀兰", "单雄信", "欧阳王秀", "Anna Schmidt", "100%", "曾_华")


def resident(name: str, number: str, **changes: object) -> Resident:
    same = {"id": ResidentId(name), "name": name, "name_initials": name_initials(name)}
    return msgspec.structs.replace(WANG_XIUYING, **{**same, "record_number": number, **changes})


@pytest.fixture
async def crowd(records: Database) -> AsyncIterator[Database]:
    def fill(ledger: Ledger) -> None:
        for name in NAMES:
            ledger.residents.add(resident(name, ledger.residents.next_record_number(BINJIANG.id)))

    await records.write(fill)
    yield records


async def names(records: Database, query: str, limit: int = 50) -> list[str]:
    found = await records.read(lambda ledger: ledger.residents.search(query, BINJIANG.id, limit))
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("王秀英", ["王秀英"]),
        ("王秀", ["王秀兰", "王秀英", "欧阳王秀"]),
        ("秀", ["欧阳王秀", "王秀兰", "王秀英"]),
        ("wxy", ["王秀英"]),
        ("WX", ["王秀兰", "王秀英", "欧阳王秀"]),
        ("sxx", ["单雄信"]),
        ("ljg", ["李建国"]),
        ("anna", ["Anna Schmidt"]),
        ("schm", ["Anna Schmidt"]),
        (" 王　秀英 ", ["王秀英"]),
        ("90000000000100001", ["王秀英"]),
        ("00002", ["李建国"]),
        ("沈玉兰", []),
        ("syl", []),
        ("90000000000200001", []),
        ("没有这个人", []),
    ],
)
async def test_a_query_finds(crowd: Database, query: str, found: list[str]) -> None:
    assert await names(crowd, query) == found


@pytest.mark.parametrize("query", ["%", "_"])
async def test_marks_of_patterns_are_only_characters(crowd: Database, query: str) -> None:
    assert await names(crowd, query) == [name for name in NAMES if query in name]


async def test_quotes_are_only_characters(crowd: Database) -> None:
    assert await names(crowd, "' OR 1=1 --") == []


async def test_the_limit_keeps_the_best(crowd: Database) -> None:
    assert await names(crowd, "王秀", limit=1) == ["王秀兰"]


async def test_an_empty_query_finds_those_seen_last(records: Database) -> None:
    def see(ledger: Ledger) -> None:
        ledger.consults.add(consult(resident_id=LI_JIANGUO.id, asked_at=later(5)))

    assert await names(records, "") == ["李建国", "王秀英"]
    await records.write(
        lambda ledger: ledger.consults.add(
            consult(id=ConsultId("w"), number="HZ-20261123-0002", asked_at=later(1))
        )
    )
    assert await names(records, " ") == ["王秀英", "李建国"]
    await records.write(see)
    assert await names(records, "") == ["李建国", "王秀英"]


async def test_the_other_institution_finds_its_own(records: Database) -> None:
    found = await records.read(lambda ledger: ledger.residents.search("syl", LIUXI.id, 50))
    assert found == (SHEN_YULAN,)


async def test_a_changed_resident_is_found_by_what_she_is_called_now(records: Database) -> None:
    await records.write(
        lambda ledger: ledger.residents.save(
            resident("单秀英", WANG_XIUYING.record_number, id=WANG_XIUYING.id)
        )
    )
    assert await names(records, "wxy") == []
    assert await names(records, "sxy") == ["单秀英"]


async def test_record_numbers_run_on_within_an_institution(crowd: Database) -> None:
    numbers = await crowd.write(
        lambda ledger: [ledger.residents.next_record_number(BINJIANG.id) for _ in range(2)]
    )
    assert numbers == ["90000000000100009", "90000000000100010"]
    assert (
        await crowd.read(lambda ledger: ledger.residents.by_record_number("90000000000100002")) == LI_JIANGUO
    )
    assert await crowd.read(lambda ledger: ledger.residents.by_record_number("1")) is None


async def test_the_same_card_is_registered_once_at_an_institution(records: Database) -> None:
    card = {"identity_kind": IdentityKind.RESIDENT_ID_CARD, "identity_number": "11010519491231002X"}
    await records.write(lambda ledger: ledger.residents.add(resident("甲", "90000000000100003", **card)))
    with pytest.raises(Conflict):
        await records.write(
            lambda ledger: ledger.residents.add(
                resident("乙", "90000000000100004", **{**card, "identity_number": "11010519491231002x"})
            )
        )
    await records.write(
        lambda ledger: ledger.residents.add(
            resident("丙", "90000000000200002", institution_id=LIUXI.id, **card)
        )
    )
