"""A recording under the wrong resident is moved: it is gone at once from every consult of that one."""

from records.consults import EcgRecording
from records.ids import BindingId, ConsultId
from records.residents import ReadingKind
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, ask, bind
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import CHEN, LI_JIANGUO, NOW, WANG_XIUYING, ZHAO
from tests.signaling.test_stations import meta, ready, recording, samples, tell_clock, wave


class Wrong:
    """An ECG of Li's, taken under Wang; the binding has ended, the station owes more of it."""

    doctor: Client
    chen: Client
    consult_id: ConsultId
    later_id: ConsultId  # a second consult of Wang's, which took the recording along
    binding_id: BindingId
    recording: EcgRecording
    stream_id: int
    line: StationLine
    station: FakeOutbox

    async def happen(self, clinic: Clinic) -> "Wrong":
        self.doctor, self.consult_id = await ready(clinic)
        self.line, self.station = await clinic.station()
        self.binding_id = await bind(self.doctor, self.consult_id)
        self.stream_id = self.station.last(s.Bind).ecg_stream_id
        await clinic.desk.station_packet(self.line, meta(self.stream_id))
        await clinic.desk.station_packet(self.line, wave(self.stream_id, 0, samples(50, seed=1)))
        self.chen = await clinic.sign_in(CHEN)
        await self.chen.done(m.AcceptConsult, consult_id=self.consult_id)
        await self.chen.notice(m.WantLiveSamples(binding_id=self.binding_id, on=True))
        await tell_clock(clinic, self.line)
        clinic.clock.pass_s(60)
        await self.doctor.done(m.ReleaseStation, binding_id=self.binding_id)
        found = await recording(clinic, self.binding_id)
        assert found is not None
        self.recording = found
        self.later_id = await ask(self.doctor)
        return self

    async def is_moved(self) -> None:
        await self.doctor.done(
            m.MoveRecording, recording_id=self.recording.id, to_resident_id=LI_JIANGUO.id, reason="选错居民"
        )
        self.chen.outbox.packets.clear()


async def test_no_consult_of_the_wrong_resident_shows_it_any_more(clinic: Clinic) -> None:
    wrong = await Wrong().happen(clinic)
    seen = [wrong.chen.card(wrong.later_id), wrong.chen.card(wrong.consult_id)]
    assert seen[0] is not None and seen[0].recording_id == wrong.recording.id
    await wrong.is_moved()
    again = await clinic.sign_in(CHEN)
    for who in (wrong.chen, wrong.doctor, again):
        cards = [who.card(wrong.later_id), who.card(wrong.consult_id)]
        assert [one and (one.recording_id, one.prior_recording_id) for one in cards] == [(None, None)] * 2


async def test_the_consult_gives_no_samples_of_it_any_more(clinic: Clinic) -> None:
    wrong = await Wrong().happen(clinic)
    await wrong.is_moved()
    for ask_for in (
        m.NeedSamples(binding_id=wrong.binding_id, first=0, count=50),
        m.WantLiveSamples(binding_id=wrong.binding_id, on=True),
    ):
        await wrong.chen.notice(ask_for)
        assert wrong.chen.outbox.last(m.Refused).code == "not_found"
    late = wave(wrong.stream_id, 50, samples(50, seed=2))
    await clinic.desk.station_packet(wrong.line, late)
    assert wrong.chen.outbox.packets == []


async def test_what_the_station_still_owes_follows_it_to_the_right_resident(clinic: Clinic) -> None:
    wrong = await Wrong().happen(clinic)
    await wrong.is_moved()
    reading = s.StationReading(
        binding_id=wrong.binding_id,
        kind=ReadingKind.PULSE_RATE,
        value=71,
        measured_us=moments.to_us(NOW) + 1_000_000,
        simulated=False,
    )
    await clinic.desk.station_receive(wrong.line, reading)
    of = await clinic.records.read(
        lambda ledger: [
            [one.value for one in ledger.readings.of_resident(who.id)] for who in (LI_JIANGUO, WANG_XIUYING)
        ]
    )
    assert of == [[71], []]


async def test_a_request_that_only_waits_lets_no_specialist_move_a_recording(clinic: Clinic) -> None:
    wrong = await Wrong().happen(clinic)
    await ask(wrong.doctor, resident_id=LI_JIANGUO.id)
    zhao = await clinic.sign_in(ZHAO)  # both residents wait in her queue, she has taken neither
    moving = {"recording_id": wrong.recording.id, "to_resident_id": LI_JIANGUO.id, "reason": "选错居民"}
    assert await zhao.refused(m.MoveRecording, **moving) == "not_found"
    kept = await clinic.records.read(lambda ledger: ledger.recordings.get(wrong.recording.id))
    assert kept.resident_id == WANG_XIUYING.id
