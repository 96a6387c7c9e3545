"""What is true at this moment and kept nowhere: who is connected, and what the stations say.

`Live` is a frozen picture of it, so that a transaction in another thread can read it.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec

from records.accounts import Account, Institution, Presence
from records.exam_presets import ExamPreset
from records.ids import AccountId, ConsultId
from records.scanner_controls import ScannerControl
from records.values import Value
from signaling.messages import DeviceState, SpecialistCard, StationCard
from signaling.people import person_card
from signaling.ringing import Ringable
from ultrasound.trouble import PictureTrouble


class StationLive(Value):
    """What a station says of itself."""

    connected: bool = False
    last_seen_at: dt.datetime | None = None
    ultrasound: DeviceState = DeviceState.MISSING
    ecg: DeviceState = DeviceState.MISSING
    device_error: str = ""
    picture_troubles: tuple[PictureTrouble, ...] = ()
    picture_offset_bound_ms: float | None = None
    simulated: bool = False
    bearer: str = ""
    one_clock: bool = True
    bound_consult_id: ConsultId | None = None
    exam_preset: ExamPreset | None = None


NEVER_SEEN = StationLive()


class Turnable(Value):
    """What of a room's scanner one specialist may turn at this moment."""

    specialist_id: AccountId
    controls: tuple[ScannerControl, ...]


class Live(Value):
    """Who is here, at one moment."""

    connected: frozenset[AccountId] = frozenset()
    in_call: frozenset[AccountId] = frozenset()
    presence: Mapping[AccountId, Presence] = msgspec.field(default_factory=dict)
    stations: Mapping[AccountId, StationLive] = msgspec.field(default_factory=dict)
    speakers: Mapping[ConsultId, frozenset[AccountId]] = msgspec.field(default_factory=dict)  # who is heard
    in_room: frozenset[tuple[ConsultId, AccountId]] = frozenset()
    turnable: Mapping[ConsultId, Turnable] = msgspec.field(default_factory=dict)  # where it is allowed

    def ringable(self, account: Account) -> Ringable:
        """A specialist as ringing sees her."""
        return Ringable(
            account=account,
            presence=self.presence_of(account.id),
            connected=account.id in self.connected,
            in_call=account.id in self.in_call,
        )

    def presence_of(self, account_id: AccountId) -> Presence:
        """What a specialist says of herself: available unless she said otherwise, away when not here."""
        if account_id not in self.connected:
            return Presence.AWAY
        return self.presence.get(account_id, Presence.AVAILABLE)

    def specialist_card(self, account: Account, institution: Institution) -> SpecialistCard:
        """A specialist in the list of who can be asked."""
        return SpecialistCard(
            person=person_card(account, institution),
            specialties=account.specialties,
            languages=account.languages,
            presence=self.presence_of(account.id),
            connected=account.id in self.connected,
            in_call=account.id in self.in_call,
        )

    def station_card(self, account: Account, institution: Institution) -> StationCard:
        """A station and its devices."""
        live, check = self.stations.get(account.id, NEVER_SEEN), account.device_check
        return StationCard(
            id=account.id,
            name=account.display_name,
            institution_id=institution.id,
            institution_name_zh=institution.name_zh,
            institution_name_en=institution.name_en,
            connected=live.connected,
            last_seen_at=live.last_seen_at,
            ultrasound=live.ultrasound,
            ecg=live.ecg,
            device_error=live.device_error,
            picture_troubles=live.picture_troubles,
            picture_offset_bound_ms=live.picture_offset_bound_ms,
            exam_preset=live.exam_preset,
            simulated=live.simulated,
            bound_consult_id=live.bound_consult_id,
            last_test_at=check.at if check else None,
            last_test_passed=check.passed if check else None,
            bearer=live.bearer,
            one_clock=live.one_clock,
        )
