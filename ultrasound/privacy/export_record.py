"""What is remembered of an export, for the audit trail: nothing in it is of the patient."""

import enum

import msgspec


class Dates(enum.StrEnum):
    """What becomes of dates and times."""

    REMOVED = "removed"
    SHIFTED = "shifted"


class Encoding(enum.StrEnum):
    """How pixels are written, without loss."""

    JPEG_LS = "jpeg_ls"
    UNCOMPRESSED = "uncompressed"


class MaskedBy(enum.StrEnum):
    """On what grounds pixels stayed."""

    PROFILE = "profile"
    REGIONS = "regions"
    NOTHING_STAYED = "nothing_stayed"


class ExportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was written. UIDs are the new ones; `sha256` is of the file."""

    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    frames: int
    width_px: int
    height_px: int
    masked_by: MaskedBy
    profile_digest: str | None
    hidden_share: float
    text_boxes_hidden: int  # in the first frame
    text_boxes_left: int  # in the first frame, where tissue may be taken for text
    looked_at: bool
    dates: Dates
    encoding: Encoding
    attributes_kept: int
    attributes_removed: int
    private_attributes_removed: int  # of the removed ones
    sha256: str
