"""Device profiles of capture cards."""

from sqlalchemy import ColumnElement, Connection

from records.card_profiles import MOST_PROFILES, CardProfile
from records.errors import RuleBroken
from records.ids import CardProfileId, InstitutionId
from records.rules import Rule
from records.store.rows import Rows
from records.store.schema import card_profiles
from ultrasound.privacy.profile import DeviceProfile


class CardProfiles:
    """See `records.ledger.CardProfiles`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, card_profiles, CardProfile)

    def get(self, profile_id: CardProfileId) -> CardProfile:
        return self._rows.get(profile_id)

    def of_institution(self, institution_id: InstitutionId) -> tuple[CardProfile, ...]:
        """By card, size and layout."""
        order = (card_profiles.c.source, card_profiles.c.width_px, card_profiles.c.layout)
        return self._rows.all(card_profiles.c.institution_id == institution_id, order=order)

    def like(self, institution_id: InstitutionId, profile: DeviceProfile) -> CardProfile | None:
        """The one of the same card, size and layout."""
        return self._rows.find(
            card_profiles.c.institution_id == institution_id,
            *(card_profiles.c[name] == value for name, value in _named(profile).items()),
        )

    def save(self, one: CardProfile) -> None:
        """Raise `Conflict` unless the version follows the stored one, 0 where there is none."""
        if one.version > 1:
            follows: ColumnElement[bool] = card_profiles.c.version == one.version - 1
            self._rows.save(one.id, one, follows, version=one.version)
            return
        if len(self.of_institution(one.institution_id)) >= MOST_PROFILES:
            raise RuleBroken(Rule.OUT_OF_RANGE, f"more than {MOST_PROFILES} profiles of capture cards")
        self._rows.add(one, id=one.id, institution_id=one.institution_id, version=1, **_named(one.profile))

    def delete(self, profile_id: CardProfileId) -> None:
        self._connection.execute(card_profiles.delete().where(card_profiles.c.id == profile_id))


def _named(profile: DeviceProfile) -> dict[str, str | int]:
    return {
        "source": profile.source,
        "width_px": profile.width_px,
        "height_px": profile.height_px,
        "layout": profile.layout,
    }
