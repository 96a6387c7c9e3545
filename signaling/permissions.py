"""What every message of a client needs: its permission and the scope it touches. Deny is the default."""

from collections.abc import Iterable, Mapping
from typing import get_args

from records.accounts import Role
from records.permissions import Permission, Scope, may
from records.values import Value
from signaling import messages as m
from signaling.errors import Refused, UndeclaredMessage
from signaling.refusals import Refusal


class Need(Value):
    """What a message needs of its sender."""

    permission: Permission
    scope: Scope


def _need(permission: Permission, scope: Scope) -> Need:
    return Need(permission=permission, scope=scope)


NEEDS: Mapping[type[m.Message], Need] = {
    m.Hello: _need(Permission.SIGNED_IN, Scope.NONE),
    m.ProbeClock: _need(Permission.SIGNED_IN, Scope.NONE),
    m.SetPresence: _need(Permission.ANSWER_REQUEST, Scope.OWN),
    m.RequestConsult: _need(Permission.PREPARE_REQUEST, Scope.RESIDENT),
    m.SupplyInformation: _need(Permission.PREPARE_REQUEST, Scope.CONSULT),
    m.CancelConsult: _need(Permission.PREPARE_REQUEST, Scope.CONSULT),
    m.AcceptConsult: _need(Permission.ANSWER_REQUEST, Scope.QUEUE),
    m.DeclineConsult: _need(Permission.ANSWER_REQUEST, Scope.QUEUE),
    m.ReturnConsult: _need(Permission.ANSWER_REQUEST, Scope.QUEUE),
    m.HandOver: _need(Permission.ANSWER_REQUEST, Scope.CONSULT),
    m.TakeOpinion: _need(Permission.SIGN_OPINION, Scope.QUEUE),
    m.RingAgain: _need(Permission.PREPARE_REQUEST, Scope.CONSULT),
    m.AddSpecialist: _need(Permission.ANSWER_REQUEST, Scope.CONSULT),
    m.InviteGuest: _need(Permission.INVITE_GUEST, Scope.CONSULT),
    m.DismissGuest: _need(Permission.INVITE_GUEST, Scope.CONSULT),
    m.ConfirmIdentity: _need(Permission.TAKE_CONSENT, Scope.CONSULT),
    m.RecordConsent: _need(Permission.TAKE_CONSENT, Scope.CONSULT),
    m.ConsentToRecording: _need(Permission.TAKE_CONSENT, Scope.CONSULT),
    m.WithdrawRecordingConsent: _need(Permission.JOIN_ROOM, Scope.CONSULT),  # either side, at any time
    m.StartTape: _need(Permission.RECORD_CONSULT, Scope.CONSULT),
    m.StopTape: _need(Permission.JOIN_ROOM, Scope.CONSULT),  # nobody is recorded against their will
    m.BindStation: _need(Permission.BIND_STATION, Scope.CONSULT),
    m.ReleaseStation: _need(Permission.BIND_STATION, Scope.BINDING),
    m.ReportDeviceCheck: _need(Permission.BIND_STATION, Scope.NONE),  # a station of one's own institution
    m.MoveRecording: _need(Permission.MOVE_RECORDING, Scope.RESIDENT),
    m.JoinRoom: _need(Permission.JOIN_ROOM, Scope.CONSULT),
    m.LeaveRoom: _need(Permission.JOIN_ROOM, Scope.CONSULT),
    m.AnswerMedia: _need(Permission.JOIN_ROOM, Scope.OWN),
    m.RestartMedia: _need(Permission.JOIN_ROOM, Scope.CONSULT),
    m.SetMuted: _need(Permission.JOIN_ROOM, Scope.CONSULT),
    m.SetAuscultation: _need(Permission.AUSCULTATE, Scope.CONSULT),
    m.ChooseExamPreset: _need(Permission.CHOOSE_EXAM_PRESET, Scope.CONSULT),
    m.PublishUltrasound: _need(Permission.PUBLISH_ULTRASOUND, Scope.CONSULT),
    m.FreezePicture: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.StepPicture: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.SetPictureScale: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.UnfreezePicture: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.DrawMark: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.UndoMark: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.TakeClip: _need(Permission.KEEP_STILL, Scope.CONSULT),
    m.ClearMarks: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.EnterChestPainMoment: _need(Permission.KEEP_CHEST_PAIN_CLOCK, Scope.CONSULT),
    m.OpenChecklist: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.TickView: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.GuideProbe: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.RequestControl: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.TakeBackGuiding: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.AnswerGuiding: _need(Permission.ANSWER_GUIDING, Scope.CONSULT),
    m.AllowTurning: _need(Permission.ANSWER_GUIDING, Scope.CONSULT),
    m.SayChat: _need(Permission.JOIN_ROOM, Scope.CONSULT),
    m.EndConsult: _need(Permission.END_CONSULT, Scope.CONSULT),
    m.ForceEnd: _need(Permission.FORCE_END, Scope.NONE),  # without seeing or hearing it
    m.ReassignOpinion: _need(Permission.REASSIGN_OPINION, Scope.NONE),  # without reading the consult
    m.AcknowledgeOpinion: _need(Permission.ACKNOWLEDGE_OPINION, Scope.CONSULT),
    m.WatchDashboard: _need(Permission.SEE_DASHBOARD, Scope.NONE),
    m.ForceFault: _need(Permission.FAULT_PANEL, Scope.NONE),
    m.SpoilLine: _need(Permission.FAULT_PANEL, Scope.CONSULT),
    m.NeedSamples: _need(Permission.SEE_DEVICES, Scope.BINDING),
    m.WantLiveSamples: _need(Permission.SEE_DEVICES, Scope.BINDING),
    m.PointAt: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.MeasureEcg: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.MeasurePicture: _need(Permission.MARK_PICTURE, Scope.CONSULT),
    m.ReportClock: _need(Permission.PUBLISH_ULTRASOUND, Scope.CONSULT),
    m.ReportPicture: _need(Permission.PUBLISH_ULTRASOUND, Scope.CONSULT),
    m.ReportQuality: _need(Permission.JOIN_ROOM, Scope.CONSULT),
}


def check_declared(
    kinds: Iterable[type[m.Message]] = get_args(m.ClientMessage),
    needs: Mapping[type[m.Message], Need] = NEEDS,
) -> None:
    """Raise `UndeclaredMessage` when a client's message declares nothing: the server must not start."""
    undeclared = sorted(kind.__name__ for kind in kinds if kind not in needs)
    if undeclared:
        raise UndeclaredMessage(f"no permission declared for: {', '.join(undeclared)}")


def check_permission(role: Role, kind: type[m.Message]) -> None:
    """Raise `Refused` with `NOT_ALLOWED` unless the role may send such a message."""
    need = NEEDS.get(kind)
    if need is None or not may(role, need.permission):
        raise Refused(Refusal.NOT_ALLOWED, f"{role.value} may not send {kind.__name__}")
