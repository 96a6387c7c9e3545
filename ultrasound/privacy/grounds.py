"""On what grounds a picture was masked, in words for messages: what stays of it, and why no profile holds."""

import enum


class Seen(enum.StrEnum):
    """What of the picture stays."""

    BY_PROFILE = "by_profile"
    BY_REGIONS = "by_regions"  # the file's own regions of picture
    WHOLE = "whole"  # a made up picture, of nobody
    LARGEST_SHAPE = "largest_shape"
    NOTHING = "nothing"


class Unsure(enum.StrEnum):
    """Why no profile holds."""

    NO_PROFILE = "no_profile"
    NOT_SIGNED_OFF = "not_signed_off"
    UNREADABLE = "unreadable"  # a profile is damaged or was changed since it was signed: none is trusted
    UNKNOWN_SIZE = "unknown_size"
    UNKNOWN_LAYOUT = "unknown_layout"
    AMBIGUOUS_LAYOUT = "ambiguous_layout"


class WhenUnsure(enum.StrEnum):
    """What stays of a picture of a known size whose layout is not known."""

    LARGEST_SHAPE = "largest_shape"
    NOTHING = "nothing"
