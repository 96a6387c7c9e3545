"""An earlier ECG over a later one, over HTTP: of one resident alone, for who may see both, written down."""

from typing import Any

import pytest

from records.audit import Action
from records.ecg_samples import unpack_tracing
from signaling import messages as m
from tests.fakes.ecgs import InlineComparer
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, NOW, SUN, WANG_XIUYING, ZHAO, ZHOU
from tests.fakes.served import Answer, Browser, Served
from tests.signaling.test_ecg_excerpts import Bound
from tests.signaling.test_late_samples import ramp
from tests.web.test_ecg_prints import REAL
from tests.web.test_ecg_studies import appraiser, filed, upload

EARLIER, LATER = "2026-11-01T09:00:00+08:00", "2026-11-23T09:00:00+08:00"


class Two:
    """Two kept ECGs of one resident, and one of another."""

    async def begin(self, served: Served) -> "Two":
        appraiser(served).draft = REAL
        self.served = served
        self.doctor, self.chen = await served.signed_in(ZHOU), await served.signed_in(CHEN)
        self.earlier = await filed(self.doctor, taken_at=EARLIER)
        self.later = await filed(self.doctor, taken_at=LATER, confirmed=["filed_already"])
        path = f"/api/residents/{LI_JIANGUO.id}/ecg-studies"
        self.foreign = (await upload(self.doctor, path=path, taken_at=EARLIER)).json["study"]
        return self

    async def ask(self, who: Browser, earlier: str = "", later: str = "") -> Answer:
        query = f"?earlier={earlier}" if earlier else ""
        return await who.get(f"/api/ecg-studies/{later or self.later['id']}/comparison{query}")

    @property
    def compared(self) -> int:
        assert isinstance(self.served.parts.comparer, InlineComparer)
        return len(self.served.parts.comparer.asked)


@pytest.fixture
async def two(served: Served) -> Two:
    return await Two().begin(served)


# --- two kept ones --------------------------------------------------------------------------------------


async def test_a_study_is_compared_with_the_one_before_it_and_both_are_named(two: Two) -> None:
    page = (await two.ask(two.doctor)).json
    assert (page["earlier"]["number"], page["later"]["number"]) == (
        two.earlier["number"],
        two.later["number"],
    )
    assert page["earlier"]["taken_at"] == EARLIER
    overlay = page["comparison"]["overlay"]
    assert len(overlay["leads"]) == 12 and overlay["earlier_uv"] == overlay["later_uv"]
    assert {one["difference"] for one in page["comparison"]["changes"]} == {0}


async def test_another_residents_ecg_answers_like_one_that_does_not_exist(two: Two) -> None:
    wrong, missing = await two.ask(two.doctor, two.foreign["id"]), await two.ask(two.doctor, "nothing")
    assert (wrong.status, wrong.json) == (missing.status, missing.json) == (404, wrong.json)
    assert (wrong.code, two.compared) == ("not_found", 0)


async def test_one_moved_to_another_resident_is_no_longer_compared(two: Two) -> None:
    move = {"to_resident_id": LI_JIANGUO.id, "reason": "选错居民"}
    assert (await two.doctor.post(f"/api/ecg-studies/{two.earlier['id']}/move", move)).status == 200
    assert (await two.ask(two.doctor, two.earlier["id"])).code == "not_found"
    assert ((await two.ask(two.doctor)).code, two.compared) == ("not_found", 0)  # nothing is before it


async def test_one_moved_while_it_is_compared_is_not_shown(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    comparer, move = two.served.parts.comparer, {"to_resident_id": LI_JIANGUO.id, "reason": "选错居民"}
    compare = comparer.compare

    async def meanwhile(*given: Any) -> Any:
        assert (await two.doctor.post(f"/api/ecg-studies/{two.earlier['id']}/move", move)).status == 200
        return await compare(*given)

    monkeypatch.setattr(comparer, "compare", meanwhile)
    assert (await two.ask(two.doctor)).code == "not_found"
    assert two.compared == 1


async def test_a_later_or_the_same_one_is_no_earlier_one(two: Two) -> None:
    for earlier, later in ((two.later, two.earlier), (two.later, two.later)):
        answer = await two.ask(two.doctor, earlier["id"], later["id"])
        assert (answer.status, answer.code, answer.json["fields"]) == (
            409,
            "not_comparable",
            {"why": "not_earlier"},
        )


async def test_why_two_cannot_be_compared_is_told_as_a_code(two: Two) -> None:
    appraiser(two.served).draft = type(REAL)(algorithm="cloudclinic 1", made_at=NOW, fault="broke off")
    bare = await filed(two.doctor, taken_at="2026-11-22T09:00:00+08:00", confirmed=["filed_already"])
    answer = await two.ask(two.doctor)
    assert (answer.code, answer.json["fields"]) == ("not_comparable", {"why": "no_measurements"})
    assert (await two.ask(two.doctor, two.earlier["id"], bare["id"])).code == "not_comparable"


async def test_a_rejected_ecg_is_not_compared_with(two: Two) -> None:
    await two.chen.post(f"/api/ecg-studies/{two.earlier['id']}/claim")
    await two.chen.post(f"/api/ecg-studies/{two.earlier['id']}/reject", {"kind": "poor_signal"})
    assert (await two.ask(two.doctor, two.earlier["id"])).code == "not_found"


async def test_who_reads_one_compares_it_with_the_one_before_it_and_with_no_older_one(two: Two) -> None:
    oldest = await filed(two.doctor, taken_at="2026-10-01T09:00:00+08:00", confirmed=["filed_already"])
    for study in (oldest, two.earlier, two.later):
        await two.chen.post(f"/api/ecg-studies/{study['id']}/claim")
    zhao = await two.served.signed_in(ZHAO)
    assert (await two.ask(zhao)).code == "not_found"  # another reads it
    assert (await two.ask(two.chen)).status == 200
    for study in (oldest, two.earlier):
        await two.chen.post(f"/api/ecg-studies/{study['id']}/release")
        await zhao.post(f"/api/ecg-studies/{study['id']}/claim")
    assert (await two.ask(two.chen)).status == 200
    assert (await two.ask(two.chen, oldest["id"])).code == "not_found"


async def test_who_may_not_see_the_study_sees_no_comparison(two: Two) -> None:
    for account in (SUN, HAN):
        assert (await two.ask(await two.served.signed_in(account))).status in (403, 404)
    assert two.compared == 0


async def test_both_are_on_the_trail_as_compared(two: Two) -> None:
    before = len(await two.served.audit())
    await two.ask(two.doctor)
    told = [(one.action, one.object_kind, one.object_id) for one in (await two.served.audit())[before:]]
    assert told == [(Action.READ, "ecg_comparison", one["id"]) for one in (two.earlier, two.later)]


# --- in the room ----------------------------------------------------------------------------------------


class InRoom(Two):
    """The same, and ten seconds of the resident's live ECG."""

    async def begin(self, served: Served) -> "InRoom":
        await super().begin(served)
        self.bound = await Bound(served.clinic).begin()
        await self.bound.samples(0, 7000)
        self.url = f"/api/consults/{self.bound.consult_id}"
        return self

    async def live(self, who: Browser, earlier: str, **fields: Any) -> Answer:
        asked = {"binding_id": self.bound.binding_id, "first": 1500, "earlier": earlier}
        return await who.post(f"{self.url}/ecg-comparison", asked | fields)


@pytest.fixture
async def room(served: Served) -> InRoom:
    return await InRoom().begin(served)


async def test_the_seconds_that_were_taken_are_the_later_ones_and_nothing_is_kept(room: InRoom) -> None:
    page = (await room.live(room.doctor, room.earlier["id"])).json
    assert (page["later"]["study_id"], page["later"]["number"]) == (None, "")
    assert page["earlier"]["number"] == room.earlier["number"]
    comparer = room.served.parts.comparer
    assert isinstance(comparer, InlineComparer)
    ((earlier, later),) = comparer.asked
    assert earlier.resident == later.resident == WANG_XIUYING.id
    shown = [channel.samples.tolist() for channel in unpack_tracing(later.samples).channels]
    assert shown == ramp(1500, 5000).tolist()
    assert (await room.doctor.get(f"{room.url}/ecg-studies")).json["studies"] == []


async def test_the_live_ecg_is_not_compared_with_another_residents(room: InRoom) -> None:
    answer = await room.live(room.doctor, room.foreign["id"])
    assert (answer.status, answer.code, room.compared) == (404, "not_found", 0)


async def test_both_sides_compare_and_an_outsider_does_not(room: InRoom) -> None:
    chen = await room.served.clinic.sign_in(CHEN)
    await chen.done(m.AcceptConsult, consult_id=room.bound.consult_id)
    assert (await room.live(room.chen, room.earlier["id"])).status == 200
    for account in (SUN, ZHAO):
        outsider = await room.served.signed_in(account)
        assert (await room.live(outsider, room.earlier["id"])).status == 404
        assert (await outsider.get(f"{room.url}/earlier-ecgs")).status == 404
    assert room.compared == 1


async def test_one_taken_after_the_frozen_seconds_is_no_earlier_one(room: InRoom) -> None:
    after = await filed(room.doctor, taken_at=NOW.isoformat(), confirmed=["filed_already"])
    room.served.clinic.clock.pass_s(60)
    answer = await room.live(room.doctor, after["id"], first=0)
    assert (answer.code, answer.json["fields"]) == ("not_comparable", {"why": "not_earlier"})


async def test_seconds_that_are_not_there_are_refused(room: InRoom) -> None:
    assert (await room.live(room.doctor, room.earlier["id"], first=900_000)).code == "out_of_range"
    assert room.compared == 0


async def test_the_earlier_ones_of_the_consults_resident_are_listed_the_last_first(room: InRoom) -> None:
    chen = await room.served.clinic.sign_in(CHEN)
    await chen.done(m.AcceptConsult, consult_id=room.bound.consult_id)
    before = len(await room.served.audit())
    for who in (room.doctor, room.chen):
        listed = (await who.get(f"{room.url}/earlier-ecgs")).json["studies"]
        assert [one["id"] for one in listed] == [room.later["id"], room.earlier["id"]]
    trail = (await room.served.audit())[before:]
    assert [(one.actor_id, one.resident_id) for one in trail] == [
        (ZHOU.id, WANG_XIUYING.id),
        (CHEN.id, WANG_XIUYING.id),
    ]


async def test_a_comparison_of_the_live_ecg_is_on_the_trail(room: InRoom) -> None:
    before = len(await room.served.audit())
    await room.live(room.doctor, room.earlier["id"])
    told = [(one.object_kind, one.object_id, one.resident_id) for one in (await room.served.audit())[before:]]
    assert told == [("ecg_comparison", room.earlier["id"], WANG_XIUYING.id)]
