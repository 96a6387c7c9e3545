"""A station and its devices: bound, checked, made to fail in the demo; what it recorded."""

from enum import StrEnum

from records.device_checks import CheckOutcome
from records.exam_presets import ExamPreset
from records.ids import AccountId, BindingId, ConsultId, RecordingId, ResidentId
from signaling.messages.base import Command, Direct, Event
from signaling.messages.cards import StationCard


class BindStation(Command):
    """A person confirmed that this station's devices are on this consult's resident.

    `Done.value` is the binding's id. Ends the station's binding before it.
    """

    consult_id: ConsultId
    station_id: AccountId


class ReleaseStation(Command):
    """End a binding; the station stops acquiring."""

    binding_id: BindingId


class ChooseExamPreset(Command):
    """What is examined by the ultrasound: `StationCard.exam_preset` tells everyone; null takes it back.

    On a weak line the station then keeps motion (cardiac, vascular) or detail (abdomen, small parts).
    """

    consult_id: ConsultId
    preset: ExamPreset | None


class ReportDeviceCheck(Command):
    """A person went through a station's device check; `StationCard.last_test_at` and `.last_test_passed`
    tell of the last one. What was not tried, and what the station does not have, is `skipped`."""

    station_id: AccountId
    camera: CheckOutcome
    microphone: CheckOutcome
    speaker: CheckOutcome
    network: CheckOutcome
    ultrasound: CheckOutcome
    ecg: CheckOutcome


class MoveRecording(Command):
    """A physician moves a recording that was taken under the wrong resident, with a reason."""

    recording_id: RecordingId
    to_resident_id: ResidentId
    reason: str


class ForceFault(Command):
    """Demo only: make something go wrong on purpose."""

    station_id: AccountId
    fault: "DemoFault"


class DemoFault(StrEnum):
    """What the demo's fault panel can do."""

    V2_OFF = "v2_off"  # the electrode V2 comes loose
    V2_ON = "v2_on"
    CABLE_OUT_10_S = "cable_out_10_s"  # the station's network cable


class StationChanged(Event):
    """A station came, went, or one of its devices changed."""

    station: StationCard


class StationClock(Direct):
    """How the bound station's clock stands to the server's: station = server + offset.

    `ecg_drift_ppm`: how much slower than it says its ECG device counts samples, by the station's clock. None:
    not known (yet), or the device has no clock of its own.
    """

    binding_id: BindingId
    offset_us: int
    uncertainty_us: int
    ecg_drift_ppm: float | None = None
