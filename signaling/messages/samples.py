"""Stored and live samples, and vital signs as they come."""

from records.ids import BindingId, ConsultId
from records.residents import Reading
from signaling.messages.base import Direct, Event, Notice


class NeedSamples(Notice):
    """Ask for stored samples of a binding; answered by the stream's META, binary E1 WAVE packets with the
    backfill flag, then `SamplesSent`."""

    binding_id: BindingId
    first: int  # sample index
    count: int  # samples per lead, at most 30 s


class WantLiveSamples(Notice):
    """For a browser that cannot read the ECG's RTP stream: send a binding's META and, from now on, its new
    samples over this socket."""

    binding_id: BindingId
    on: bool


class ReadingTaken(Event):
    """A new vital sign for a consult in progress, live when `binding_id` is set."""

    consult_id: ConsultId
    reading: Reading
    binding_id: BindingId | None = None


class SamplesSent(Direct):
    """All stored samples of the asked range have been sent."""

    binding_id: BindingId
    first: int
    count: int  # samples per lead that were stored and sent
    stored_end: int  # contiguous end on the server
