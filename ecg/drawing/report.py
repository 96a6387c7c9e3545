"""What a report of an ECG says: everything that is printed, as values. `ecg.drawing.pages` draws it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecg.drawing.channels import Flaw, usual_filters
from ecg.drawing.layouts import Layout, LimbOrder
from ecg.drawing.moments import day_of
from ecg.drawing.paper import Scale
from ecg.errors import ReportError
from ecg.measurements import BeatLimits, Measure, Measurements
from ecg.ranges import SampleRange
from ecg.signal.filters import FilterSetting
from ecg.signal.median_beat import MedianBeat
from ecg.subject import Sex
from ecg.tracing import Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose ECG it is, as printed; what is not known is printed as not given."""

    name: str = ""
    record_number: str = ""
    sex: Sex | None = None
    birth_date: dt.date | None = None
    age_years: int | None = None

    def age_on(self, day: dt.date | None) -> int | None:
        """Whole years on this day, by the date of birth where it is known; None: not known."""
        if self.birth_date is None or day is None:
            return self.age_years
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where, by whom and why the ECG was taken. `device`: empty for what the file says."""

    site: str = ""
    reading_site: str = ""
    operator: str = ""
    device: str = ""
    indication: str = ""
    medication: str = ""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One automatic statement as printed: its code, the sentence, and the measurements it stands on."""

    code: str
    sentence: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MedianPanel:
    """The median beat to show beside the rhythm: microvolts (channels, n), R at sample `r`, of `beats` beats.

    `limits`: of the beat's own waves, in samples of it.
    """

    channels: tuple[str, ...]
    samples_uv: NDArray[np.float64]
    rate_hz: float
    r: int
    beats: int
    limits: BeatLimits | None = None

    def __post_init__(self) -> None:
        if self.samples_uv.ndim != 2 or self.samples_uv.shape[0] != len(self.channels):
            raise ReportError(f"samples of shape {self.samples_uv.shape} for {len(self.channels)} channels")
        if not np.isfinite(self.samples_uv).all() or not 0 <= self.r < self.samples_uv.shape[1]:
            raise ReportError(
                f"a median beat with a hole, or with R at {self.r} of {self.samples_uv.shape[1]}"
            )

    @classmethod
    def of(
        cls, beat: MedianBeat, channels: Sequence[str], rate_hz: float, limits: BeatLimits | None = None
    ) -> Self:
        """The panel of a median beat whose rows are these channels."""
        return cls(tuple(channels), beat.samples_uv, rate_hz, beat.r, len(beat.used), limits)

    def row(self, channel: str) -> NDArray[np.float64]:
        """Microvolts (n,) of one channel."""
        row: NDArray[np.float64] = self.samples_uv[self.channels.index(channel)]
        return row


@dataclass(frozen=True, slots=True, eq=False)
class EarlierEcg:
    """An earlier ECG of the same resident, to compare with. `acquired`: as a DICOM DT.

    `median`: laid under the present one at the onset of QRS where both have limits, else at R. `notable`:
    what changed by more than measuring error; its change is printed bold.
    """

    acquired: str
    measurements: Measurements
    median: MedianPanel | None = None
    notable: frozenset[Measure] = frozenset()


class Role(StrEnum):
    """What a signature is for."""

    REPORTED = "reported"
    VERIFIED = "verified"


def _aware(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ReportError("a time without a zone; a signature's time needs one")
    return at


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as what, and when; ReportError for a time without a zone, or nobody."""

    role: Role
    name: str
    at: dt.datetime

    def __post_init__(self) -> None:
        _aware(self.at)
        if not self.name.strip():
            raise ReportError("a signature without a name")


@dataclass(frozen=True, slots=True)
class Addendum:
    """What was added after signing; the signed text stays as it was."""

    text: str
    author: str
    at: dt.datetime

    def __post_init__(self) -> None:
        _aware(self.at)


class State(StrEnum):
    """How far a report has come."""

    MACHINE_DRAFT = "machine draft"
    """Nobody has read it."""
    PRELIMINARY = "preliminary"
    """A physician has written, or the first of two has signed."""
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A physician's text and signatures; ReportError for what cannot have been signed.

    `needs_verification`: the site wants a second signature. `corrections`: measurements as the physician made
    them, None for one that cannot be made. `digest`: of what was signed, hexadecimal.
    """

    interpretation: str = ""
    signatures: tuple[Signature, ...] = ()
    needs_verification: bool = False
    addenda: tuple[Addendum, ...] = ()
    corrections: Mapping[Measure, float | None] = field(default_factory=dict)
    digest: str = ""

    def __post_init__(self) -> None:
        roles = [signature.role for signature in self.signatures]
        if len(set(roles)) != len(roles) or (Role.VERIFIED in roles and Role.REPORTED not in roles):
            raise ReportError(f"signatures as {', '.join(roles)}; one as reported, then one as verified")
        if self.signatures and not self.interpretation.strip():
            raise ReportError("signatures under no text")
        if self.addenda and self.state is not State.SIGNED:
            raise ReportError(f"an addendum to a {self.state} report; only a signed one has any")

    def signature(self, role: Role) -> Signature | None:
        """The signature in this role, once it was given."""
        return next((one for one in self.signatures if one.role is role), None)

    @property
    def state(self) -> State:
        """Signed once every signature the site wants is there."""
        last = Role.VERIFIED if self.needs_verification else Role.REPORTED
        if self.signature(last):
            return State.SIGNED
        return State.PRELIMINARY if self.interpretation.strip() else State.MACHINE_DRAFT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EcgReport:
    """Everything a report prints.

    `window`: the samples that are printed, None for all; the first page holds 10 s of twelve leads at
    25 mm/s. `whole`: whether what it does not hold follows as pages of rhythm. `filters`: of the picture,
    None for the diagnostic band as far as the rate carries it. `quality`: sentences, as printed.
    `pacing_marks`: the device's, as samples.
    `acquired`: as a DICOM DT, None for what the file says. `printed`: when the page was made. `simulated`: no
    patient made this signal.
    """

    tracing: Tracing
    software: str
    person: Person = Person()
    circumstances: Circumstances = Circumstances()
    measurements: Measurements | None = None
    median: MedianPanel | None = None
    earlier: EarlierEcg | None = None
    statements: tuple[StatementLine, ...] = ()
    quality: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    pacing_marks: tuple[int, ...] = ()
    reading: Reading = Reading()
    number: str = ""
    acquired: str | None = None
    printed: dt.datetime | None = None
    simulated: bool = False
    scale: Scale = Scale()
    layout: Layout = Layout.THREE_BY_FOUR_ONE
    limb_order: LimbOrder = LimbOrder.CLASSIC
    filters: FilterSetting | None = None
    window: SampleRange | None = None
    whole: bool = True

    def __post_init__(self) -> None:
        window = self.window
        if window is not None and not 0 <= window.first < window.end <= self.tracing.sample_count:
            raise ReportError(
                f"samples {window.first} to {window.end}; 0 to {self.tracing.sample_count} were recorded"
            )
        if not self.software.strip():
            raise ReportError("a report names the software that made it")

    @property
    def view_filters(self) -> FilterSetting:
        """The filters the traces are drawn with."""
        return self.filters or usual_filters(self.tracing.rate_hz)

    @property
    def taken(self) -> str:
        """When the ECG was taken, as a DICOM DT; empty when unknown."""
        return self.tracing.acquired if self.acquired is None else self.acquired

    @property
    def age_years(self) -> int | None:
        """The person's age when the ECG was taken."""
        return self.person.age_on(day_of(self.taken))
