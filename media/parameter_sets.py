"""The H.264 parameter sets a stream is decoded by. Some encoders send them once, at the beginning. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_IDR, _SPS, _PPS = 5, 7, 8


class ParameterSets(NamedTuple):
    """NAL units as they were last sent; empty: none was yet."""

    sequence: tuple[bytes, ...] = ()
    picture: tuple[bytes, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a key frame can be decoded by them."""
        return bool(self.sequence and self.picture)

    def after(self, units: Iterable[bytes]) -> "ParameterSets":
        """What holds once these units have been sent."""
        sent = [unit for unit in units if unit]
        sequence = tuple(unit for unit in sent if unit[0] & 31 == _SPS)
        picture = tuple(unit for unit in sent if unit[0] & 31 == _PPS)
        return ParameterSets(sequence or self.sequence, picture or self.picture)


def is_idr(units: Iterable[bytes]) -> bool:
    """Whether these units are a picture that needs none before it."""
    return any(unit[0] & 31 == _IDR for unit in units if unit)


def with_sets(units: Sequence[bytes], sets: ParameterSets) -> list[bytes]:
    """A key frame's units, with the parameter sets before them that it lacks."""
    own = ParameterSets().after(units)
    if own.complete:
        return list(units)
    used = sets.after(units)
    return [
        *used.sequence,
        *used.picture,
        *(unit for unit in units if unit[0] & 31 not in (_SPS, _PPS)),
    ]
