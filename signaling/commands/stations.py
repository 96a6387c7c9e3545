"""Binding a station's devices to one consult's resident, and what was recorded under the wrong one."""

import secrets

import msgspec

from records.accounts import Account, Role
from records.audit import Action
from records.consults import Binding
from records.derived_measuring import moved as moved_with_stills
from records.device_checks import DeviceCheck
from records.ecg_reading import moved_to
from records.ids import AccountId, BindingId, ConsultId, ResidentId, new_id
from records.scope import OVER
from signaling import messages as m
from signaling import scopes
from signaling.commands import texts
from signaling.commands.case import (
    BindingBegins,
    BindingEnds,
    BindingMoved,
    Case,
    ConsultMoved,
    Decided,
    Effect,
    PresetChosen,
    StationMoves,
    StudyMoved,
)
from signaling.commands.consent import check_may_open_media
from signaling.commands.endings import end_binding
from signaling.errors import Refused
from signaling.live import NEVER_SEEN
from signaling.refusals import Refusal
from signaling.transitions import ENDED


def bind(case: Case, command: m.BindStation) -> Decided:
    """Bind a station to a consult; what the station or the consult was bound to before has ended."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if consult.state in ENDED:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    check_may_open_media(case.ledger, consult)
    station = _station_of(case, command.station_id)
    ended = _end_earlier(case, station.id, consult.id)
    binding = Binding(
        id=BindingId(new_id()),
        station_id=station.id,
        consult_id=consult.id,
        resident_id=consult.resident_id,
        ecg_stream_id=_fresh_stream_id(),
        ultrasound_stream_id=_fresh_stream_id(),
        bound_by=case.actor.id,
        bound_at=case.now,
        simulated=case.live.stations.get(station.id, NEVER_SEEN).simulated,
    )
    case.ledger.bindings.add(binding)
    case.audit(Action.BIND, "binding", binding.id, binding.resident_id)
    effects: list[Effect] = [BindingEnds(binding=one) for one in ended]
    effects.append(BindingBegins(binding=binding))
    moved = {one.consult_id: None for one in (*ended, binding)}
    effects += [ConsultMoved(consult_id=one) for one in moved]
    return Decided(value=binding.id, effects=tuple(effects))


def release(case: Case, command: m.ReleaseStation) -> Decided:
    """End a binding; the station stops acquiring."""
    binding = scopes.binding_in_scope(case.ledger, case.actor, command.binding_id)
    if binding.ended_at is not None:
        raise Refused(Refusal.WRONG_STATE, "the binding has ended")
    ended = end_binding(case, binding)
    return Decided(effects=(BindingEnds(binding=ended), ConsultMoved(consult_id=binding.consult_id)))


def choose_exam_preset(case: Case, command: m.ChooseExamPreset) -> Decided:
    """Say what the ultrasound of the running binding examines; only from within the room."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if (consult.id, case.actor.id) not in case.live.in_room:
        raise Refused(Refusal.NOT_IN_ROOM)
    binding = case.ledger.bindings.running_of_consult(consult.id)
    if binding is None:
        raise Refused(Refusal.NOT_BOUND)
    case.audit(Action.CHANGE, "exam_preset", binding.id, binding.resident_id)
    return Decided(effects=(PresetChosen(binding=binding, preset=command.preset),))


def report_device_check(case: Case, command: m.ReportDeviceCheck) -> Decided:
    """Keep how a station's device check went, in place of the one before."""
    station = _station_of(case, command.station_id)
    check = DeviceCheck(
        at=case.now,
        by=case.actor.id,
        camera=command.camera,
        microphone=command.microphone,
        speaker=command.speaker,
        network=command.network,
        ultrasound=command.ultrasound,
        ecg=command.ecg,
    )
    case.ledger.accounts.save(msgspec.structs.replace(station, device_check=check))
    case.audit(Action.CREATE, "device_check", station.id)
    return Decided(effects=(StationMoves(station_id=station.id),))


def move_recording(case: Case, command: m.MoveRecording) -> Decided:
    """Move a recording, and its binding, to the resident it was really taken of."""
    recording = case.ledger.recordings.get(command.recording_id)
    scopes.check_resident(case.ledger, case.actor, recording.resident_id, case.now)
    scopes.check_resident(case.ledger, case.actor, command.to_resident_id, case.now)
    reason = texts.reason(command.reason)
    binding = case.ledger.bindings.get(recording.binding_id) if recording.binding_id else None
    if binding is not None and binding.ended_at is None:
        raise Refused(Refusal.STATION_STILL_BOUND)
    effects: list[Effect] = []
    if binding is not None:
        moved = _moved_binding(case, binding, command.to_resident_id, reason)
        case.ledger.bindings.save(moved)
        effects.append(BindingMoved(binding=moved))
        effects += _moved_studies(case, binding, command.to_resident_id, reason)
        _move_pictures(case, binding, command.to_resident_id, reason)
    case.ledger.recordings.save(msgspec.structs.replace(recording, resident_id=command.to_resident_id))
    residents = (recording.resident_id, command.to_resident_id)
    for resident_id in residents:
        case.audit(Action.MOVE, "recording", recording.id, resident_id, reason)
    effects += [ConsultMoved(consult_id=one) for one in _that_show(case, residents)]
    return Decided(effects=tuple(effects))


def _moved_studies(case: Case, binding: Binding, to: ResidentId, reason: str) -> list[Effect]:
    """What was cut out of the binding's stream was of the same person."""
    moved: list[Effect] = []
    for study in case.ledger.ecg_studies.of_binding(binding.id):
        after = moved_to(study, to)
        case.ledger.ecg_studies.save(after)
        for resident_id in (study.resident_id, to):
            case.audit(Action.MOVE, "ecg_study", study.id, resident_id, reason)
        moved.append(StudyMoved(study=after))
    return moved


def _move_pictures(case: Case, binding: Binding, to: ResidentId, reason: str) -> None:
    """And so was what was kept of its pictures."""
    for clip in case.ledger.ultrasound_clips.of_binding(binding.id):
        case.ledger.ultrasound_clips.save(msgspec.structs.replace(clip, resident_id=to))
        for resident_id in (clip.resident_id, to):
            case.audit(Action.MOVE, "ultrasound_clip", clip.id, resident_id, reason)
    for still in case.ledger.ultrasound_stills.of_binding(binding.id):
        case.ledger.ultrasound_stills.save(msgspec.structs.replace(still, resident_id=to))
        for resident_id in (still.resident_id, to):
            case.audit(Action.MOVE, "ultrasound_still", still.id, resident_id, reason)
    _move_derived(case, binding.consult_id, to, reason)


def _move_derived(case: Case, consult_id: ConsultId, to: ResidentId, reason: str) -> None:
    """What was derived of pictures goes with them; where they are several residents' now, it is void."""
    owners = {one.id: one.resident_id for one in case.ledger.ultrasound_stills.of_consult(consult_id)}
    for whole in case.ledger.derived_measurements.of_consult(consult_id):
        after = moved_with_stills(whole, owners)
        if after == whole:
            continue
        case.ledger.derived_measurements.save(after)
        for resident_id in (whole.resident_id, to):
            case.audit(Action.MOVE, "derived_measurement", whole.id, resident_id, reason)


def _that_show(case: Case, resident_ids: tuple[ResidentId, ...]) -> tuple[ConsultId, ...]:
    """The consults on somebody's screen whose cards show recordings of these residents."""
    of_them = (one for resident_id in resident_ids for one in case.ledger.consults.of_resident(resident_id))
    return tuple(one.id for one in of_them if one.state not in OVER)


def _moved_binding(case: Case, binding: Binding, to: ResidentId, reason: str) -> Binding:
    return msgspec.structs.replace(
        binding,
        resident_id=to,
        moved_from_resident_id=binding.moved_from_resident_id or binding.resident_id,
        moved_by=case.actor.id,
        moved_reason=reason,
    )


def _station_of(case: Case, station_id: AccountId) -> Account:
    stations = case.ledger.accounts.by_role(Role.STATION)
    found = next((one for one in stations if one.id == station_id), None)
    if found is None or found.disabled or found.institution_id != case.actor.institution_id:
        raise Refused(Refusal.NO_SUCH_STATION)
    return found


def _end_earlier(case: Case, station_id: AccountId, consult_id: ConsultId) -> list[Binding]:
    running = (
        case.ledger.bindings.running_of_station(station_id),
        case.ledger.bindings.running_of_consult(consult_id),
    )
    earlier = {binding.id: binding for binding in running if binding is not None}
    return [end_binding(case, binding) for binding in earlier.values()]


def _fresh_stream_id() -> int:
    return secrets.randbelow(2**32 - 1) + 1
