"""What a receiver must know of a stream before it can draw a sample: the content of E1's META."""

from dataclasses import dataclass

from ecg.leads import Lead

MAX_LEADS = 16
"""The "unusable" and "clipped" fields of E1 have 16 bits."""

MAX_NAME = 16
_TWELVE = frozenset(str(lead) for lead in Lead)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the device itself did to the signal; None: it did not say. 0 for the notch: none."""

    low_hz: float | None = None
    high_hz: float | None = None
    notch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """Rate, scale and leads of a stream; raises ValueError when they are not usable.

    `nv_per_lsb`: nanovolts per step of a sample. `leads`: the first rows of every WAVE, in order; `other`:
    the rows after them, which are none of the twelve leads and are shown under their own name only.
    `derived`: leads the receiver computes from I and II (`ecg.leads.derive_limb_leads`).
    `started_us`: capture time of sample 0, microseconds since 1970 on the sender's clock. `clock_offset_us`:
    sender minus server clock when the stream began, if known. `device` and `session` name the device and the
    binding, never a person.
    """

    rate_hz: float
    nv_per_lsb: float
    leads: tuple[Lead, ...]
    started_us: int
    derived: tuple[Lead, ...] = ()
    filters: Filters = Filters()
    device: str = ""
    session: str = ""
    clock_offset_us: int | None = None
    simulated: bool = False
    other: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """The name of every row of a WAVE."""
        return (*(str(lead) for lead in self.leads), *self.other)

    def __post_init__(self) -> None:
        if not 1 <= self.rate_hz <= 32_000:
            raise ValueError(f"rate_hz is {self.rate_hz}; it must be 1 to 32000")
        if not 0 < self.nv_per_lsb <= 1_000_000:
            raise ValueError(f"nv_per_lsb is {self.nv_per_lsb}; it must be above 0 and at most 1000000")
        if not 1 <= len(self.rows) <= MAX_LEADS:
            raise ValueError(f"{len(self.rows)} leads; there must be 1 to {MAX_LEADS}")
        for name in self.other:
            if not 1 <= len(name) <= MAX_NAME or name in _TWELVE or not name.isprintable():
                raise ValueError(
                    f"{name!r} as another lead; a name of 1 to {MAX_NAME} letters that is no lead's"
                )
        if len({*self.rows, *self.derived}) != len(self.rows) + len(self.derived):
            raise ValueError("a lead is named twice")
        if not 0 <= self.started_us < 1 << 64:
            raise ValueError(f"started_us is {self.started_us}; it must be 0 to 2**64-1")
