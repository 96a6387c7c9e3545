"""What the limits of an ECG depend on in a person: age and sex, and nothing that says who it is."""

from dataclasses import dataclass
from enum import StrEnum

from ecg.errors import SignalError

ADULT_FROM_YEARS = 18.0
"""From here on the limits of adults hold (AHA/ACC/HRS 2009 give those of children by age)."""

OLDEST_YEARS = 130.0


class Sex(StrEnum):
    """As far as QTc limits differ by it."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose ECG it is, as far as limits depend on it; None: not known. SignalError for an impossible age."""

    age_years: float | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if self.age_years is not None and not 0 <= self.age_years <= OLDEST_YEARS:
            raise SignalError(f"an age of {self.age_years} years; 0 to {OLDEST_YEARS:g} is plausible")

    @property
    def is_child(self) -> bool:
        """Whether the limits of adults certainly do not hold; an unknown age counts as an adult's."""
        return self.age_years is not None and self.age_years < ADULT_FROM_YEARS


UNKNOWN = Subject()
"""Neither age nor sex is known."""
