"""Everybody sends anything in any order, over restarts and disabled accounts: what is shown stays true."""

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from records.accounts import Account, Presence, Role
from records.consults import ConsentForm, ConsultState, DeclineKind, IdentifierKind, Urgency
from records.guiding import Movement, ProbeWord, Toward
from records.ledger import Ledger
from records.permissions import may
from records.scanner_controls import ScannerControl
from records.scope import OVER
from signaling import messages as m
from signaling.permissions import NEEDS
from signaling.transitions import ENDED, LIVE
from tests.fakes.clinic import Client, Clinic
from tests.fakes.records import (
    ACCOUNTS,
    CARDIOLOGY,
    CHEN,
    LI_JIANGUO,
    STATION,
    ULTRASOUND,
    WANG_XIUYING,
    ZHAO,
)

PEOPLE = tuple(one for one in ACCOUNTS if one.role is not Role.STATION)
IDENTIFIERS = (IdentifierKind.NAME, IdentifierKind.PHONE)
Make = Callable[[random.Random, str], tuple[type[m.Command], dict[str, Any]]]


def _of_consult(kind: type[m.Command], /, **fields: Any) -> Make:
    return lambda chance, consult_id: (kind, {"consult_id": consult_id} | fields)


def _request(chance: random.Random, _: str) -> tuple[type[m.Command], dict[str, Any]]:
    return m.RequestConsult, {
        "resident_id": chance.choice((WANG_XIUYING.id, LI_JIANGUO.id)),
        "specialty": chance.choice((CARDIOLOGY, ULTRASOUND)),
        "urgency": chance.choice(list(Urgency)),
        "question": "胸闷",
        "specialist_id": chance.choice((None, None, CHEN.id)),
        "beside_open": chance.random() < 0.3,
    }


def _named(kind: type[m.Command], /, **fields: Any) -> Make:
    return lambda chance, consult_id: (
        kind,
        {"consult_id": consult_id, "specialist_id": chance.choice((CHEN.id, ZHAO.id))} | fields,
    )


def _consent(chance: random.Random, consult_id: str) -> tuple[type[m.Command], dict[str, Any]]:
    given = {"witness": "家属", "reason": "昏迷", "signature_svg_path": "M0 0 L1 1"}
    return m.RecordConsent, {"consult_id": consult_id, "form": chance.choice(list(ConsentForm))} | given


def _presence(chance: random.Random, _: str) -> tuple[type[m.Command], dict[str, Any]]:
    return m.SetPresence, {"presence": chance.choice(list(Presence))}


COMMANDS: tuple[Make, ...] = (
    _request,
    _of_consult(m.AcceptConsult),
    _of_consult(m.DeclineConsult, reason="忙", kind=DeclineKind.BUSY),
    _of_consult(m.ReturnConsult, reason="资料不全"),
    _of_consult(m.SupplyInformation, question="胸闷两小时"),
    _of_consult(m.CancelConsult, reason="误点"),
    _named(m.HandOver, reason="换班"),
    _named(m.AddSpecialist),
    _of_consult(m.RingAgain),
    _of_consult(m.TakeOpinion, reason="代写"),
    _of_consult(m.ReassignOpinion, reason="专家出差"),
    _of_consult(m.ConfirmIdentity, identifiers=IDENTIFIERS),
    _consent,
    _of_consult(m.JoinRoom, microphone_on=True, camera_on=True),
    _of_consult(m.LeaveRoom),
    _of_consult(m.BindStation, station_id=STATION.id),
    _of_consult(m.GuideProbe, word=ProbeWord(movement=Movement.ROTATE, toward=Toward.CLOCKWISE)),
    _of_consult(m.RequestControl, control=ScannerControl.GAIN_UP),
    _of_consult(m.AllowTurning, on=True),
    _of_consult(m.EndConsult),
    _of_consult(m.ForceEnd, reason="停电"),
    _of_consult(m.AcknowledgeOpinion),
    _presence,
)


class Crowd:
    """Everybody's tabs, and the consults they have made."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.clinic = clinic
        self.chance = random.Random(seed)
        self.tabs: dict[str, Client] = {}
        self.consults: list[str] = []
        self.done: set[type[m.Command]] = set()

    async def come(self) -> None:
        """Everybody whose account is not disabled opens a tab."""
        for one in PEOPLE:
            account = await self._account(one)
            if not account.disabled:
                self.tabs[one.id] = await self.clinic.sign_in(account)

    async def _account(self, one: Account) -> Account:
        return await self.clinic.records.read(lambda ledger: ledger.accounts.get(one.id))

    async def send_something(self) -> None:
        here = [tab for tab in self.tabs.values() if tab.line.tab is not None]
        consult_id = self.chance.choice(self.consults or ["none"])
        kind, fields = self.chance.choice(COMMANDS)(self.chance, consult_id)
        self.clinic.clock.pass_s(0.1)
        able = [tab for tab in here if may(tab.line.account.role, NEEDS[kind].permission)]
        sender = self.chance.choice(able if able and self.chance.random() < 0.9 else here)
        answer = await sender.send(kind, **fields)
        assert not isinstance(answer, m.Refused) or answer.code != "server_fault", kind
        if isinstance(answer, m.Done):
            self.done.add(kind)
            self.consults += [answer.value] if kind is m.RequestConsult else []

    async def something_happens(self) -> None:
        if self.chance.random() < 0.05:
            await self.clinic.tick(self.chance.choice((1, 30, 61, 4000)))
        if self.chance.random() < 0.01:
            await self._enable_or_disable(self.chance.choice((CHEN, ZHAO)))
        if self.chance.random() < 0.01:
            await self.clinic.restart()
            await self.come()

    async def _enable_or_disable(self, one: Account) -> None:
        def change(ledger: Ledger) -> None:
            before = ledger.accounts.get(one.id)
            ledger.accounts.save(msgspec.structs.replace(before, disabled=not before.disabled))

        await self.clinic.records.write(change)
        await self.clinic.desk.announce_account(one.id)
        await self.come()

    async def check(self) -> None:
        """What has ended has no media; what runs has a specialist; each tab shows what a new one would."""
        for consult_id in self.consults:
            consult = await self.clinic.consult(consult_id)
            assert consult.state not in ENDED or not self.clinic.media.open_in(consult.id)
            assert consult.state not in LIVE or consult.specialist_id
        for account_id, tab in self.tabs.items():
            if tab.line.tab is None:
                continue
            new = await self.clinic.sign_in(tab.line.account)
            for consult_id in self.consults:
                assert _shown(tab, consult_id) == _shown(new, consult_id), account_id
            await self.clinic.desk.disconnect(new.line)


def _shown(client: Client, consult_id: str) -> tuple[object, ...] | None:
    """What a tab shows of a consult that is not over; one that is stays on the screen till a reload."""
    card = client.card(consult_id)
    if card is None or card.state in OVER:
        return None
    waits = card.state is ConsultState.WAITING
    return (card.version, card.state, card.rings_me, card.nobody_left, card.consent, waits and card.place)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_is_shown_stays_what_is_true(clinic: Clinic, seed: int) -> None:
    crowd = Crowd(clinic, seed)
    await crowd.come()
    await clinic.station()
    for turn in range(300):
        await crowd.send_something()
        await crowd.something_happens()
        if turn % 50 == 49:
            await crowd.check()
    assert len(crowd.consults) > 2 and len(crowd.done) > 5
