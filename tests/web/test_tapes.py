"""Who plays, exports and holds tapes, and that each of it is on the audit trail."""

import datetime as dt

import msgspec
import numpy as np

from cloudclinic.tape_library import TapeLibrary
from records.audit import Action
from records.ids import ConsultId, ResidentId, TapeId
from records.ledger import Ledger
from records.store.vault import Cipher
from records.tapes import LegalHold, Tape, is_due
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import Client, bind, in_call
from tests.fakes.records import CHEN, HAN, LI_JIANGUO, NOW, SUN, WANG_XIUYING, WU, ZHAO, ZHOU
from tests.fakes.served import Browser, Served
from tests.fakes.tapes import CIPHER, KEY, SERVER_US, write_tape
from tests.journeys.story import waves
from tests.signaling.test_stations import have, meta, samples, wave
from tests.signaling.test_taping import consent

ECG = samples(500, seed=3)


async def cipher_of(resident_id: ResidentId) -> Cipher:
    return CIPHER


async def key_of(resident_id: ResidentId) -> bytes:
    return KEY


async def taped(served: Served, simulated: bool = True) -> tuple[ConsultId, TapeId, Client]:
    """A consult that was recorded: what the recorder would have written lies on the disk."""
    clinic = served.clinic
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, station = await clinic.station(simulated=simulated)
    consult_id = await in_call(clinic, doctor, chen)
    binding_id = await bind(doctor, consult_id)
    stream_id = station.last(s.Bind).ecg_stream_id
    await clinic.desk.station_packet(line, meta(stream_id, simulated))
    await clinic.desk.station_packet(line, wave(stream_id, 0, ECG))
    assert have(station) == (stream_id, ECG.shape[1])  # acknowledged
    await consent(doctor, consult_id)
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    await doctor.done(m.StopTape, consult_id=consult_id)
    await clinic.sealed()
    await doctor.done(m.ReleaseStation, binding_id=binding_id)
    directory = served.parts.static.parent / "tapes"
    seal = write_tape(directory, tape_id, binding_id=binding_id)
    await clinic.records.write(
        lambda ledger: ledger.tapes.save(msgspec.structs.replace(ledger.tapes.get(tape_id), seal=seal))
    )
    served.parts.tapes = TapeLibrary(directory, cipher_of, key_of)
    return consult_id, tape_id, chen


async def stored(served: Served, tape_id: TapeId) -> Tape:
    return await served.clinic.records.read(lambda ledger: ledger.tapes.get(tape_id))


def frames_path(tape_id: str, track: object = 0, begin: object = SERVER_US, end: object = SERVER_US) -> str:
    return f"/api/tapes/{tape_id}/tracks/{track}/frames?from_us={begin}&to_us={end}"


async def test_the_residents_staff_and_the_consults_specialist_play_it_and_it_is_written_down(
    served: Served,
) -> None:
    consult_id, tape_id, _ = await taped(served)
    for account in (ZHOU, WU, CHEN):
        browser = await served.signed_in(account)
        assert [one["id"] for one in (await browser.get(f"/api/consults/{consult_id}/tapes")).json["tapes"]]
        page = (await browser.get(f"/api/tapes/{tape_id}")).json
        assert page["resident"]["name"] == WANG_XIUYING.name
        assert page["whole"] and page["tape"]["simulated"] and len(page["contents"]["tracks"]) == 3
        assert (await served.audit())[-1].action is Action.PLAY
        frames = await browser.get(frames_path(tape_id, 0, SERVER_US, SERVER_US + 100_000))
        assert frames.status == 200 and len(frames.body) > 100


async def test_the_ecg_of_a_tape_is_every_acknowledged_sample_of_its_binding(served: Served) -> None:
    # They are synced before they are acknowledged, in another process and another file than the tape's:
    # tests/records/test_segments_killed.py. What a kill takes from a tape takes nothing from its ECG.
    _, tape_id, _ = await taped(served, simulated=False)
    browser = await served.signed_in(ZHOU)
    (ecg,) = (await browser.get(f"/api/tapes/{tape_id}")).json["ecgs"]
    recording = ecg["recording"]
    assert (recording["sample_count"], recording["missing_samples"]) == (ECG.shape[1], 0)
    answer = await browser.get(f"/api/recordings/{recording['id']}/samples?first=0&count={ECG.shape[1]}")
    np.testing.assert_array_equal(np.concatenate([one.samples for one in waves(answer.body)], axis=1), ECG)


async def test_the_consults_chest_pain_clock_goes_along_with_its_tape(served: Served) -> None:
    consult_id, tape_id, _ = await taped(served)
    browser = await served.signed_in(ZHOU)
    assert (await browser.get(f"/api/tapes/{tape_id}")).json["chest_pain"] is None
    doctor = await served.clinic.sign_in(ZHOU)
    onset = NOW - dt.timedelta(hours=3)
    await doctor.done(m.EnterChestPainMoment, consult_id=consult_id, moment="onset", at=onset)
    clock = (await browser.get(f"/api/tapes/{tape_id}")).json["chest_pain"]
    assert [(one["moment"], one["at"]) for one in clock["times"]] == [("onset", msgspec.to_builtins(onset))]


async def test_an_ecg_that_was_moved_to_another_resident_is_on_no_tape_of_this_one(served: Served) -> None:
    _, tape_id, _ = await taped(served, simulated=False)
    browser = await served.signed_in(ZHOU)
    (ecg,) = (await browser.get(f"/api/tapes/{tape_id}")).json["ecgs"]
    doctor = await served.clinic.sign_in(ZHOU)
    await doctor.done(
        m.MoveRecording,
        recording_id=ecg["recording"]["id"],
        to_resident_id=LI_JIANGUO.id,
        reason="选错居民",
    )
    assert (await browser.get(f"/api/tapes/{tape_id}")).json["ecgs"] == []


async def test_frames_asked_for_without_the_page_are_written_down_once(served: Served) -> None:
    _, tape_id, _ = await taped(served)
    browser = await served.signed_in(ZHOU)
    for _ in range(3):
        assert (await browser.get(frames_path(tape_id))).status == 200
    plays = [one for one in await served.audit() if one.action is Action.PLAY]
    assert [(one.actor_id, one.object_id) for one in plays] == [(ZHOU.id, tape_id)]


async def test_to_everybody_else_there_is_no_such_tape(served: Served) -> None:
    consult_id, tape_id, _ = await taped(served)
    for account, status in ((SUN, 404), (ZHAO, 404), (HAN, 403)):
        browser = await served.signed_in(account)
        for path in (
            f"/api/tapes/{tape_id}",
            frames_path(tape_id),
            f"/api/tapes/{tape_id}/tracks/0/export",
        ):
            assert (await browser.get(path)).status == status, (account.id, path)
        assert (await browser.get(f"/api/consults/{consult_id}/tapes")).status == status
    assert (await served.browser().get(f"/api/tapes/{tape_id}")).status == 401


async def test_an_export_names_the_consult_and_says_simulated_and_no_resident(served: Served) -> None:
    consult_id, tape_id, _ = await taped(served)
    browser = await served.signed_in(ZHOU)
    number = (await served.clinic.consult(consult_id)).number
    expected = [
        (0, "ultrasound-0", "mp4", "video"),
        (1, "face-1", "webm", "video"),
        (2, "voice-2", "webm", "audio"),
    ]
    for track, name, ending, kind in expected:
        answer = await browser.get(f"/api/tapes/{tape_id}/tracks/{track}/export")
        assert answer.headers["Content-Type"] == f"{kind}/{ending}"
        wanted = f'attachment; filename="{number}-{name}-SIMULATED.{ending}"'
        assert answer.headers["Content-Disposition"] == wanted
        assert len(answer.body) > 200
        assert (await served.audit())[-1].action is Action.EXPORT
    assert (await browser.get(f"/api/tapes/{tape_id}/tracks/9/export")).status == 404


async def test_ranges_that_cannot_be_are_refused(served: Served) -> None:
    _, tape_id, _ = await taped(served)
    browser = await served.signed_in(ZHOU)
    for path, status in (
        (frames_path(tape_id, 0, "x"), 422),
        (frames_path(tape_id, 0, "9" * 30), 422),
        (frames_path(tape_id, 0, -1), 422),
        (frames_path(tape_id, 0, 10, 9), 422),
        (frames_path(tape_id, 0, SERVER_US, SERVER_US + 31_000_000), 422),
        (frames_path(tape_id, "x"), 404),
        (frames_path(tape_id, 99), 404),
        (frames_path("missing"), 404),
    ):
        assert (await browser.get(path)).status == status, path


async def hold(browser: Browser, tape_id: str, reason: str = "court order 17") -> int:
    return (await browser.post(f"/api/tapes/{tape_id}/hold", {"reason": reason})).status


async def test_an_administrator_holds_a_tape_without_seeing_a_resident(served: Served) -> None:
    _, tape_id, _ = await taped(served)
    han = await served.signed_in(HAN)
    listed = await han.get("/api/tapes")
    assert [one["id"] for one in listed.json["tapes"]] == [tape_id]
    assert "王秀英" not in listed.body.decode() and "wang" not in listed.body.decode()
    assert await hold(han, tape_id, "  ") == 422
    assert await hold(han, tape_id) == 200
    tape = await stored(served, tape_id)
    assert tape.hold == LegalHold(by=HAN.id, at=served.clinic.clock.now, reason="court order 17")
    assert (await served.audit())[-1].action is Action.HOLD
    assert tape.due_at is not None and not is_due(tape, tape.due_at)
    assert (await han.delete(f"/api/tapes/{tape_id}/hold")).status == 200
    freed = await stored(served, tape_id)
    assert freed.hold is None and is_due(freed, tape.due_at)
    assert (await served.audit())[-1].action is Action.RELEASE_HOLD
    zhou = await served.signed_in(ZHOU)
    assert await hold(zhou, tape_id) == 403


async def test_a_deleted_tape_is_known_and_plays_no_more(served: Served) -> None:
    consult_id, tape_id, _ = await taped(served)

    def delete(ledger: Ledger) -> None:
        tape = ledger.tapes.get(tape_id)
        ledger.tapes.save(msgspec.structs.replace(tape, deleted_at=served.clinic.clock.now))

    await served.clinic.records.write(delete)
    browser, han = await served.signed_in(ZHOU), await served.signed_in(HAN)
    assert (await browser.get(f"/api/tapes/{tape_id}")).status == 404
    assert len((await browser.get(f"/api/consults/{consult_id}/tapes")).json["tapes"]) == 1
    assert await hold(han, tape_id) == 409
