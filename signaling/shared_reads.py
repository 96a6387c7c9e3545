"""What many cards share, read once within a transaction: people, specialists, stations."""

from records.accounts import Account, Institution, Role
from records.ids import AccountId, InstitutionId
from records.ledger import Ledger
from signaling.live import Live
from signaling.messages import PersonCard, StationCard
from signaling.people import person_card


class SharedReads:
    """Good for one transaction and one moment; made anew for the next."""

    def __init__(self, ledger: Ledger, live: Live) -> None:
        self._ledger = ledger
        self._live = live
        self._institutions: dict[InstitutionId, Institution] = {}
        self._people: dict[AccountId, PersonCard] = {}
        self._specialists: tuple[Account, ...] | None = None
        self._stations: tuple[StationCard, ...] | None = None

    def person(self, account_id: AccountId) -> PersonCard:
        """What others see of an account."""
        if account_id not in self._people:
            account = self._ledger.accounts.get(account_id)
            self._people[account_id] = person_card(account, self.institution(account.institution_id))
        return self._people[account_id]

    def institution(self, institution_id: InstitutionId) -> Institution:
        """An institution."""
        if institution_id not in self._institutions:
            self._institutions[institution_id] = self._ledger.directory.institution(institution_id)
        return self._institutions[institution_id]

    def specialists(self) -> tuple[Account, ...]:
        """Every specialist's account."""
        if self._specialists is None:
            self._specialists = self._ledger.accounts.by_role(Role.SPECIALIST)
        return self._specialists

    def stations(self) -> tuple[StationCard, ...]:
        """Every station that is not disabled, by name."""
        if self._stations is None:
            accounts = (one for one in self._ledger.accounts.by_role(Role.STATION) if not one.disabled)
            self._stations = tuple(
                self._live.station_card(one, self.institution(one.institution_id))
                for one in sorted(accounts, key=lambda account: account.display_name)
            )
        return self._stations
