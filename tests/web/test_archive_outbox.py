"""What is kept goes to the archives with the signature or on request; an administrator sees how far it is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records import archive_outbox as outbox
from records.archive_outbox import ArchiveObject, OutboxEntry, SendState
from records.ids import OutboxEntryId
from records.ledger import Ledger
from records.ultrasound_exams import ArchiveTrouble
from signaling import messages as m
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, WU, ZHOU
from tests.fakes.served import Browser, Served, open_doors
from tests.web.test_kept_stills import LENGTH, Shelf, shelf

HERE, THERE = "127.0.0.1:1/HERE", "127.0.0.1:1/THERE"


class Hints:
    """An outbox that is only told."""

    def __init__(self) -> None:
        self.count = 0

    def hint(self) -> None:
        self.count += 1

    async def run(self) -> None:
        """Nothing."""


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_doors(tmp_path, archives=(HERE, THERE)) as served:
        served.parts.archive = Hints()
        one = await shelf(served)
        assert (await one.keep(LENGTH)).status == 200
        yield one


async def entries(one: Shelf) -> tuple[OutboxEntry, ...]:
    return await one.served.clinic.records.read(
        lambda ledger: ledger.archive_outbox.of_consult(one.room.consult_id)
    )


async def sign(one: Shelf) -> None:
    """End the call, write and sign the opinion."""
    consult_id = one.room.consult_id
    await one.room.chen.done(m.EndConsult, consult_id=consult_id)
    written = await one.browser.put(
        f"/api/consults/{consult_id}/opinion",
        {
            "version": 0,
            "findings": "a",
            "impression": "b",
            "advice": "observe",
            "advice_text": "",
            "plan": [],
        },
    )
    assert written.status == 200, written.json
    signed = await one.browser.post(
        f"/api/consults/{consult_id}/opinion/sign", {"version": written.json["version"]}
    )
    assert signed.status == 200, signed.json


async def test_with_the_signature_everything_is_queued_for_every_archive(kept: Shelf) -> None:
    assert await entries(kept) == ()
    await sign(kept)
    queued = await entries(kept)
    assert sorted((one.kind.value, one.destination) for one in queued) == sorted(
        (kind, where) for kind in ("still", "marks", "measurements") for where in (HERE, THERE)
    )
    assert {one.state for one in queued} == {SendState.WAITING}
    assert kept.served.parts.archive.count > 0  # type: ignore[attr-defined]
    noted = [e for e in await kept.served.audit() if e.object_kind == "archive_outbox"]
    assert [(e.action.value, e.actor_id) for e in noted] == [("export", CHEN.id)]


async def test_on_request_it_goes_at_once_and_only_once(kept: Shelf) -> None:
    at = f"/api/consults/{kept.room.consult_id}/archive"
    first = await kept.browser.post(at)
    assert (first.status, len(first.json["entries"])) == (200, 6)
    again = await kept.browser.post(at)
    assert again.json["entries"] == first.json["entries"]
    assert (await kept.browser.get(at)).json == again.json
    await sign(kept)
    assert len(await entries(kept)) == 6
    assert len([e for e in await kept.served.audit() if e.object_kind == "archive_outbox"]) == 1


async def test_where_no_archive_is_set_it_says_so(served: Served) -> None:
    one = await shelf(served)
    answer = await one.browser.post(f"/api/consults/{one.room.consult_id}/archive")
    assert (answer.status, answer.code) == (409, "no_archive")


async def board(one: Shelf) -> tuple[Browser, Any]:
    browser = await one.served.signed_in(HAN)
    answer = await browser.get("/api/archive-outbox")
    assert answer.status == 200
    return browser, answer.json


async def test_an_administrator_sees_what_failed_and_why_and_nobody_by_name(kept: Shelf) -> None:
    await kept.browser.post(f"/api/consults/{kept.room.consult_id}/archive")
    first = (await entries(kept))[0]
    failed = outbox.troubled(
        outbox.begun(first, first.queued_at), first.queued_at, ArchiveTrouble.REFUSED, "status 0xa900"
    )
    await kept.served.clinic.records.write(lambda ledger: ledger.archive_outbox.save(failed))
    browser, told = await board(kept)
    assert told["entries"][0]["trouble"] == "refused"
    assert told["entries"][0]["detail"] == "status 0xa900"
    assert sum(one["failed"] for one in told["counts"]) == 1
    assert sum(one["waiting"] for one in told["counts"]) == 5
    text = msgspec.json.encode(told).decode()
    (still,) = await kept.kept()
    resident = await kept.served.clinic.records.read(lambda ledger: ledger.residents.get(still.resident_id))
    for secret in (resident.name, resident.record_number, resident.identity_number, resident.id):
        assert secret not in text
    retried = await browser.post(f"/api/archive-outbox/{first.id}/retry")
    assert (retried.json["state"], retried.json["tries"]) == ("waiting", 0)


async def test_what_was_found_to_be_anothers_after_it_was_sent_is_told(kept: Shelf) -> None:
    await kept.browser.post(f"/api/consults/{kept.room.consult_id}/archive")
    (still,) = await kept.kept()

    def sent_and_moved(ledger: Ledger) -> None:
        for one in ledger.archive_outbox.of_consult(still.consult_id):
            if one.kind is ArchiveObject.STILL:
                ledger.archive_outbox.save(outbox.sent(one, one.queued_at))
        ledger.ultrasound_stills.save(msgspec.structs.replace(still, resident_id=LI_JIANGUO.id))

    await kept.served.clinic.records.write(sent_and_moved)
    _, told = await board(kept)
    assert [(one["kind"], one["misfiled"]) for one in told["misfiled"]] == [("still", True)] * 2


@pytest.mark.parametrize("account", [ZHOU, WU, CHEN])
async def test_nobody_else_retries(kept: Shelf, account: Any) -> None:
    browser = await kept.served.signed_in(account)
    assert (await browser.get("/api/archive-outbox")).status == 403
    entry_id = OutboxEntryId("f" * 32)
    assert (await browser.post(f"/api/archive-outbox/{entry_id}/retry")).status == 403
