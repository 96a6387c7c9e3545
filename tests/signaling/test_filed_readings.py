"""One reading a minute of each kind goes into the record."""

import datetime as dt

from records.consults import Binding
from records.ids import AccountId, BindingId, ConsultId, ReadingId, ResidentId
from records.residents import Reading, ReadingKind, ReadingSource
from signaling.filed_readings import FiledReadings
from tests.fakes.records import NOW


def bound(name: str) -> Binding:
    return Binding(
        id=BindingId(name),
        station_id=AccountId("station"),
        consult_id=ConsultId("consult"),
        resident_id=ResidentId("resident"),
        ecg_stream_id=1,
        ultrasound_stream_id=2,
        bound_by=AccountId("doctor"),
        bound_at=NOW,
        simulated=False,
    )


def taken(after_s: int, kind: ReadingKind = ReadingKind.PULSE_RATE) -> Reading:
    return Reading(
        id=ReadingId("reading"),
        resident_id=ResidentId("resident"),
        kind=kind,
        value=72,
        source=ReadingSource.DEVICE,
        measured_at=NOW + dt.timedelta(seconds=after_s),
        entered_by=AccountId("station"),
    )


def test_of_a_number_every_2_s_one_a_minute_is_filed() -> None:
    filed = FiledReadings()
    due = [second for second in range(0, 181, 2) if filed.due(bound("a"), taken(second))]
    assert due == [0, 60, 120, 180]


def test_each_kind_has_its_own_minute() -> None:
    filed = FiledReadings()
    assert filed.due(bound("a"), taken(0))
    assert filed.due(bound("a"), taken(1, ReadingKind.OXYGEN_SATURATION))


def test_the_first_under_a_new_binding_is_always_filed() -> None:
    filed = FiledReadings()
    assert filed.due(bound("a"), taken(0))
    assert filed.due(bound("b"), taken(2))


def test_what_a_cut_line_delivers_late_is_filed_too() -> None:
    filed = FiledReadings()
    assert filed.due(bound("a"), taken(300))
    assert filed.due(bound("a"), taken(0))
