"""What an ultrasound examination wants of a line that does not carry everything: motion, or detail."""

import enum


class ExamPreset(enum.StrEnum):
    """The kind of examination, as a scanner's presets are called."""

    CARDIAC = "cardiac"
    VASCULAR = "vascular"
    ABDOMEN = "abdomen"
    SMALL_PARTS = "small_parts"  # thyroid, breast, testis, lymph nodes, muscle and tendon


class Priority(enum.StrEnum):
    """What is kept longest when a line is weak."""

    MOTION = "motion"  # the frame rate; the picture grows coarser and smaller first
    DETAIL = "detail"  # fineness and size; the frame rate falls first


PRIORITIES = {
    ExamPreset.CARDIAC: Priority.MOTION,
    ExamPreset.VASCULAR: Priority.MOTION,
    ExamPreset.ABDOMEN: Priority.DETAIL,
    ExamPreset.SMALL_PARTS: Priority.DETAIL,
}


def priority_of(preset: ExamPreset | None) -> Priority:
    """Motion, where nobody has chosen: a picture that stutters is of no use while a probe is being guided."""
    return Priority.MOTION if preset is None else PRIORITIES[preset]
