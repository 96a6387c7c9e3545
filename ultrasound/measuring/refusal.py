"""Why something was not measured: a stable code for programs, a sentence for people."""

from enum import StrEnum

from ultrasound.errors import MeasurementRefused


class RefusalCode(StrEnum):
    """Every reason; `docs/ultrasound-measuring.md` says what to do about each."""

    LIVE_PICTURE = "live_picture"
    POINT_NOT_A_NUMBER = "point_not_a_number"
    POINT_OUTSIDE_PICTURE = "point_outside_picture"
    WRONG_NUMBER_OF_POINTS = "wrong_number_of_points"
    POINTS_COINCIDE = "points_coincide"
    ACROSS_REGIONS = "across_regions"
    EQUAL_REGIONS = "equal_regions"
    SELF_CROSSING = "self_crossing"
    FLAT_OUTLINE = "flat_outline"
    AXES_NOT_ACROSS = "axes_not_across"
    UNCALIBRATED = "uncalibrated"
    NO_TIME_BETWEEN = "no_time_between"
    NOT_IN_ORDER = "not_in_order"
    ACROSS_BASELINE = "across_baseline"
    DOPPLER_CONTRADICTS = "doppler_contradicts"
    NO_BASELINE = "no_baseline"
    NO_TRANSDUCER_FREQUENCY = "no_transducer_frequency"
    NO_DOPPLER_ANGLE = "no_doppler_angle"
    DOPPLER_ANGLE_TOO_WIDE = "doppler_angle_too_wide"
    SCANNER_ANGLE_UNKNOWN = "scanner_angle_unknown"
    WRONG_UNIT = "wrong_unit"
    NOT_POSITIVE = "not_positive"
    CONTOUR_FOLDED = "contour_folded"
    LENGTHS_DIFFER = "lengths_differ"
    SYSTOLE_ABOVE_DIASTOLE = "systole_above_diastole"
    NOT_DECELERATING = "not_decelerating"
    DIASTOLE_ABOVE_SYSTOLE = "diastole_above_systole"
    WRONG_PART = "wrong_part"
    PARTS_REPEAT = "parts_repeat"
    ONE_PLANE = "one_plane"
    NOT_ONE_FRAME = "not_one_frame"
    METHODS_DIFFER = "methods_differ"
    ONE_INSTANT = "one_instant"
    NO_RULER = "no_ruler"
    SEVERAL_RULERS = "several_rulers"
    SCALE_ABSURD = "scale_absurd"
    CLICKS_TOO_CLOSE = "clicks_too_close"
    NOTHING_TO_WATCH = "nothing_to_watch"


class Refusal(MeasurementRefused):
    """Nothing was measured; `code` says why, the text what was wrong and what would be right."""

    def __init__(self, code: RefusalCode, why: str) -> None:
        super().__init__(why)
        self.code = code
