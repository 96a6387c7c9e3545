"""Ten seconds of a consult's live ECG, cut out of what is stored: of one binding, and of no other.

An excerpt is made of durable samples. What has not come by the time it must be handed out is missing in it,
is told as a gap, and is never filled by anything else.
"""

import asyncio
import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from ecg import wire
from ecg.common_steps import tracing_of
from ecg.description import StreamDescription
from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS, Lead, leads_of_bits, unusable_leads
from ecg.limb_leads import with_derived_limb_leads
from ecg.ranges import SampleRanges
from ecg.recording import Recording
from ecg.tracing import Channel, FileKind, Tracing
from records.accounts import Account
from records.consults import Binding
from records.ecg_drafts import Acquisition, DeviceSpan
from records.ids import AccountId, BindingId, ConsultId
from records.ledger import Ledger, Records
from records.scope import OVER
from records.values import Value
from signaling import moments, scopes
from signaling.errors import Refused
from signaling.late_samples import LateSamples
from signaling.ports import Samples
from signaling.refusals import Refusal
from signaling.station_lines import Stations
from signaling.stored_growth import StoredGrowth
from signaling.stored_streams import StoredStreams

EXCERPT_S = 10
LONGEST_WAIT_S = 20.0
"""Whoever pressed the button waits for no longer."""


class WantedExcerpt(Value):
    """Which ten seconds of which binding."""

    consult_id: ConsultId
    binding_id: BindingId
    first: int | None = None  # sample index it begins with; None: see `next_ten`
    next_ten: bool = False  # from now on; else the last ten seconds that are stored


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Excerpt:
    """Ten seconds, as they were captured.

    `first`: the index of its first sample in the binding's stream. `stored`: whether every sample had come.
    `unusable`: leads that the device called so for at least a part.
    """

    binding: Binding
    tracing: Tracing
    acquisition: Acquisition
    first: int
    stored: bool
    taken_at: dt.datetime
    derived: tuple[Lead, ...] = ()
    unusable: tuple[Lead, ...] = ()
    simulated: bool = False


class EcgExcerpts:
    """Cuts excerpts out of bindings' streams."""

    def __init__(
        self,
        records: Records,
        samples: Samples,
        streams: StoredStreams,
        late: LateSamples,
        growth: StoredGrowth,
        stations: Stations,
        clock: Callable[[], dt.datetime],
        delivery_s: float,
        begun: Callable[[Binding, AccountId, int], None],
    ) -> None:
        self._records = records
        self._samples = samples
        self._streams = streams
        self._late = late
        self._growth = growth
        self._stations = stations
        self._clock = clock
        self._delivery_s = delivery_s
        self._begun = (
            begun  # told when the next seconds of a binding begin to be collected, for how long, by whom
        )

    async def take(self, account: Account, wanted: WantedExcerpt) -> Excerpt:
        """Wait for the wanted samples, and cut them out.

        Raises `Refused`: not in scope, nothing was recorded yet, or not that many samples.
        """
        binding = await self._records.read(lambda ledger: _binding(ledger, account, wanted))
        meta = await self._streams.meta(binding.id)
        if meta is None:
            raise Refused(Refusal.TOO_FEW_SAMPLES, "the stream has not begun")
        about = meta.description
        if not about.leads:
            raise Refused(Refusal.RHYTHM_ONLY, "none of its rows is one of the twelve leads")
        count = math.ceil(EXCERPT_S * about.rate_hz)
        first = await self._first(binding, about, wanted, count)
        if wanted.first is None and wanted.next_ten:
            self._begun(binding, account.id, EXCERPT_S)
        await self._wait(binding, about, first, count)
        kept = await self._late.kept_end(binding)
        if kept is not None and first + count > kept:
            raise Refused(Refusal.TOO_FEW_SAMPLES, "captured after the binding ended")
        packets = await self._samples.read(binding.id, first, count)
        waves = [
            one for one in waves_of(packets) if one.first_index < first + count and one.end_index > first
        ]
        await self._records.read(lambda ledger: _binding(ledger, account, wanted))  # it may have been moved
        return self._cut(binding, meta, waves, first, count)

    async def _first(
        self, binding: Binding, about: StreamDescription, wanted: WantedExcerpt, count: int
    ) -> int:
        stored = await self._stored_end(binding)
        now = max(stored, self._index_now(binding, about) or stored)
        if wanted.first is not None:
            if not 0 <= wanted.first <= now + count:
                raise Refused(Refusal.OUT_OF_RANGE, f"sample {wanted.first} of a stream that is at {now}")
            return wanted.first
        if wanted.next_ten:
            if binding.ended_at is not None:
                raise Refused(Refusal.NOT_BOUND, "the binding has ended; nothing more comes of it")
            return now
        if stored < count:
            raise Refused(Refusal.TOO_FEW_SAMPLES, f"{stored} samples; {count} are {EXCERPT_S} s")
        return stored - count

    async def _stored_end(self, binding: Binding) -> int:
        stored = await self._samples.contiguous_end(binding.id)
        kept = await self._late.kept_end(binding)
        return stored if kept is None else min(stored, kept)

    def _index_now(self, binding: Binding, about: StreamDescription) -> int | None:
        """The sample that is captured at this moment, by the station's clock; None: not known."""
        offset_us = self._offset_us(binding, about)
        if offset_us is None or binding.ended_at is not None:
            return None
        now_us = moments.to_us(self._clock()) + offset_us
        return math.ceil((now_us - about.started_us) * about.rate_hz / 1e6)

    def _offset_us(self, binding: Binding, about: StreamDescription) -> int | None:
        clock = self._stations.of_binding(binding).clock
        return clock.offset_us if clock is not None else about.clock_offset_us

    async def _wait(self, binding: Binding, about: StreamDescription, first: int, count: int) -> None:
        """Until every sample of the range is stored, or for as long as they may take."""
        end = first + count
        now = self._index_now(binding, about)
        at = await self._samples.contiguous_end(binding.id) if now is None else now
        limit_s = min(LONGEST_WAIT_S, max(0.0, (end - at) / about.rate_hz) + self._delivery_s)
        with self._growth.watched(binding.id) as grown:
            try:
                async with asyncio.timeout(limit_s):
                    while not _covers(await self._samples.read(binding.id, first, count), first, end):
                        await grown.wait()
                        grown.clear()
            except TimeoutError:
                return  # what has not come is a gap

    def _cut(
        self, binding: Binding, meta: wire.Meta, waves: Sequence[wire.Wave], first: int, count: int
    ) -> Excerpt:
        about = meta.description
        rows = rows_of(waves, about, first, count)
        if (rows == MISSING).all():
            raise Refused(Refusal.TOO_FEW_SAMPLES, "none of these samples was recorded")
        acquisition = _acquisition(waves, about, first, count)
        tracing, derived = tracing_of_rows(about, rows, _notes(waves, acquisition))
        unusable = {lead for state in acquisition.states for lead in state.unusable}
        return Excerpt(
            binding=binding,
            tracing=tracing,
            acquisition=acquisition,
            first=first,
            stored=_all_there(waves, first, first + count),
            taken_at=self._taken_at(binding, about, first),
            derived=derived,
            unusable=tuple(lead for lead in STANDARD_LEADS if lead in unusable),
            simulated=is_simulated(binding, meta, waves),
        )

    def _taken_at(self, binding: Binding, about: StreamDescription, first: int) -> dt.datetime:
        offset_us = self._offset_us(binding, about) or 0
        captured_us = about.started_us + math.floor(first * 1_000_000 / about.rate_hz)
        return moments.from_us(max(0, captured_us - offset_us))


def _binding(ledger: Ledger, account: Account, wanted: WantedExcerpt) -> Binding:
    binding = scopes.binding_in_scope(ledger, account, wanted.binding_id)
    if binding.consult_id != wanted.consult_id:
        raise Refused(Refusal.NOT_FOUND, "the binding is another consult's")
    if ledger.consults.get(binding.consult_id).state in OVER:
        raise Refused(Refusal.WRONG_STATE, "the consult is over")
    return binding


def rows_of(
    waves: Iterable[wire.Wave], about: StreamDescription, first: int, count: int
) -> NDArray[np.int16]:
    """The samples of a range, int16 (leads, count), `MISSING` where none came; each wave touches it."""
    rows = np.full((len(about.leads), count), MISSING, np.int16)
    for wave in waves:
        here = slice(max(0, wave.first_index - first), wave.end_index - first)
        there = slice(max(0, first - wave.first_index), first + count - wave.first_index)
        rows[:, here] = wave.samples[: len(about.leads), there]  # the rows after them are no leads
    return rows


def waves_of(packets: Iterable[bytes]) -> list[wire.Wave]:
    """The pieces of signal among E1 packets."""
    read = (wire.decode(packet) for packet in packets)
    return [one for one in read if isinstance(one, wire.Wave)]


def _covers(packets: Iterable[bytes], first: int, end: int) -> bool:
    heads = [wire.header(packet) for packet in packets]
    have = SampleRanges()
    for head in heads:
        have.add(head.first_index, head.sample_count)
    return not have.missing(first, end)


def _all_there(waves: Iterable[wire.Wave], first: int, end: int) -> bool:
    have = SampleRanges()
    for wave in waves:
        have.add(wave.first_index, wave.sample_count)
    return not have.missing(first, end)


def _acquisition(waves: Iterable[wire.Wave], about: StreamDescription, first: int, count: int) -> Acquisition:
    """What the device said of these samples; the state at a packet's end is taken for all of it."""
    states, breaks, paces = [], set[int](), set[int]()
    for wave in waves:
        begin, end = max(first, wave.first_index), min(first + count, wave.end_index)
        breaks |= _marked(wave, wire.MarkKind.RESUME, first + 1, first + count)
        paces |= _marked(wave, wire.MarkKind.PACE, first, first + count)
        state = DeviceSpan(
            first=begin - first,
            count=end - begin,
            electrodes_off=tuple(str(one.name) for one in wire.Electrode if one in wave.electrodes_off),
            unusable=_in_order(_unusable(wave, about)),
            clipped=_in_order(leads_of_bits(wave.clipped, about.leads)),
            calibration=bool(wave.flags & wire.Flag.CALIBRATION),
        )
        if state.unusable or state.clipped or state.calibration:
            states.append(state)
    return Acquisition(
        states=_joined(states),
        breaks=tuple(at - first for at in sorted(breaks)),
        paces=tuple(at - first for at in sorted(paces)),
    )


def _unusable(wave: wire.Wave, about: StreamDescription) -> frozenset[Lead]:
    """By the device's word and its electrodes; a derived lead is no better than the two it is made of."""
    found = leads_of_bits(wave.unusable, about.leads) | unusable_leads(wave.electrodes_off)
    return found | frozenset(about.derived) if found & {Lead.I, Lead.II} else found


def _joined(states: Iterable[DeviceSpan]) -> tuple[DeviceSpan, ...]:
    """In order, those that follow each other and say the same as one: where a packet ends says nothing."""
    joined: list[DeviceSpan] = []
    for state in sorted(states, key=lambda one: one.first):
        last = joined[-1] if joined else None
        if last is not None and state.first <= last.first + last.count and _says_the_same(last, state):
            end = max(last.first + last.count, state.first + state.count)
            joined[-1] = msgspec.structs.replace(last, count=end - last.first)
        else:
            joined.append(state)
    return tuple(joined)


def _says_the_same(one: DeviceSpan, other: DeviceSpan) -> bool:
    return msgspec.structs.replace(one, first=other.first, count=other.count) == other


def _marked(wave: wire.Wave, kind: wire.MarkKind, first: int, end: int) -> set[int]:
    at = {wave.first_index + one.offset for one in wave.marks if one.kind is kind}
    return {one for one in at if first <= one < end}


def _in_order(leads: frozenset[Lead]) -> tuple[str, ...]:
    return tuple(lead.value for lead in STANDARD_LEADS if lead in leads)


def is_simulated(binding: Binding, meta: wire.Meta, waves: Iterable[wire.Wave]) -> bool:
    """Whether any of it was made up."""
    flags = meta.flags
    for wave in waves:
        flags |= wave.flags
    return binding.simulated or meta.description.simulated or bool(flags & wire.Flag.SIMULATED)


def _notes(waves: Sequence[wire.Wave], acquisition: Acquisition) -> tuple[str, ...]:
    notes = [f"at sample {at} the signal does not continue what was before" for at in acquisition.breaks]
    if any(wave.flags & wire.Flag.NOT_RAW for wave in waves):
        notes.append("the device did not send these samples raw")
    if any(wave.flags & wire.Flag.CALIBRATION for wave in waves):
        notes.append("the device's calibration pulses are in it")
    return tuple(notes)


def tracing_of_rows(
    about: StreamDescription, rows: NDArray[np.int16], notes: tuple[str, ...]
) -> tuple[Tracing, tuple[Lead, ...]]:
    """The leads that were sent, with those the receiver is to derive, in the order of a 12-lead."""
    recording = Recording(
        leads=about.leads,
        rate_hz=about.rate_hz,
        nv_per_lsb=about.nv_per_lsb,
        samples=rows,
        filters=about.filters,
        device=about.device,
    )
    tracing = replace(tracing_of(recording, FileKind.E1), notes=notes)
    if not about.derived:
        return tracing, ()
    try:
        derived = with_derived_limb_leads(tracing)
    except SignalError:
        return tracing, ()  # what does not fit 16 bits is not shown; the leads that were sent are
    return replace(derived, channels=tuple(sorted(derived.channels, key=_place))), about.derived


def _place(channel: Channel) -> int:
    return list(Lead).index(channel.lead) if channel.lead is not None else len(Lead)
