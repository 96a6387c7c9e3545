"""Consults and what belongs to them, as the store keeps them."""

import datetime as dt

import msgspec
import pytest

from records.consults import ChatLine, ConsentForm, ConsultState, IdentifierKind, IdentityCheck, OpinionState
from records.emergency import granted, reviewed
from records.errors import Conflict, NotFound, RuleBroken
from records.ids import BindingId, ChatLineId, ConsentId, ConsultId, OpinionId, ReadingId, RecordingId
from records.ledger import Ledger
from records.opinions import signed
from records.residents import Reading, ReadingKind, ReadingSource
from records.store.database import Database
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, NOW, SUN, WANG_XIUYING, WU, ZHAO, ZHOU
from tests.records.values import another_consult, binding, consent, consult, later, opinion, recording


@pytest.fixture
async def asked(records: Database) -> Database:
    await records.write(lambda ledger: ledger.consults.add(consult()))
    return records


async def test_a_consult_comes_back_as_it_was(asked: Database) -> None:
    assert await asked.read(lambda ledger: ledger.consults.get(consult().id)) == consult()


async def test_of_two_who_change_the_same_version_one_is_told(asked: Database) -> None:
    hers = consult(version=2, state=ConsultState.ACCEPTED, specialist_id=CHEN.id)
    late = consult(version=2, state=ConsultState.ACCEPTED, specialist_id=ZHAO.id)
    await asked.write(lambda ledger: ledger.consults.save(hers))
    with pytest.raises(Conflict, match="changed it first"):
        await asked.write(lambda ledger: ledger.consults.save(late))
    assert await asked.read(lambda ledger: ledger.consults.get(hers.id)) == hers


async def test_a_version_cannot_be_skipped(asked: Database) -> None:
    with pytest.raises(Conflict):
        await asked.write(lambda ledger: ledger.consults.save(consult(version=3)))


async def test_what_was_never_added_is_not_found(records: Database) -> None:
    for missing in (
        lambda ledger: ledger.consults.get(ConsultId("none")),
        lambda ledger: ledger.bindings.get(BindingId("none")),
        lambda ledger: ledger.recordings.get(RecordingId("none")),
        lambda ledger: ledger.emergency_accesses.get("none"),
        lambda ledger: ledger.residents.get("none"),
        lambda ledger: ledger.accounts.get("none"),
    ):
        with pytest.raises(NotFound):
            await records.read(missing)
    with pytest.raises(NotFound):
        await records.write(lambda ledger: ledger.consults.save(consult(version=2)))


async def test_open_ones_come_oldest_first_without_closed_and_cancelled(records: Database) -> None:
    def fill(ledger: Ledger) -> None:
        for running, state in enumerate(ConsultState):
            ledger.consults.add(another_consult(state.value, running, state=state, asked_at=later(-running)))

    await records.write(fill)
    found = await records.read(lambda ledger: ledger.consults.open())
    assert [one.state for one in found] == list(reversed(ConsultState))[2:]


async def test_a_consult_is_of_those_who_have_part_in_it_now(asked: Database) -> None:
    async def people() -> list[str]:
        everybody = (ZHOU, WU, CHEN, ZHAO, SUN)
        return [
            one.id
            for one in everybody
            if await asked.read(lambda ledger: ledger.consults.of_account(one.id))  # noqa: B023
        ]

    assert await people() == ["zhou"]
    await asked.write(lambda ledger: ledger.consults.save(consult(version=2, handed_to=ZHAO.id)))
    assert await people() == ["zhou", "zhao"]
    taken = consult(version=3, specialist_id=CHEN.id, added_specialist_ids=(CHEN.id,))
    await asked.write(lambda ledger: ledger.consults.save(taken))
    assert await people() == ["zhou", "chen"]


async def test_lists_come_newest_first_and_since_an_instant_oldest_first(records: Database) -> None:
    def fill(ledger: Ledger) -> None:
        for running in range(4):
            ledger.consults.add(another_consult(f"c{running}", running, asked_at=later(running)))

    await records.write(fill)
    of_resident = await records.read(lambda ledger: ledger.consults.of_resident(WANG_XIUYING.id))
    of_account = await records.read(lambda ledger: ledger.consults.of_account(ZHOU.id, limit=2))
    since = await records.read(lambda ledger: ledger.consults.since(later(2)))
    assert [one.id for one in of_resident] == ["c3", "c2", "c1", "c0"]
    assert [one.id for one in of_account] == ["c3", "c2"]
    assert [one.id for one in since] == ["c2", "c3"]


async def test_numbers_begin_anew_each_day_and_outgrow_four_digits(records: Database) -> None:
    day, next_day = dt.date(2026, 11, 23), dt.date(2026, 11, 24)

    def count(ledger: Ledger) -> list[str]:
        return [ledger.consults.next_number(day) for _ in range(10_000)]

    numbers = await records.write(count)
    assert (numbers[0], numbers[-1]) == ("HZ-20261123-0001", "HZ-20261123-10000")
    assert await records.write(lambda ledger: ledger.consults.next_number(next_day)) == "HZ-20261124-0001"


async def test_a_later_consent_stands_before_a_deferred_one(asked: Database) -> None:
    deferred = consent(form=ConsentForm.DEFERRED, reason="昏迷")
    made_up = consent(id=ConsentId("second"), recorded_at=later(30))
    await asked.write(lambda ledger: ledger.consults.add_consent(deferred))
    assert await asked.read(lambda ledger: ledger.consults.consent(consult().id)) == deferred
    await asked.write(lambda ledger: ledger.consults.add_consent(made_up))
    assert await asked.read(lambda ledger: ledger.consults.consent(consult().id)) == made_up


async def test_the_identity_check_and_the_chat_are_kept(asked: Database) -> None:
    check = IdentityCheck(
        consult_id=consult().id,
        identifiers=(IdentifierKind.NAME, IdentifierKind.BIRTH_DATE),
        confirmed_by=WU.id,
        confirmed_at=NOW,
    )
    again = msgspec.structs.replace(check, confirmed_by=ZHOU.id)
    lines = tuple(
        ChatLine(
            id=ChatLineId(f"line {n}"),
            consult_id=consult().id,
            author_id=ZHOU.id,
            said_at=later(-n),
            text="您好",
        )
        for n in range(3)
    )

    def fill(ledger: Ledger) -> None:
        ledger.consults.add_identity_check(check)
        ledger.consults.add_identity_check(again)
        for line in lines:
            ledger.consults.add_chat(line)

    assert await asked.read(lambda ledger: ledger.consults.identity_check(consult().id)) is None
    await asked.write(fill)
    assert await asked.read(lambda ledger: ledger.consults.identity_check(consult().id)) == again
    assert await asked.read(lambda ledger: ledger.consults.chat(consult().id)) == lines[::-1]


async def test_a_station_is_bound_once_at_a_time(asked: Database) -> None:
    second = binding(id=BindingId("second"), bound_at=later(10))
    ended = binding(ended_at=later(5))
    await asked.write(lambda ledger: ledger.bindings.add(binding()))
    with pytest.raises(Conflict):
        await asked.write(lambda ledger: ledger.bindings.add(second))
    assert await asked.read(lambda ledger: ledger.bindings.running_of_station(ended.station_id)) == binding()
    await asked.write(lambda ledger: ledger.bindings.save(ended))
    assert await asked.read(lambda ledger: ledger.bindings.running_of_station(ended.station_id)) is None
    assert await asked.read(lambda ledger: ledger.bindings.running_of_consult(consult().id)) is None
    await asked.write(lambda ledger: ledger.bindings.add(second))
    assert await asked.read(lambda ledger: ledger.bindings.running_of_consult(consult().id)) == second
    assert await asked.read(lambda ledger: ledger.bindings.of_consult(consult().id)) == (ended, second)


async def test_a_moved_recording_leaves_the_wrong_resident(asked: Database) -> None:
    def fill(ledger: Ledger) -> None:
        ledger.bindings.add(binding())
        ledger.recordings.add(recording(binding_id=binding().id))
        ledger.recordings.add(recording(id=RecordingId("older"), started_at=later(-60)))

    await asked.write(fill)
    assert await asked.read(lambda ledger: ledger.recordings.by_binding(binding().id)) == recording(
        binding_id=binding().id
    )
    moved = recording(binding_id=binding().id, resident_id=LI_JIANGUO.id)
    await asked.write(lambda ledger: ledger.recordings.save(moved))
    assert await asked.read(lambda ledger: ledger.recordings.of_resident(LI_JIANGUO.id)) == (moved,)
    of_wang = await asked.read(lambda ledger: ledger.recordings.of_resident(WANG_XIUYING.id))
    assert [one.id for one in of_wang] == ["older"]


async def test_a_draft_is_saved_version_by_version(asked: Database) -> None:
    with pytest.raises(Conflict, match="1 is the first"):
        await asked.write(lambda ledger: ledger.opinions.save(opinion(version=2)))
    await asked.write(lambda ledger: ledger.opinions.save(opinion()))
    second = opinion(version=2, findings="改动")
    await asked.write(lambda ledger: ledger.opinions.save(second))
    for stale in (opinion(), second, opinion(version=4), opinion(id=OpinionId("other"), version=3)):
        with pytest.raises(Conflict):
            await asked.write(lambda ledger, of=stale: ledger.opinions.save(of))  # type: ignore[misc]
    assert await asked.read(lambda ledger: ledger.opinions.of_consult(consult().id)) == second
    assert await asked.read(lambda ledger: ledger.opinions.signed_of_resident(WANG_XIUYING.id)) == ()


async def test_a_signed_opinion_never_changes(asked: Database) -> None:
    await asked.write(lambda ledger: ledger.opinions.save(opinion()))
    done = signed(opinion(), later())
    await asked.write(lambda ledger: ledger.opinions.save(done))
    changed = msgspec.structs.replace(done, version=3, findings="改动", state=OpinionState.DRAFT)
    with pytest.raises(RuleBroken, match="never changes"):
        await asked.write(lambda ledger: ledger.opinions.save(changed))
    assert await asked.read(lambda ledger: ledger.opinions.signed_of_resident(WANG_XIUYING.id)) == (done,)


async def test_the_latest_reading_of_each_kind(records: Database) -> None:
    def reading(name: str, kind: ReadingKind, minute: int) -> Reading:
        return Reading(
            id=ReadingId(name),
            resident_id=WANG_XIUYING.id,
            kind=kind,
            value=120.5,
            source=ReadingSource.TYPED,
            measured_at=later(minute),
            entered_by=WU.id,
        )

    readings = (
        reading("a", ReadingKind.PULSE_RATE, 1),
        reading("b", ReadingKind.PULSE_RATE, 3),
        reading("c", ReadingKind.SYSTOLIC_PRESSURE, 2),
    )
    for one in readings:
        await records.write(lambda ledger, of=one: ledger.readings.add(of))  # type: ignore[misc]
    latest = await records.read(lambda ledger: ledger.readings.latest(WANG_XIUYING.id))
    newest = await records.read(lambda ledger: ledger.readings.of_resident(WANG_XIUYING.id, limit=2))
    assert [one.id for one in latest] == ["c", "b"]
    assert [one.id for one in newest] == ["b", "c"]
    assert await records.read(lambda ledger: ledger.readings.latest(LI_JIANGUO.id)) == ()


async def test_a_repeated_command_is_undone_and_finds_the_first_answer(records: Database) -> None:
    def command(ledger: Ledger) -> bytes:
        kept = ledger.answers.get(ZHOU.id, "command 1")
        if kept is not None:
            return kept
        answer = ledger.consults.next_number(NOW.date()).encode()
        ledger.answers.keep(ZHOU.id, "command 1", answer, NOW)
        return answer

    def careless(ledger: Ledger) -> None:
        ledger.consults.next_number(NOW.date())
        ledger.answers.keep(ZHOU.id, "command 1", b"another", NOW)

    assert await records.write(command) == await records.write(command) == b"HZ-20261123-0001"
    with pytest.raises(Conflict):
        await records.write(careless)
    assert await records.write(lambda ledger: ledger.consults.next_number(NOW.date())) == "HZ-20261123-0002"
    assert await records.read(lambda ledger: ledger.answers.get(WU.id, "command 1")) is None


async def test_old_answers_are_forgotten(records: Database) -> None:
    await records.write(lambda ledger: ledger.answers.keep(ZHOU.id, "old", b"x", NOW))
    await records.write(lambda ledger: ledger.answers.keep(ZHOU.id, "new", b"y", later(5)))
    assert await records.write(lambda ledger: ledger.answers.forget_before(later(1))) == 1
    assert await records.read(lambda ledger: ledger.answers.get(ZHOU.id, "old")) is None
    assert await records.read(lambda ledger: ledger.answers.get(ZHOU.id, "new")) == b"y"


async def test_emergency_access_runs_for_an_hour_and_is_reviewed(records: Database) -> None:
    access = granted(
        access_id="e", resident_id=WANG_XIUYING.id, account_id=SUN.id, reason="昏迷抢救", now=NOW
    )
    await records.write(lambda ledger: ledger.emergency_accesses.add(access))

    async def running(minutes: float) -> object:
        return await records.read(
            lambda ledger: ledger.emergency_accesses.running(SUN.id, WANG_XIUYING.id, later(minutes))
        )

    assert [await running(minutes) for minutes in (-1, 0, 59, 60)] == [None, access, access, None]
    done = reviewed(access, by=HAN.id, note="核实", now=later(90))
    await records.write(lambda ledger: ledger.emergency_accesses.save(done))
    assert await records.read(lambda ledger: ledger.emergency_accesses.all()) == (done,)
