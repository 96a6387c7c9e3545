"""Every message of a client declares what it needs, and every role gets exactly what the table says."""

from typing import Any, get_args

import pytest

from records.accounts import Account, Presence, Role
from records.audit import Action
from records.checklists import ViewState
from records.chest_pain import ChestPainMoment
from records.consults import ConsentForm, Urgency
from records.device_checks import CheckOutcome
from records.exam_presets import ExamPreset
from records.guiding import GuidingEvent, Movement, ProbeWord
from records.permissions import PERMISSIONS
from records.scanner_controls import ScannerControl
from records.view_protocols import ViewProtocol
from signaling import messages as m
from signaling.commands.table import DECIDE
from signaling.errors import UndeclaredMessage
from signaling.permissions import NEEDS, check_declared
from signaling.present import COMMANDS
from tests.fakes.clinic import Clinic
from tests.fakes.records import CHEN, HAN, HE, LIN, STATION, WU, ZHOU

KINDS: tuple[type[m.Message], ...] = get_args(m.ClientMessage)
BY_ROLE = {one.role: one for one in (ZHOU, WU, CHEN, LIN, HE, HAN, STATION)}
NOWHERE: dict[str, Any] = {
    "id": "command-1",
    "client_id": "tab-00000001",
    "sent_us": 1,
    "presence": Presence.AVAILABLE,
    "resident_id": "none",
    "specialty": "none",
    "urgency": Urgency.ROUTINE,
    "question": "问",
    "consult_id": "none",
    "reason": "因",
    "specialist_id": "none",
    "identifiers": (),
    "form": ConsentForm.ORAL,
    "station_id": "none",
    "binding_id": "none",
    "recording_id": "none",
    "to_resident_id": "none",
    "microphone_on": True,
    "camera_on": True,
    "peer_id": "none",
    "sdp": "none",
    "text": "话",
    "on": True,
    "preset": ExamPreset.ABDOMEN,
    "troubles": (),
    "fault": m.DemoFault.V2_OFF,
    "first": 0,
    "count": 1,
    "x": 0.5,
    "y": 0.5,
    "account_id": "none",
    "resident_agreed": True,
    "resident_confirmed": True,
    "by": 1,
    "still_id": "none",
    "shape": m.MarkShape.ARROW,
    "points": ((0.1, 0.1), (0.2, 0.2)),
    "apart_mm": 50.0,
    "capture_us": 1,
    "offset_us": 1,
    "uncertainty_us": 1,
    "calipers": None,
    "moment": ChestPainMoment.ONSET,
    "word": ProbeWord(movement=Movement.HOLD_STILL),
    "control": ScannerControl.GAIN_UP,
    "guiding_id": "none",
    "protocol": ViewProtocol.FAST,
    "view": "ruq",
    "state": ViewState.ADEQUATE,
    "answer": GuidingEvent.SEEN,
    "at": None,
    **dict.fromkeys(("camera", "microphone", "speaker", "network", "ultrasound", "ecg"), CheckOutcome.PASSED),
}


def _example(kind: type[m.Message]) -> m.Message:
    return kind(**{name: NOWHERE[name] for name in kind.__struct_fields__ if name in NOWHERE})


def test_every_role_has_somebody_here() -> None:
    assert set(BY_ROLE) == set(Role)


@pytest.mark.parametrize("account", BY_ROLE.values(), ids=lambda one: one.role.value)
@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
async def test_a_role_may_send_what_the_table_says_and_nothing_else(
    clinic: Clinic, kind: type[m.Message], account: Account
) -> None:
    client = await clinic.sign_in(account)
    await clinic.desk.receive(client.line, _example(kind))
    codes = [one.code for one in client.outbox.of(m.Refused)]
    if NEEDS[kind].permission in PERMISSIONS[account.role]:
        assert "not_allowed" not in codes and "server_fault" not in codes
    else:
        assert codes == ["not_allowed"]
    if issubclass(kind, m.Command):
        assert len(codes) + len(client.outbox.of(m.Done)) == 1


def test_everything_is_declared_and_every_command_is_carried_out_by_exactly_one() -> None:
    check_declared()
    commands = {kind for kind in KINDS if issubclass(kind, m.Command)}
    assert set(NEEDS) == set(KINDS)
    assert set(DECIDE) | COMMANDS == commands and not set(DECIDE) & COMMANDS


def test_a_message_that_declares_nothing_stops_the_start() -> None:
    with pytest.raises(UndeclaredMessage, match="JoinRoom"):
        check_declared(KINDS, {kind: need for kind, need in NEEDS.items() if kind is not m.JoinRoom})


async def test_an_attempt_beyond_ones_rights_is_in_the_audit_trail(clinic: Clinic) -> None:
    administrator = await clinic.sign_in(HAN)
    code = await administrator.refused(m.JoinRoom, consult_id="none", microphone_on=True, camera_on=True)
    assert code == "not_allowed"
    entries = await clinic.records.read(lambda ledger: ledger.audit.search(actor_id=HAN.id))
    assert [(one.event.action, one.event.object_id) for one in entries] == [(Action.DENIED, "JoinRoom")]


async def test_an_administrator_sees_no_resident(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    administrator = await clinic.sign_in(HAN)
    await doctor.done(
        m.RequestConsult,
        resident_id="wang",
        specialty="cardiology",
        urgency=Urgency.ROUTINE,
        question="胸闷",
    )
    late = await clinic.sign_in(HAN)
    for one in (administrator, late):
        assert "王秀英" not in b"".join(m.encode(sent) for sent in one.outbox.sent).decode()
        assert one.outbox.of(m.ConsultChanged) == []
