"""A clip of the ultrasound kept with a resident's record, at the quality it was captured in."""

import datetime as dt

from records.ecg_studies import SampleSeal
from records.ids import AccountId, BindingId, ConsultId, InstitutionId, KeptClipId, ResidentId
from records.values import Value


class UltrasoundClip(Value):
    """A kept clip: a file in sealed parts (`records.clip_file`). Only its resident may turn out another."""

    id: KeptClipId
    number: str
    resident_id: ResidentId
    institution_id: InstitutionId
    consult_id: ConsultId
    binding_id: BindingId
    station_id: AccountId
    asked_by: AccountId
    kept_at: dt.datetime
    taken_at: dt.datetime  # of its first frame: the station's clock, put on the server's
    from_us: int  # on the station's clock
    until_us: int
    frames: int
    size_bytes: int
    sha256: str  # of the whole file
    masked: bool
    simulated: bool
    parts: tuple[SampleSeal, ...]
    mask_signed: bool = False  # by a profile that a person signed, in whose layout every frame is
