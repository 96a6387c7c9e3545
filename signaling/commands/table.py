"""Which function decides which command."""

from collections.abc import Callable, Mapping
from typing import Any

from signaling import messages as m
from signaling.commands import (
    checklists,
    chest_pain,
    consent,
    endings,
    guests,
    guiding,
    opinions,
    presence,
    recording,
    requests,
    rooms,
    stations,
)
from signaling.commands.case import Case, Decided

DECIDE: Mapping[type[m.Command], Callable[[Case, Any], Decided]] = {
    m.SetPresence: presence.set_presence,
    m.RequestConsult: requests.request,
    m.SupplyInformation: requests.supply,
    m.CancelConsult: requests.cancel,
    m.AcceptConsult: requests.accept,
    m.DeclineConsult: requests.decline,
    m.ReturnConsult: requests.give_back,
    m.RingAgain: requests.ring_again,
    m.HandOver: requests.hand_over,
    m.TakeOpinion: opinions.take,
    m.ReassignOpinion: opinions.reassign,
    m.AddSpecialist: requests.add_specialist,
    m.InviteGuest: guests.invite,
    m.DismissGuest: guests.dismiss,
    m.AcknowledgeOpinion: requests.acknowledge,
    m.ConfirmIdentity: consent.confirm_identity,
    m.RecordConsent: consent.record_consent,
    m.ConsentToRecording: recording.consent,
    m.WithdrawRecordingConsent: recording.withdraw,
    m.StartTape: recording.start,
    m.StopTape: recording.stop,
    m.BindStation: stations.bind,
    m.ReleaseStation: stations.release,
    m.ChooseExamPreset: stations.choose_exam_preset,
    m.ReportDeviceCheck: stations.report_device_check,
    m.MoveRecording: stations.move_recording,
    m.JoinRoom: rooms.join,
    m.LeaveRoom: rooms.leave,
    m.SayChat: rooms.say,
    m.EnterChestPainMoment: chest_pain.enter,
    m.OpenChecklist: checklists.open_protocol,
    m.TickView: checklists.tick,
    m.GuideProbe: guiding.guide,
    m.RequestControl: guiding.request_control,
    m.AnswerGuiding: guiding.answer,
    m.TakeBackGuiding: guiding.take_back,
    m.EndConsult: endings.end,
    m.ForceEnd: endings.force_end,
}
"""Commands that change the records. What only touches the present is in `signaling.present`."""
