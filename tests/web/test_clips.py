"""A clip comes in part by part, over whatever line, and is kept whole or not at all."""

import hashlib
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records.ids import ConsultId, ResidentId
from records.ledger import Ledger
from records.ultrasound_clips import UltrasoundClip
from signaling import messages as m
from signaling import station_messages as s
from signaling.clips import PART_BYTES, STALLED_AFTER
from tests.fakes.clinic import join
from tests.fakes.records import CHEN, LI_JIANGUO, SUN, ZHOU
from tests.fakes.served import TOKEN, Answer, Served
from tests.signaling.stills import AT, Scanned, scanned
from web import clip_filing

FILE = bytes(range(256)) * (PART_BYTES // 256 * 2) + b"the end"
PARTS = [FILE[at : at + PART_BYTES] for at in range(0, len(FILE), PART_BYTES)]
EDGE = "----clip"


class Clip:
    """A clip that was asked for."""

    def __init__(self, served: Served, room: Scanned, clip_id: str, tmp_path: Path) -> None:
        self.served, self.room, self.clip_id, self._tmp_path = served, room, clip_id, tmp_path
        self.browser = served.browser()

    def about(self, **other: Any) -> s.StationClip:
        fields: dict[str, Any] = {
            "binding_id": self.room.binding_id,
            "from_us": AT,
            "until_us": AT + 10_000_000,
            "frames": 300,
            "size_bytes": len(FILE),
            "sha256": hashlib.sha256(FILE).hexdigest(),
            "parts": len(PARTS),
            "masked": False,
            "simulated": False,
        }
        return s.StationClip(**(fields | other))

    async def put(self, number: int, part: bytes | None = None, clip_id: str = "", **other: Any) -> Answer:
        file = PARTS[number] if part is None else part
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="about"\r\n\r\n'.encode()
        middle = f'\r\n--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="part"\r\n\r\n'
        body = head + msgspec.json.encode(self.about(**other)) + middle.encode() + file
        body += f"\r\n--{EDGE}--\r\n".encode()
        headers = {
            "Host": self.browser.host,
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": f"multipart/form-data; boundary={EDGE}",
        }
        url = f"{self.browser.url}/api/station/clips/{clip_id or self.clip_id}/parts/{number}"
        async with self.browser._http.put(url, data=io.BytesIO(body), headers=headers) as answer:
            return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())

    async def kept(self) -> tuple[UltrasoundClip, ...]:
        consult_id: ConsultId = self.room.consult_id

        def read(ledger: Ledger) -> tuple[UltrasoundClip, ...]:
            return ledger.ultrasound_clips.of_consult(consult_id)

        return await self.served.clinic.records.read(read)

    async def files(self) -> int:
        """How many are left once what was given up is removed."""
        await clip_filing.forget_abandoned(self.served.parts)
        return len(list((self._tmp_path / "clips").glob("*")))

    def view(self) -> m.ClipView:
        told = [one.outbox.last(m.ClipChanged).clip for one in (self.room.doctor, self.room.chen)]
        assert told[0] == told[1]
        return told[0]


async def clip(served: Served, tmp_path: Path) -> Clip:
    room = await scanned(served.clinic)
    await room.say(s.StationProbeClock(sent_us=1, offset_us=0, uncertainty_us=500))
    clip_id = await room.chen.done(m.TakeClip, consult_id=room.consult_id)
    return Clip(served, room, clip_id, tmp_path)


async def test_a_clip_is_kept_whole_and_read_byte_for_byte(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    (asked,) = one.room.told.of(s.GiveClip)
    assert (asked.clip_id, asked.seconds, asked.until_us) == (one.clip_id, 10.0, None)
    assert one.view().state is m.ClipState.ASKED
    percents = []
    for number in range(len(PARTS)):
        assert (await one.put(number)).status == 204
        percents.append(one.view().percent)
    assert percents == [33, 66, 100]
    view = one.view()
    assert (view.state, view.seconds, view.number[:3]) == (m.ClipState.KEPT, 10.0, "CD-")
    reader = await served.signed_in(ZHOU)
    page = (await reader.get(f"/api/kept-clips/{view.kept_id}")).json
    assert (page["clip"]["size_bytes"], page["asked_by"]["id"]) == (len(FILE), CHEN.id)
    parts = [await reader.get(f"/api/kept-clips/{view.kept_id}/parts/{at}") for at in range(len(PARTS))]
    assert b"".join(part.body for part in parts) == FILE
    assert (await reader.get(f"/api/kept-clips/{view.kept_id}/parts/{len(PARTS)}")).status == 404
    listed = (await reader.get(f"/api/consults/{one.room.consult_id}/kept-clips")).json
    assert [each["clip"]["id"] for each in listed["clips"]] == [view.kept_id]
    resident_id = page["clip"]["resident_id"]
    shown = (await reader.get(f"/api/residents/{resident_id}")).json["ultrasound_clips"]
    assert [each["clip"]["id"] for each in shown] == [view.kept_id]
    created = [e for e in await served.audit() if e.object_kind == "ultrasound_clip"]
    assert [(e.action.value, e.actor_id) for e in created] == [("create", CHEN.id), ("read", ZHOU.id)]


async def test_a_part_that_comes_twice_is_kept_once(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    for number in (0, 0, 1, 0, 2):
        assert (await one.put(number)).status == 204
    (kept,) = await one.kept()
    assert len(kept.parts) == len(PARTS) == await one.files()


async def test_a_part_out_of_turn_is_refused_with_how_many_are_there(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)
    answer = await one.put(2)
    assert (answer.code, answer.json["fields"]) == ("out_of_range", {"have": "1"})
    assert (await one.put(1, PARTS[1][:-1])).code == "out_of_range"
    assert one.view().percent == 33


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"binding_id": "another"}, "not_found"),
        ({"size_bytes": 0}, "out_of_range"),
        ({"size_bytes": 1 << 40, "parts": 1 << 19}, "out_of_range"),
        ({"parts": 2}, "out_of_range"),
        ({"sha256": "x" * 64}, "unreadable"),
        ({"from_us": AT + 20_000_000}, "out_of_range"),
        ({"until_us": AT + 90_000_000}, "out_of_range"),
        ({"clip_id": "f" * 32}, "not_found"),
        ({"simulated": True}, "simulated_data"),
    ],
    ids="binding empty huge parts hash backwards long unasked simulated".split(),
)
async def test_what_was_not_asked_for_or_cannot_be_is_refused(
    served: Served, tmp_path: Path, other: dict[str, Any], code: str
) -> None:
    one = await clip(served, tmp_path)
    assert (await one.put(0, **other)).code == code
    assert await one.kept() == () and await one.files() == 0


async def test_a_clip_that_is_not_what_was_told_leaves_nothing(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)
    await one.put(1, bytes(PART_BYTES))
    assert (await one.put(2)).code == "unreadable"
    assert (one.view().state, one.view().failed) == (m.ClipState.FAILED, m.ClipFailure.DAMAGED)
    assert await one.kept() == () and await one.files() == 0


async def test_a_clip_told_otherwise_half_way_is_refused(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)
    assert (await one.put(1, frames=299)).code == "changed_meanwhile"


async def test_the_rest_comes_also_when_the_line_was_cut_and_the_binding_has_ended(
    served: Served, tmp_path: Path
) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)
    await served.clinic.desk.station_disconnect(one.room.line)
    _, told = await served.clinic.station()
    again = told.last(s.GiveClip)
    assert (again.clip_id, again.until_us) == (one.clip_id, AT + 10_000_000)
    await one.room.doctor.done(m.ReleaseStation, binding_id=one.room.binding_id)
    for number in (1, 2):
        assert (await one.put(number)).status == 204
    assert one.view().state is m.ClipState.KEPT


async def test_a_clip_of_which_nothing_comes_is_given_up(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)
    await served.clinic.tick(STALLED_AFTER.total_seconds() - 1)
    assert one.view().state is m.ClipState.COMING
    await served.clinic.tick(1)
    assert one.view().failed is m.ClipFailure.STALLED
    assert one.room.told.last(s.LeaveClip).clip_id == one.clip_id
    assert await one.files() == 0
    assert (await one.put(1)).code == "not_found"


async def test_a_station_that_has_no_such_frames_says_so(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    why = m.ClipFailure.GONE_FROM_RING
    await one.room.say(
        s.StationClipFailed(binding_id=one.room.binding_id, clip_id=one.clip_id, why=why)  # type: ignore[arg-type]
    )
    assert (one.view().state, one.view().failed) == (m.ClipState.FAILED, why)
    late = await served.clinic.sign_in(ZHOU)
    await join(late, one.room.consult_id)
    assert [told.clip.failed for told in late.outbox.of(m.ClipChanged)] == [why]


async def test_a_clip_of_another_residents_binding_is_not_kept(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.put(0)

    def move(ledger: Ledger) -> None:
        binding = ledger.bindings.get(one.room.binding_id)
        moved = msgspec.structs.replace(binding, resident_id=ResidentId(LI_JIANGUO.id))
        ledger.bindings.save(moved)

    await served.clinic.records.write(move)
    await one.put(1)
    assert (await one.put(2)).code == "changed_meanwhile"
    assert one.view().failed is m.ClipFailure.MOVED
    assert await one.kept() == () and await one.files() == 0


@pytest.mark.parametrize(("seconds", "code"), [(0.5, "out_of_range"), (31.0, "out_of_range")])
async def test_a_clip_has_its_bounds(served: Served, tmp_path: Path, seconds: float, code: str) -> None:
    one = await clip(served, tmp_path)
    taken = {"consult_id": one.room.consult_id, "seconds": seconds}
    assert await one.room.chen.refused(m.TakeClip, **taken) == code
    for _ in range(3):
        await one.room.chen.done(m.TakeClip, consult_id=one.room.consult_id)
    assert await one.room.chen.refused(m.TakeClip, consult_id=one.room.consult_id) == "rate_limited"


async def test_of_a_frozen_picture_the_seconds_before_it_are_taken(served: Served, tmp_path: Path) -> None:
    one = await clip(served, tmp_path)
    await one.room.freeze(one.room.doctor)
    await one.room.chen.done(m.TakeClip, consult_id=one.room.consult_id, seconds=5.0)
    asked = one.room.told.last(s.GiveClip)
    assert (asked.seconds, asked.until_us) == (5.0, AT)


async def test_who_may_not_read_the_record_learns_not_even_that_it_is_there(
    served: Served, tmp_path: Path
) -> None:
    one = await clip(served, tmp_path)
    for number in range(len(PARTS)):
        await one.put(number)
    kept_id, consult_id = one.view().kept_id, one.room.consult_id
    stranger, reader = await served.signed_in(SUN), await served.signed_in(ZHOU)
    for path in (f"/api/kept-clips/{kept_id}", f"/api/kept-clips/{kept_id}/parts/0"):
        answer, missing = await stranger.get(path), await reader.get(path.replace(str(kept_id), "f" * 32))
        assert (answer.status, answer.code) == (missing.status, missing.code) == (404, "not_found")
    assert (await stranger.get(f"/api/consults/{consult_id}/kept-clips")).status == 404


async def test_one_that_turned_out_to_be_another_residents_is_in_no_list_of_its_consult(
    served: Served, tmp_path: Path
) -> None:
    one = await clip(served, tmp_path)
    for number in range(len(PARTS)):
        await one.put(number)
    (kept,) = await one.kept()
    moved = msgspec.structs.replace(kept, resident_id=LI_JIANGUO.id)
    await served.clinic.records.write(lambda ledger: ledger.ultrasound_clips.save(moved))
    reader = await served.signed_in(ZHOU)  # who may read both records
    assert (await reader.get(f"/api/consults/{one.room.consult_id}/kept-clips")).json["clips"] == []
    shown = (await reader.get(f"/api/residents/{LI_JIANGUO.id}")).json["ultrasound_clips"]
    assert [each["clip"]["id"] for each in shown] == [kept.id]
