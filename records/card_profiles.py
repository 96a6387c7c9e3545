"""What of a capture card's picture may be seen: an institution's device profiles for its browsers' cards.

Nothing of a patient is in one. A person signs it off who looked at the masked picture; the server writes the
signature, and hands out none whose digest does not hold.
"""

import datetime as dt

from records.errors import RuleBroken
from records.ids import AccountId, CardProfileId, InstitutionId
from records.rules import Rule
from records.values import Value
from ultrasound.privacy.profile import DeviceProfile

MOST_PROFILES = 200
SOURCE_LENGTH, LAYOUT_LENGTH = 200, 60


class CardProfile(Value):
    """One card in one size and layout, as it was signed off last.

    `profile.source` is what browsers call the card; with its size and layout it names the profile within an
    institution.
    """

    id: CardProfileId
    institution_id: InstitutionId
    version: int  # grows with every signature
    profile: DeviceProfile
    signed_by: AccountId
    signed_at: dt.datetime

    @property
    def holds(self) -> bool:
        """Whether it may be masked by: it is signed, and is what was signed."""
        return self.profile.is_signed_off


def check_card_profile(profile: DeviceProfile) -> None:
    """Raise `RuleBroken` for names too long to be shown; what else can be wrong, `ProfileWrong` says."""
    if len(profile.source) > SOURCE_LENGTH or len(profile.layout) > LAYOUT_LENGTH:
        limits = f"{SOURCE_LENGTH} and {LAYOUT_LENGTH} characters"
        raise RuleBroken(Rule.OUT_OF_RANGE, f"a card's and a layout's name have at most {limits}")
