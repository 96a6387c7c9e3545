"""Recording a consult: by consent alone, seen by everyone, stopped at once."""

import asyncio
from typing import Any

import msgspec
import pytest

from records.audit import Action
from records.consults import ConsentForm
from records.ids import ConsultId, ParticipantId, TapeId
from records.rooms import Door
from records.tapes import LegalHold, Tape, TapeEnd
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.ports import PeerDown, PeerUp
from tests.fakes.clinic import Client, Clinic, bind, in_call, join
from tests.fakes.records import CHEN, HAN, STATION, SUN, WU, ZHOU
from tests.signaling.stills import AT, scanned
from tests.signaling.test_weak_lines import PART, picture


async def met(clinic: Clinic) -> tuple[Client, Client, ConsultId]:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    return doctor, chen, await in_call(clinic, doctor, chen)


async def consent(doctor: Client, consult_id: str) -> None:
    await doctor.done(m.ConsentToRecording, consult_id=consult_id, form=ConsentForm.ORAL, witness="吴倩")


async def recorded(clinic: Clinic) -> tuple[Client, Client, ConsultId, TapeId]:
    doctor, chen, consult_id = await met(clinic)
    await consent(doctor, consult_id)
    return doctor, chen, consult_id, TapeId(await doctor.done(m.StartTape, consult_id=consult_id))


async def tape(clinic: Clinic, tape_id: TapeId) -> Tape:
    return await clinic.records.read(lambda ledger: ledger.tapes.get(tape_id))


def shown(client: Client) -> m.TapeView | None:
    return client.outbox.last(m.RoomChanged).room.tape


async def test_nothing_is_recorded_without_a_consent_of_its_own(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    assert await doctor.refused(m.StartTape, consult_id=consult_id) == "recording_consent_missing"
    assert await chen.refused(m.StartTape, consult_id=consult_id) == "recording_consent_missing"
    assert clinic.recorders.tapes == {} and clinic.media.taps == {}
    card = doctor.card(consult_id)
    assert card is not None and card.consent is ConsentForm.ORAL and card.recording_consent is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"form": ConsentForm.DEFERRED}, "recording_consent_missing"),
        ({"form": ConsentForm.ORAL, "witness": " "}, "witness_needed"),
        ({"form": ConsentForm.ORAL, "witness": ZHOU.display_name}, "witness_needed"),
        ({"form": ConsentForm.PAD, "signature_svg_path": "M1 1"}, "signature_needed"),
        ({"form": ConsentForm.ORAL, "witness": "x" * 101}, "text_too_long"),
    ],
)
async def test_the_consent_needs_its_evidence_and_is_never_deferred(
    clinic: Clinic, given: dict[str, Any], code: str
) -> None:
    doctor, _, consult_id = await met(clinic)
    assert await doctor.refused(m.ConsentToRecording, consult_id=consult_id, **given) == code


async def test_a_specialist_takes_no_consent_and_strangers_touch_nothing(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    oral = {"form": ConsentForm.ORAL, "witness": "x"}
    assert await chen.refused(m.ConsentToRecording, consult_id=consult_id, **oral) == "not_allowed"
    await consent(doctor, consult_id)
    sun, han, wu = [await clinic.sign_in(one) for one in (SUN, HAN, WU)]
    assert await sun.refused(m.StartTape, consult_id=consult_id) == "not_found"
    assert await sun.refused(m.WithdrawRecordingConsent, consult_id=consult_id) == "not_found"
    assert await han.refused(m.StartTape, consult_id=consult_id) == "not_allowed"
    assert await wu.refused(m.StartTape, consult_id=consult_id) == "not_allowed"
    other = await clinic.sign_in(ZHOU)
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    assert await other.refused(m.StartTape, consult_id=consult_id) == "not_in_room"


async def test_everyone_in_the_room_sees_that_it_is_recorded_and_who_comes_later(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    assert clinic.media.taps == {consult_id: f"/sockets/{tape_id}-1"}
    for client in (doctor, chen):
        view = shown(client)
        assert view is not None and (view.tape_id, view.state) == (tape_id, m.TapeState.RUNNING)
    nurse = await clinic.sign_in(WU)
    await join(nurse, consult_id)
    assert shown(nurse) == shown(doctor)
    assert await chen.refused(m.StartTape, consult_id=consult_id) == "tape_runs"


@pytest.mark.parametrize("side", ["asking", "answering"])
async def test_either_side_withdraws_and_not_one_packet_more_is_taken(clinic: Clinic, side: str) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    clinic.clock.pass_s(60)
    who = doctor if side == "asking" else chen
    await who.done(m.WithdrawRecordingConsent, consult_id=consult_id)
    assert clinic.media.taps == {}
    kept = clinic.recorders.tapes[tape_id]
    assert not kept.alive and kept.until_us == moments.to_us(clinic.clock.now)
    await clinic.sealed()
    filed = await tape(clinic, tape_id)
    assert (filed.end, filed.ended_at) == (TapeEnd.WITHDRAWN, clinic.clock.now)
    assert filed.seal is not None
    assert shown(doctor) is None and shown(chen) is None
    assert await doctor.refused(m.StartTape, consult_id=consult_id) == "recording_consent_missing"
    card = chen.card(consult_id)
    assert card is not None and card.recording_consent is None
    again = await who.refused(m.WithdrawRecordingConsent, consult_id=consult_id)
    assert again == "recording_consent_missing"


async def test_a_withdrawal_stops_the_tape_though_the_media_worker_does_not_answer(clinic: Clinic) -> None:
    doctor, _, consult_id, tape_id = await recorded(clinic)
    clinic.media.available = False
    await doctor.done(m.WithdrawRecordingConsent, consult_id=consult_id)
    assert clinic.recorders.tapes[tape_id].until_us == moments.to_us(clinic.clock.now)
    assert (await tape(clinic, tape_id)).end is TapeEnd.WITHDRAWN


async def test_the_recorder_is_told_before_the_worker_has_answered(clinic: Clinic) -> None:
    doctor, _, consult_id, tape_id = await recorded(clinic)
    clinic.media.slow_tap = asyncio.Event()
    withdrawing = asyncio.create_task(
        doctor.done(m.WithdrawRecordingConsent, consult_id=consult_id),
    )
    await clinic.media.closing_tap.wait()
    assert clinic.recorders.tapes[tape_id].until_us == moments.to_us(clinic.clock.now)
    clinic.media.slow_tap.set()
    await withdrawing
    assert (await tape(clinic, tape_id)).end is TapeEnd.WITHDRAWN


async def test_a_worker_that_hangs_is_not_waited_for(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor, _, consult_id, tape_id = await recorded(clinic)
    monkeypatch.setattr("signaling.taping.TAP_LIMIT_S", 0.01)
    clinic.media.slow_tap = asyncio.Event()  # never set
    await doctor.done(m.WithdrawRecordingConsent, consult_id=consult_id)
    assert shown(doctor) is None
    assert (await tape(clinic, tape_id)).end is TapeEnd.WITHDRAWN


async def test_it_is_stopped_and_begun_again_as_another_tape(clinic: Clinic) -> None:
    doctor, chen, consult_id, first = await recorded(clinic)
    await chen.done(m.StopTape, consult_id=consult_id)
    assert (await tape(clinic, first)).end is TapeEnd.STOPPED
    assert await chen.refused(m.StopTape, consult_id=consult_id) == "wrong_state"
    second = await chen.done(m.StartTape, consult_id=consult_id)
    assert second != first and clinic.media.taps[consult_id].startswith(f"/sockets/{second}")


async def test_it_ends_with_the_consult_and_with_an_empty_room(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(1)
    assert clinic.recorders.tapes[tape_id].alive
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(1)
    assert (await tape(clinic, tape_id)).end is TapeEnd.ROOM_CLOSED
    await join(doctor, consult_id)
    await join(chen, consult_id)
    second = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    await chen.done(m.EndConsult, consult_id=consult_id)
    assert (await tape(clinic, second)).end is TapeEnd.ROOM_CLOSED and clinic.media.taps == {}


async def test_a_recorder_that_cannot_begin_is_said_to_everyone(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await consent(doctor, consult_id)
    clinic.recorders.available = False
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    for client in (doctor, chen):
        view = shown(client)
        assert view is not None and view.state is m.TapeState.FAILED
    assert (await tape(clinic, tape_id)).end is TapeEnd.FAILED
    clinic.recorders.available = True
    await doctor.done(m.StartTape, consult_id=consult_id)
    view = shown(chen)
    assert view is not None and view.state is m.TapeState.RUNNING


async def test_a_recorder_that_dies_is_replaced_within_a_second(clinic: Clinic) -> None:
    _, _, consult_id, tape_id = await recorded(clinic)
    clinic.recorders.tapes[tape_id].alive = False
    await clinic.tick(1)
    assert clinic.recorders.tapes[tape_id].starts == 2
    assert clinic.media.taps[consult_id] == f"/sockets/{tape_id}-2"


async def test_while_no_worker_gives_it_anything_the_room_is_told_and_it_goes_on_when_one_does(
    clinic: Clinic,
) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    clinic.media.taps.clear()  # the worker died, and none takes it
    clinic.media.available = False
    for _ in range(2):
        await clinic.tick(1)
        for client in (doctor, chen):
            view = shown(client)
            assert view is not None and view.state is m.TapeState.INTERRUPTED
    on_tape = clinic.recorders.tapes[tape_id].of("room_changed")[-1]["room"]["tape"]
    assert on_tape["state"] == "interrupted"  # the gap is on the tape
    clinic.media.available = True
    await clinic.tick(1)
    view = shown(chen)
    assert view is not None and view.state is m.TapeState.RUNNING
    assert clinic.media.taps == {consult_id: f"/sockets/{tape_id}-1"}
    assert clinic.recorders.tapes[tape_id].starts == 1


async def test_a_recorder_that_is_slow_to_come_up_is_not_started_twice(clinic: Clinic) -> None:
    doctor, _, consult_id = await met(clinic)
    await consent(doctor, consult_id)
    clinic.recorders.slow = asyncio.Event()
    starting = asyncio.create_task(doctor.done(m.StartTape, consult_id=consult_id))
    await clinic.recorders.starting.wait()
    await clinic.tick(1)
    clinic.recorders.slow.set()
    tape_id = TapeId(await starting)
    await clinic.tick(1)
    assert clinic.recorders.tapes[tape_id].starts == 1
    assert clinic.media.taps == {consult_id: f"/sockets/{tape_id}-1"}


async def test_a_recorder_that_dies_again_and_again_is_given_up_and_the_room_is_told(clinic: Clinic) -> None:
    doctor, _, _, tape_id = await recorded(clinic)
    for _ in range(4):
        clinic.recorders.tapes[tape_id].alive = False
        await clinic.tick(1)
    view = shown(doctor)
    assert view is not None and view.state is m.TapeState.FAILED
    assert (await tape(clinic, tape_id)).end is TapeEnd.BROKE_OFF
    assert clinic.recorders.tapes[tape_id].starts == 4 and clinic.media.taps == {}


async def test_what_a_dead_server_left_running_is_sealed_at_the_next_start(clinic: Clinic) -> None:
    doctor, chen, consult_id = await met(clinic)
    await consent(doctor, consult_id)
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    await clinic.records.write(lambda ledger: None)
    clinic.desk = clinic._new_desk()  # as after a kill: nothing was stopped in order
    await clinic.desk.start()
    await clinic.sealed()
    filed = await tape(clinic, tape_id)
    assert filed.end is TapeEnd.BROKE_OFF and filed.seal is not None


@pytest.mark.parametrize("command", [m.StopTape, m.WithdrawRecordingConsent])
async def test_the_room_is_told_at_once_that_a_long_tape_stopped_and_its_seal_follows(
    clinic: Clinic, command: type[m.StopTape] | type[m.WithdrawRecordingConsent]
) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    clinic.recorders.slow_seal = asyncio.Event()
    await chen.done(command, consult_id=consult_id)
    assert shown(doctor) is None and shown(chen) is None and clinic.media.taps == {}
    filed = await tape(clinic, tape_id)
    assert filed.ended_at is not None and filed.seal is None and not filed.playable
    if command is m.WithdrawRecordingConsent:
        await consent(doctor, consult_id)
    second = await doctor.done(m.StartTape, consult_id=consult_id)
    assert second != tape_id
    clinic.recorders.slow_seal.set()
    await clinic.sealed()
    assert (await tape(clinic, tape_id)).playable


async def test_the_room_is_told_before_recorder_and_worker_have_ended(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    clinic.recorders.slow_stop = asyncio.Event()
    stopping = asyncio.create_task(chen.done(m.StopTape, consult_id=consult_id))
    await clinic.recorders.stopping.wait()
    assert shown(doctor) is None
    assert clinic.recorders.tapes[tape_id].until_us == moments.to_us(clinic.clock.now)
    clinic.recorders.slow_stop.set()
    await stopping


async def test_what_a_server_left_unsealed_is_sealed_at_the_next_start(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    clinic.recorders.slow_seal = asyncio.Event()
    await chen.done(m.StopTape, consult_id=consult_id)
    clinic.recorders.slow_seal = None
    left, clinic.desk = clinic.desk, clinic._new_desk()
    await clinic.desk.start()
    await clinic.sealed()
    filed = await tape(clinic, tape_id)
    assert filed.end is TapeEnd.STOPPED and filed.seal is not None
    for task in left._parts.taping._sealing:
        task.cancel()


async def test_a_tape_that_is_held_while_it_runs_stays_held(clinic: Clinic) -> None:
    _, chen, consult_id, tape_id = await recorded(clinic)
    hold = LegalHold(by=HAN.id, at=clinic.clock.now, reason="纠纷处理")
    running = await tape(clinic, tape_id)
    await clinic.records.write(lambda ledger: ledger.tapes.save(msgspec.structs.replace(running, hold=hold)))
    await chen.done(m.StopTape, consult_id=consult_id)
    await clinic.sealed()
    filed = await tape(clinic, tape_id)
    assert filed.hold == hold and filed.seal is not None


async def test_the_acts_of_the_room_are_on_the_tape(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    kept = clinic.recorders.tapes[tape_id]
    await clinic.station()
    await bind(doctor, consult_id)
    await doctor.done(m.SayChat, consult_id=consult_id, text="请看左室")
    await chen.notice(m.PointAt(consult_id=consult_id, x=0.25, y=0.5))
    await chen.done(m.FreezePicture, consult_id=consult_id, capture_us=123)
    await chen.done(m.UnfreezePicture, consult_id=consult_id)
    await chen.done(m.SetMuted, consult_id=consult_id, microphone_on=False, camera_on=True)
    clinic.clock.pass_s(1)
    await chen.done(m.EndConsult, consult_id=consult_id)
    assert [act["line"]["text"] for act in kept.of("chat_said")] == ["请看左室"]
    assert [(act["x"], act["y"]) for act in kept.of("pointer_moved")] == [(0.25, 0.5)]
    frozen = [act["frozen"] and act["frozen"]["capture_us"] for act in kept.of("picture_frozen")]
    assert frozen == [None, 123, None]  # another binding, then by hand
    assert len(kept.of("binding_began")) == len(kept.of("binding_ended")) == 1
    muted = [one["microphone_on"] for one in kept.of("room_changed")[-2]["room"]["participants"]]
    assert False in muted
    assert kept.of("tape_stopped") == [{"type": "tape_stopped", "end": "room_closed"}]
    times = [at for at, _ in kept.acts]
    assert times == sorted(times)
    await doctor.done(m.SayChat, consult_id=consult_id, text="after the end")
    assert len(kept.of("chat_said")) == 1


async def test_a_tape_that_begins_on_a_frozen_picture_knows_it_and_its_marks(clinic: Clinic) -> None:
    room = await scanned(clinic)
    still = await room.freeze_exactly(room.chen)
    mark = {"shape": m.MarkShape.TARGET, "points": ((1.0, 1.0),), "capture_us": AT}
    await room.chen.done(m.DrawMark, consult_id=room.consult_id, **mark)
    await consent(room.doctor, room.consult_id)
    tape_id = TapeId(await room.doctor.done(m.StartTape, consult_id=room.consult_id))
    kept = clinic.recorders.tapes[tape_id]
    assert [act["frozen"]["still"]["still_id"] for act in kept.of("picture_frozen")] == [still.still_id]
    assert [act["mark"]["capture_us"] for act in kept.of("mark_drawn")] == [AT]


async def test_a_tape_knows_the_clocks_of_its_pictures_and_its_ecg_from_its_first_moment(
    clinic: Clinic,
) -> None:
    doctor, chen, consult_id = await met(clinic)
    line, _ = await clinic.station()
    await bind(doctor, consult_id)
    await clinic.desk.station_receive(
        line, s.StationProbeClock(sent_us=17, offset_us=2500, uncertainty_us=300)
    )
    await doctor.done(m.PublishUltrasound, consult_id=consult_id, on=True, resident_confirmed=True)
    await consent(doctor, consult_id)
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    kept = clinic.recorders.tapes[tape_id]
    assert [act["station"]["one_clock"] for act in kept.of("station_changed")] == [True]
    assert [(act["offset_us"], act["uncertainty_us"]) for act in kept.of("station_clock")] == [(2500, 300)]
    await doctor.notice(m.ReportClock(consult_id=consult_id, offset_us=1500, uncertainty_us=400))
    (told,) = kept.of("publisher_clock")
    assert (told["offset_us"], told["uncertainty_us"]) == (-1500, 400)
    sitting = kept.of("room_changed")[-1]["room"]["participants"]
    (card,) = [
        one for one in sitting if "ultrasound" in one["publishes"] and one["person"]["role"] != "station"
    ]
    assert card["id"] == told["participant_id"]


async def test_a_tape_knows_which_part_of_the_picture_is_shown_from_its_first_moment_and_after_a_restart(
    clinic: Clinic,
) -> None:
    doctor, _, consult_id = await met(clinic)
    line, _ = await clinic.station()
    binding_id = await bind(doctor, consult_id)
    await clinic.desk.station_receive(line, picture(binding_id))
    await consent(doctor, consult_id)
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    kept = clinic.recorders.tapes[tape_id]
    (told,) = kept.of("picture_shown")
    assert told["part"] == msgspec.to_builtins(PART) and told["since_us"] == 1_790_000_000_000_000
    assert told["given_up"] == ["ultrasound_cropped", "ultrasound_small"]
    moved = msgspec.structs.replace(PART, left=98)
    await clinic.desk.station_receive(line, picture(binding_id, moved))
    assert [act["part"]["left"] for act in kept.of("picture_shown")] == [96, 98]
    kept.alive = False
    await clinic.tick(1)
    assert [act["part"]["left"] for act in kept.of("picture_shown")] == [96, 98, 98]


async def test_a_device_in_place_of_the_stations_picture_is_on_the_tape_as_one_of_another_clock(
    clinic: Clinic,
) -> None:
    doctor, _, consult_id = await met(clinic)
    await clinic.station()
    await bind(doctor, consult_id)
    await consent(doctor, consult_id)
    tape_id = TapeId(await doctor.done(m.StartTape, consult_id=consult_id))
    await clinic.desk.doors.publish(STATION, "hash", Door.ULTRASOUND, "v=0 an encoder's offer")
    device = list(clinic.media.peers.values())[-1].peer_id
    await clinic.desk.media_event(PeerUp(peer_id=device))
    kept = clinic.recorders.tapes[tape_id]
    assert not kept.of("station_changed")[-1]["station"]["one_clock"]
    await clinic.desk.media_event(PeerDown(peer_id=device, reason="silent for 8 s"))
    assert kept.of("station_changed")[-1]["station"]["one_clock"]
    doors = [{one["door"] for one in act["room"]["participants"]} for act in kept.of("room_changed")]
    assert {"ultrasound", None} in doors


async def test_a_screen_that_watches_keeps_no_tape_running(clinic: Clinic) -> None:
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    link, _ = await clinic.desk.doors.let_screen_in(ZHOU, consult_id)
    await clinic.desk.doors.watch(link, "v=0 a screen's offer")
    screen = list(clinic.media.peers.values())[-1]
    await clinic.desk.media_event(PeerUp(peer_id=screen.peer_id))
    for one in (doctor, chen):
        await one.done(m.LeaveRoom, consult_id=consult_id)
    await clinic.tick(1)
    assert (await tape(clinic, tape_id)).end is TapeEnd.ROOM_CLOSED


async def test_a_step_of_the_wall_clock_moves_nothing_on_a_tape(clinic: Clinic) -> None:
    """Packets are timed in the worker by the same clock: it is told the same epoch."""
    doctor, chen, consult_id, tape_id = await recorded(clinic)
    kept = clinic.recorders.tapes[tape_id]
    began_us = moments.to_us(clinic.clock.now)
    assert kept.epochs_us == clinic.media.epochs_us == [began_us - clinic.clock.monotonic_us()]
    clinic.clock.pass_s(10)
    clinic.clock.step_s(-3600)
    await doctor.done(m.SayChat, consult_id=consult_id, text="after the step")
    assert kept.acts[-1][0] == began_us + 10_000_000
    clinic.recorders.tapes[tape_id].alive = False
    await clinic.tick()  # another recorder goes on by the same clock
    assert len(set(kept.epochs_us)) == len(set(clinic.media.epochs_us)) == 1
    clinic.clock.pass_s(10)
    clock = m.PublisherClock(
        consult_id=consult_id, participant_id=ParticipantId("p"), offset_us=3_600_000_000, uncertainty_us=1
    )
    clinic.desk._parts.taping.act(consult_id, clock)  # as found out anew, against the wall clock
    assert kept.of("publisher_clock")[-1]["offset_us"] == 0
    await chen.done(m.WithdrawRecordingConsent, consult_id=consult_id)
    assert kept.until_us == began_us + 20_000_000


async def test_every_step_is_on_the_audit_trail(clinic: Clinic) -> None:
    doctor, _, consult_id, tape_id = await recorded(clinic)
    await doctor.done(m.WithdrawRecordingConsent, consult_id=consult_id)
    await clinic.sealed()

    def read(ledger: Any) -> list[tuple[Action, str]]:
        return [(one.event.action, one.event.object_kind) for one in ledger.audit.all()]

    trail = await clinic.records.read(read)
    assert trail[-5:] == [
        (Action.CREATE, "recording_consent"),
        (Action.RECORD, "tape"),
        (Action.WITHDRAW, "recording_consent"),
        (Action.CHANGE, "tape"),  # it ended
        (Action.CHANGE, "tape"),  # it is sealed
    ]
