"""What can be wrong with a picture that comes, or should."""

import enum


class PictureTrouble(enum.StrEnum):
    """What is wrong with the captured picture now."""

    LOST = "lost"  # the source runs, or should, and gives none
    FROZEN = "frozen"  # every picture is the same
    BLANK = "blank"  # black, or one colour all over
    RESIZED = "resized"  # its size changed a moment ago: what was measured before has another scale
    LAYOUT_CHANGED = "layout_changed"  # another signed layout of its screen since a moment ago
    SCALE_VOID = "scale_void"  # another depth or zoom than its scale is of: uncalibrated until it is set anew
    NEW_TEXT = "new_text"  # text stands, masked, where none was when its profile was signed
    UNKNOWN_LAYOUT = "unknown_layout"  # no signed layout is this screen: no more than a known shape is shown
    NO_PROFILE = "no_profile"  # nobody has signed what of its screen may be seen: nothing is shown
    PROFILE_BROKEN = "profile_broken"  # a profile is damaged or was changed: none is trusted, nothing shown
