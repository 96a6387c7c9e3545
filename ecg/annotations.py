"""What a file says about its samples: beats, waves, rhythms, remarks, at sample numbers."""

from dataclasses import dataclass
from enum import IntEnum


class AnnotationCode(IntEnum):
    """The annotation codes of the MIT format, under the numbers its files store."""

    NORMAL = 1
    LEFT_BUNDLE_BRANCH_BLOCK = 2
    RIGHT_BUNDLE_BRANCH_BLOCK = 3
    ABERRATED_ATRIAL = 4
    PREMATURE_VENTRICULAR = 5
    FUSION = 6
    NODAL_PREMATURE = 7
    ATRIAL_PREMATURE = 8
    SUPRAVENTRICULAR_PREMATURE = 9
    VENTRICULAR_ESCAPE = 10
    NODAL_ESCAPE = 11
    PACED = 12
    UNKNOWN_BEAT = 13
    NOISE_CHANGE = 14
    ARTIFACT = 16
    ST_CHANGE = 18
    T_CHANGE = 19
    SYSTOLE = 20
    DIASTOLE = 21
    NOTE = 22
    MEASUREMENT = 23
    P_PEAK = 24
    BUNDLE_BRANCH_BLOCK = 25
    PACING_SPIKE = 26
    T_PEAK = 27
    RHYTHM_CHANGE = 28
    U_PEAK = 29
    LEARNING = 30
    FLUTTER_WAVE = 31
    FIBRILLATION_START = 32
    FIBRILLATION_END = 33
    ATRIAL_ESCAPE = 34
    SUPRAVENTRICULAR_ESCAPE = 35
    LINK = 36
    NOT_CONDUCTED_P = 37
    FUSION_WITH_PACED = 38
    WAVE_ONSET = 39
    WAVE_END = 40
    R_ON_T = 41

    @property
    def symbol(self) -> str:
        """The code as the tools of WFDB print it, e.g. "N" or "V"."""
        return _SYMBOLS[self]


_SYMBOLS: dict[AnnotationCode, str] = dict(
    zip(
        AnnotationCode,
        'N L R a V F J A S E j / Q ~ | s T * D " = p B ^ t + u ? ! [ ] e n @ x f ( ) r'.split(),
        strict=True,
    )
)

BEAT_CODES = frozenset(
    code for code in AnnotationCode if code.symbol in "N L R a V F J A S E j / Q B ? e n f r".split()
)
"""The codes that stand for a QRS complex; all others are waves, rhythms, remarks (WFDB's `isqrs`)."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One statement about the sample with this number, counted from the first sample of the record.

    `channel`: the signal it was made on, 0 when for all. `subtype` and `number` are what the annotator put
    there. `text`: a rhythm such as "(AFIB", a remark; it may be free text of a person, so it never goes into
    a log. `duration_s`: 0 for a moment.
    """

    sample: int
    code: AnnotationCode
    text: str = ""
    subtype: int = 0
    channel: int = 0
    number: int = 0
    duration_s: float = 0.0

    @property
    def is_beat(self) -> bool:
        """Whether it marks a QRS complex."""
        return self.code in BEAT_CODES
