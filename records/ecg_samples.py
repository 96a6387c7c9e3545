"""The samples of a study as bytes: every channel bit for bit with its step, its zero and its filters.

MessagePack of `_Packed`; samples little-endian, 16 or 32 bits as they came. The same tracing always gives the
same bytes, so that their SHA-256 says whether anything changed.
"""

import hashlib

import msgspec
import numpy as np

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import Lead
from ecg.tracing import Channel, FileKind, Samples, Tracing
from records.errors import StoreError
from records.values import Value

VERSION = 1
_DTYPES = {16: "<i2", 32: "<i4"}


class _PackedChannel(Value, array_like=True):
    name: str
    lead: str  # empty: no standard lead
    bits: int
    nv_per_step: float
    zero: float
    low_hz: float | None
    high_hz: float | None
    notch_hz: float | None
    samples: bytes


class _Packed(Value, array_like=True):
    version: int
    kind: FileKind
    rate_hz: float
    acquired: str
    device: str
    notes: tuple[str, ...]
    channels: tuple[_PackedChannel, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)


def pack_tracing(tracing: Tracing) -> bytes:
    """The tracing as bytes. Its annotations are not kept: beats are found anew, remarks may name somebody."""
    packed = _Packed(
        version=VERSION,
        kind=tracing.kind,
        rate_hz=tracing.rate_hz,
        acquired=tracing.acquired,
        device=tracing.device,
        notes=tracing.notes,
        channels=tuple(_packed(channel) for channel in tracing.channels),
    )
    return _encoder.encode(packed)


def unpack_tracing(data: bytes) -> Tracing:
    """The tracing again; raise `StoreError` for bytes that are none."""
    try:
        packed = _decoder.decode(data)
        if packed.version != VERSION:
            raise StoreError(f"samples packed in version {packed.version}; {VERSION} is read")
        return Tracing(
            kind=packed.kind,
            rate_hz=packed.rate_hz,
            channels=tuple(_channel(one) for one in packed.channels),
            acquired=packed.acquired,
            device=packed.device,
            notes=packed.notes,
        )
    except (msgspec.DecodeError, SignalError, ValueError, KeyError) as error:
        raise StoreError(f"{len(data)} bytes are no packed samples: {type(error).__name__}") from error


def digest_of(data: bytes) -> str:
    """SHA-256 of packed samples, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _packed(channel: Channel) -> _PackedChannel:
    bits = 8 * channel.samples.dtype.itemsize
    return _PackedChannel(
        name=channel.name,
        lead=channel.lead or "",
        bits=bits,
        nv_per_step=channel.nv_per_step,
        zero=channel.zero,
        low_hz=channel.filters.low_hz,
        high_hz=channel.filters.high_hz,
        notch_hz=channel.filters.notch_hz,
        samples=channel.samples.astype(_DTYPES[bits]).tobytes(),
    )


def _channel(packed: _PackedChannel) -> Channel:
    stored = np.frombuffer(packed.samples, _DTYPES[packed.bits])
    samples: Samples = stored.astype(np.int16) if packed.bits == 16 else stored.astype(np.int32)
    return Channel(
        name=packed.name,
        lead=Lead(packed.lead) if packed.lead else None,
        samples=samples,
        nv_per_step=packed.nv_per_step,
        zero=packed.zero,
        filters=Filters(packed.low_hz, packed.high_hz, packed.notch_hz),
    )
