"""An entry of the outbox waits, is sent once, and says why it is not there yet; it outlives a restart."""

import datetime as dt
from typing import Any

import pytest

from records import archive_outbox as outbox
from records.archive_outbox import ArchiveObject, OutboxEntry, SendState
from records.archive_queueing import queue_consult, queue_if_signed
from records.archive_uids import object_uid, series_uid, study_uid
from records.consults import ConsultState
from records.ids import ConsultId, KeptStillId
from records.ledger import Ledger
from records.store.database import Database
from records.ultrasound_exams import ArchiveTrouble
from tests.fakes.records import LI_JIANGUO, NOW, WANG_XIUYING
from tests.records.exchange.archive.kept import kept_clip, kept_still
from tests.records.values import binding, consult

HERE, THERE = "127.0.0.1:104/HERE", "127.0.0.1:105/THERE"


def entry(**fields: Any) -> OutboxEntry:
    given: dict[str, Any] = {
        "sop_instance_uid": "2.25.1",
        "destination": HERE,
        "kind": ArchiveObject.STILL,
        "kept_id": KeptStillId("still"),
        "number": "CS-20261123-0001",
        "consult_id": consult().id,
        "resident_id": WANG_XIUYING.id,
        "now": NOW,
    }
    return outbox.queued(**given | fields)


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def test_what_may_pass_is_tried_again_ever_later_and_without_end() -> None:
    one, waits = entry(), []
    for _ in range(9):
        one = outbox.troubled(outbox.begun(one, NOW), NOW, ArchiveTrouble.UNREACHABLE, "nobody")
        assert one.state is SendState.WAITING
        waits.append((one.due_at - NOW).total_seconds())
    assert waits == [10, 30, 60, 300, 900, 3600, 3600, 3600, 3600]


@pytest.mark.parametrize("trouble", sorted(set(ArchiveTrouble) - outbox.PASSING))
def test_what_does_not_pass_fails_and_says_why(trouble: ArchiveTrouble) -> None:
    one = outbox.troubled(outbox.begun(entry(), NOW), NOW, trouble, "because")
    assert (one.state, one.trouble, one.detail) == (SendState.FAILED, trouble, "because")
    again = outbox.retried(one, later(60))
    assert (again.state, again.due_at, again.tries) == (SendState.WAITING, later(60), 0)


def test_an_object_that_breaks_our_process_is_given_up() -> None:
    one = entry()
    for _ in range(4):
        one = outbox.troubled(outbox.begun(one, NOW), NOW, ArchiveTrouble.BROKE_OFF)
        assert one.state is SendState.WAITING
    assert outbox.troubled(outbox.begun(one, NOW), NOW, ArchiveTrouble.BROKE_OFF).state is SendState.FAILED


def test_what_is_sent_stays_sent() -> None:
    done = outbox.sent(outbox.begun(entry(), NOW), later(1), "remarked")
    assert (done.state, done.sent_at, done.trouble) == (SendState.SENT, later(1), None)
    assert outbox.retried(done, later(2)) == done


async def test_an_object_is_queued_for_a_destination_once(records: Database) -> None:
    def add(ledger: Ledger) -> list[bool]:
        ledger.consults.add(consult())
        box = ledger.archive_outbox
        return [box.add(entry()), box.add(entry()), box.add(entry(destination=THERE))]

    assert await records.write(add) == [True, False, True]


async def test_what_is_due_comes_in_order_and_by_destination(records: Database) -> None:
    def add(ledger: Ledger) -> None:
        ledger.consults.add(consult())
        for at, (uid, where) in enumerate([("2.25.1", HERE), ("2.25.2", THERE), ("2.25.3", HERE)]):
            ledger.archive_outbox.add(entry(sop_instance_uid=uid, destination=where, now=later(at)))

    await records.write(add)

    def look(ledger: Ledger) -> tuple[list[str], dt.datetime | None, int, int]:
        box = ledger.archive_outbox
        uids = [one.sop_instance_uid for one in box.due(HERE, later(5))]
        return uids, box.next_due(HERE), len(box.due(HERE, later(1))), len(box.due(THERE, NOW))

    assert await records.read(look) == (["2.25.1", "2.25.3"], NOW, 1, 0)
    (here, there) = await records.read(lambda ledger: ledger.archive_outbox.counts())
    assert (here.destination, here.waiting, here.waiting_since) == (HERE, 2, NOW)
    assert (there.waiting, there.sent, there.failed) == (1, 0, 0)


def kinds(entries: tuple[OutboxEntry, ...]) -> list[str]:
    return sorted(one.kind.value for one in entries)


async def keep(records: Database, state: ConsultState = ConsultState.SIGNED, **fields: Any) -> None:
    def add(ledger: Ledger) -> None:
        ledger.consults.add(consult(state=state))
        ledger.bindings.add(binding())
        ledger.ultrasound_stills.add(kept_still(**fields)[0], "request")
        ledger.ultrasound_clips.add(kept_clip()[0])

    await records.write(add)


async def test_everything_of_a_consult_is_queued_once_for_each_destination(records: Database) -> None:
    await keep(records)

    def queue(ledger: Ledger) -> tuple[OutboxEntry, ...]:
        return queue_consult(ledger, consult(), (HERE, THERE), NOW)

    first = await records.write(queue)
    assert kinds(first) == sorted(["still", "marks", "measurements", "clip"] * 2)
    assert len({(one.sop_instance_uid, one.destination) for one in first}) == 8
    assert await records.write(queue) == ()


async def test_without_marks_and_a_scale_there_is_nothing_of_them_to_send(records: Database) -> None:
    await keep(records, marks=(), measurements=())
    queued = await records.write(lambda ledger: queue_consult(ledger, consult(), (HERE,), NOW))
    assert kinds(queued) == ["clip", "still"]


async def test_what_is_another_residents_by_now_is_not_sent_with_the_consult(records: Database) -> None:
    await keep(records, resident_id=LI_JIANGUO.id)
    queued = await records.write(lambda ledger: queue_consult(ledger, consult(), (HERE,), NOW))
    assert kinds(queued) == ["clip"]


@pytest.mark.parametrize(("state", "count"), [(ConsultState.IN_CALL, 0), (ConsultState.CLOSED, 1)])
async def test_what_is_kept_after_the_signature_goes_by_itself(
    records: Database, state: ConsultState, count: int
) -> None:
    await keep(records, state)

    def late(ledger: Ledger) -> int:
        queue_if_signed(ledger, kept_clip()[0], (HERE,), NOW)
        return len(ledger.archive_outbox.of_consult(consult().id))

    assert await records.write(late) == count


def test_names_of_objects_are_ones_that_dicom_allows_and_nobody_shares() -> None:
    uids = [study_uid(consult().id, WANG_XIUYING.id), study_uid(ConsultId("other"), WANG_XIUYING.id)]
    uids += [study_uid(consult().id, LI_JIANGUO.id)]
    uids += [series_uid(consult().id, WANG_XIUYING.id, kind) for kind in ArchiveObject]
    uids += [object_uid(kind, KeptStillId("still"), WANG_XIUYING.id) for kind in ArchiveObject]
    assert len(set(uids)) == len(uids)
    assert all(len(uid) <= 64 and uid.startswith("2.25.") and uid[5] != "0" for uid in uids)
