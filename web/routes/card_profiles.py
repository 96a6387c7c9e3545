"""What of capture cards' pictures may be seen: profiles signed off by a person of the institution.

GET    /api/card-profiles        -> CardProfiles
PUT    /api/card-profiles        SignCardProfile -> CardProfileGiven
DELETE /api/card-profiles/{id}   -> 204
"""

from records.ids import CardProfileId
from records.values import Value
from ultrasound.privacy.profile import DeviceProfile


class SignCardProfile(Value):
    """Sign a profile off, in place of the one of the same card, size and layout."""

    version: int  # of the one it was made from, 0 for a new one
    profile: DeviceProfile  # a signature in it counts for nothing: the server writes its own
    names_nobody: bool  # a person looked at the masked picture, and it names nobody


class CardProfileGiven(Value):
    """A signed profile, to mask by."""

    id: CardProfileId
    version: int
    profile: DeviceProfile


class CardProfiles(Value):
    """The signed profiles of the caller's institution; one whose digest does not hold is not among them."""

    profiles: tuple[CardProfileGiven, ...]
