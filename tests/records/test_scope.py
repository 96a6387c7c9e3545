"""Who may see which resident: every role, from near and from far."""

import msgspec
import pytest

from records.accounts import Account
from records.consults import Consult, ConsultState
from records.emergency import granted
from records.errors import NotFound
from records.ids import AccountId, ResidentId
from records.scope import Sight, resident_in_scope, sight_of
from records.store.database import Database
from tests.fakes.records import (
    CHEN,
    HAN,
    LI_JIANGUO,
    NOW,
    RESPIRATORY,
    STATION,
    SUN,
    WANG_XIUYING,
    WU,
    ZHAO,
    ZHOU,
)
from tests.records.values import consult, later

EVERYBODY = (ZHOU, WU, CHEN, ZHAO, HAN, STATION, SUN)


def sight(account: Account, *consults: Consult) -> Sight:
    return sight_of(account, WANG_XIUYING, consults, None, NOW)


@pytest.mark.parametrize("account", EVERYBODY, ids=lambda account: account.sign_in_name)
def test_without_a_consult_only_the_residents_own_station_sees_her(account: Account) -> None:
    assert sight(account) is (Sight.RECORD if account in (ZHOU, WU) else Sight.NONE)


def test_a_waiting_request_shows_itself_to_its_specialty_only() -> None:
    assert [sight(account, consult()) for account in (CHEN, ZHAO, SUN, HAN, STATION)] == [
        Sight.REQUEST,
        Sight.REQUEST,
        Sight.NONE,
        Sight.NONE,
        Sight.NONE,
    ]
    assert sight(CHEN, consult(specialty=RESPIRATORY)) is Sight.NONE


def test_once_taken_it_is_hidden_from_the_other_specialists() -> None:
    taken = consult(state=ConsultState.ACCEPTED, specialist_id=CHEN.id)
    assert (sight(CHEN, taken), sight(ZHAO, taken)) == (Sight.RECORD, Sight.NONE)


def test_who_was_handed_or_added_to_a_consult_sees_the_record() -> None:
    assert sight(ZHAO, consult(handed_to=ZHAO.id)) is Sight.RECORD
    busy = consult(
        state=ConsultState.IN_CALL, specialist_id=CHEN.id, added_specialist_ids=(AccountId(ZHAO.id),)
    )
    assert sight(ZHAO, busy) is Sight.RECORD


def test_a_consult_of_another_resident_opens_nothing() -> None:
    assert sight(CHEN, consult(resident_id=LI_JIANGUO.id, specialist_id=CHEN.id)) is Sight.NONE


def test_an_id_in_a_consult_opens_nothing_to_other_roles() -> None:
    for account in (SUN, HAN, STATION):
        assert sight(account, consult(specialist_id=account.id, handed_to=account.id)) is Sight.NONE


def test_a_disabled_account_sees_nothing() -> None:
    assert sight(msgspec.structs.replace(ZHOU, disabled=True)) is Sight.NONE


def test_emergency_access_opens_one_resident_to_one_person_for_an_hour() -> None:
    access = granted(
        access_id="e", resident_id=WANG_XIUYING.id, account_id=SUN.id, reason="昏迷抢救", now=NOW
    )
    seen = [sight_of(SUN, WANG_XIUYING, (), access, later(minutes)) for minutes in (-1, 0, 59.9, 60)]
    assert seen == [Sight.NONE, Sight.EMERGENCY, Sight.EMERGENCY, Sight.NONE]
    assert sight_of(SUN, LI_JIANGUO, (), access, NOW) is Sight.NONE
    assert sight_of(CHEN, WANG_XIUYING, (), access, NOW) is Sight.NONE


def test_emergency_access_is_not_for_administrators() -> None:
    access = granted(
        access_id="e", resident_id=WANG_XIUYING.id, account_id=HAN.id, reason="昏迷抢救", now=NOW
    )
    assert sight_of(HAN, WANG_XIUYING, (), access, NOW) is Sight.NONE


async def test_a_foreign_resident_and_a_missing_one_answer_alike(records: Database) -> None:
    with pytest.raises(NotFound) as foreign:
        await records.read(lambda ledger: resident_in_scope(ledger, SUN, WANG_XIUYING.id, NOW))
    with pytest.raises(NotFound) as missing:
        await records.read(lambda ledger: resident_in_scope(ledger, SUN, ResidentId("nobody"), NOW))
    assert str(foreign.value) == str(missing.value)


async def test_the_scope_is_decided_from_the_stored_consults(records: Database) -> None:
    await records.write(
        lambda ledger: ledger.consults.add(consult(state=ConsultState.ACCEPTED, specialist_id=CHEN.id))
    )
    found = await records.read(lambda ledger: resident_in_scope(ledger, CHEN, WANG_XIUYING.id, NOW))
    assert found == (WANG_XIUYING, Sight.RECORD)
