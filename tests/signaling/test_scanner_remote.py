"""Turning the scanner from afar: off at first, allowed by the operator, ended by anything."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest
import pytest_asyncio

from records.audit import Action
from records.guiding import CannotReason, Guiding, GuidingEvent, GuidingState
from records.ids import BindingId, ConsultId
from records.ledger import Ledger
from records.scanner_controls import (
    ControlOutcome,
    ControlRange,
    RemoteEvent,
    ScannerControl,
    ScannerOffer,
    ScannerSetting,
)
from signaling import acts, moments
from signaling import messages as m
from signaling import station_messages as s
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, bind, in_call, join
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import CHEN, HE, LIN, STATION, WU, ZHAO, ZHOU

LESS, FOCUS = ScannerControl.DEPTH_LESS, ScannerControl.FOCUS_DEEPER
OFFER = ScannerOffer(
    controls=(ScannerControl.DEPTH_MORE, LESS),
    setting=ScannerSetting(depth_mm=150.0),
    depth_mm=ControlRange(least=40, most=300, step=10),
)
SHALLOWER = ScannerSetting(depth_mm=140.0)
AHEAD_US = 7_000_000


class Scanned:
    """Both sides, and a station whose scanner can be turned."""

    def __init__(self, clinic: Clinic, doctor: Client, chen: Client, consult_id: ConsultId) -> None:
        self.clinic, self.doctor, self.chen, self.consult_id = clinic, doctor, chen, consult_id
        self.line: StationLine
        self.told: FakeOutbox
        self.binding_id: BindingId

    async def connect(self) -> None:
        self.line, self.told = await self.clinic.station()
        await self.say(s.StationProbeClock(sent_us=1, offset_us=AHEAD_US, uncertainty_us=1000))

    async def say(self, message: m.Message) -> None:
        await self.clinic.desk.station_receive(self.line, message)

    async def offer(self, offer: ScannerOffer | None = OFFER) -> None:
        await self.say(s.StationScanner(binding_id=self.binding_id, offer=offer))

    async def allow(self, on: bool = True) -> None:
        await self.doctor.done(m.AllowTurning, consult_id=self.consult_id, on=on)

    async def ask(self, control: ScannerControl = LESS) -> str:
        return await self.chen.done(m.RequestControl, consult_id=self.consult_id, control=control)

    async def turned(self, outcome: ControlOutcome, setting: ScannerSetting | None = SHALLOWER) -> None:
        asked = self.told.last(s.TurnScanner)
        await self.say(
            s.StationTurned(
                binding_id=asked.binding_id, guiding_id=asked.guiding_id, outcome=outcome, setting=setting
            )
        )

    @property
    def view(self) -> m.ScannerView | None:
        return self.chen.outbox.last(m.RoomChanged).room.scanner

    @property
    def allowed(self) -> bool:
        return self.view is not None and self.view.allowed is not None

    @property
    def guiding(self) -> m.GuidingView:
        (one,) = self.doctor.outbox.last(m.RoomChanged).room.guiding
        return one

    async def kept(self) -> tuple[Guiding, ...]:
        return await self.clinic.records.read(lambda ledger: ledger.guidings.of_consult(self.consult_id))

    async def events(self) -> list[RemoteEvent]:
        await self.clinic.tick()
        return [one.remote for one in await self.kept() if one.remote is not None]


@pytest_asyncio.fixture
async def room(clinic: Clinic) -> Scanned:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    scanned = Scanned(clinic, doctor, chen, await in_call(clinic, doctor, chen))
    await scanned.connect()
    scanned.binding_id = await bind(doctor, scanned.consult_id)
    await scanned.offer()
    return scanned


async def test_it_is_off_at_first_and_what_is_asked_is_the_operators(room: Scanned) -> None:
    assert room.view == m.ScannerView(offer=OFFER, allowed=None)
    await room.ask()
    assert not room.guiding.at_device and room.told.of(s.TurnScanner) == []


async def test_what_is_allowed_is_shown_to_everybody_and_told_to_the_station(room: Scanned) -> None:
    await room.allow()
    for client in (room.doctor, room.chen):
        scanner = client.outbox.last(m.RoomChanged).room.scanner
        assert scanner is not None and scanner.allowed is not None
        assert (scanner.allowed.by_name, scanner.allowed.specialist_name) == (
            ZHOU.display_name,
            CHEN.display_name,
        )
    assert [one.binding_id for one in room.told.of(s.AllowScanner)] == [room.binding_id]


async def test_an_allowed_control_goes_to_the_scanner_and_is_done_as_it_reports(room: Scanned) -> None:
    await room.allow()
    guiding_id = await room.ask()
    asked = room.told.last(s.TurnScanner)
    grant = room.told.last(s.AllowScanner)
    assert (asked.control, asked.guiding_id, asked.grant_id) == (LESS, guiding_id, grant.grant_id)
    assert asked.until_us == moments.to_us(room.clinic.clock.now) + AHEAD_US + 3_000_000
    assert (room.guiding.state, room.guiding.at_device) == (GuidingState.ASKED, True)
    await room.turned(ControlOutcome.DONE)
    assert (room.guiding.state, room.guiding.reported) == (GuidingState.DONE, SHALLOWER)
    assert room.guiding.answered_by == STATION.display_name


@pytest.mark.parametrize(
    ("outcome", "setting", "state", "reason"),
    [
        (ControlOutcome.REFUSED, OFFER.setting, GuidingState.CANNOT, CannotReason.DEVICE_REFUSED),
        (ControlOutcome.FAILED, OFFER.setting, GuidingState.CANNOT, CannotReason.DEVICE_FAILED),
        (ControlOutcome.DONE, None, GuidingState.CANNOT, CannotReason.DEVICE_FAILED),
        (
            ControlOutcome.DONE,
            ScannerSetting(depth_mm=float("inf")),
            GuidingState.CANNOT,
            CannotReason.DEVICE_FAILED,
        ),
        (ControlOutcome.TAKEN_BACK, OFFER.setting, GuidingState.TAKEN_BACK, None),
    ],
)
async def test_what_the_scanner_did_not_do_is_said_as_it_was(
    room: Scanned,
    outcome: ControlOutcome,
    setting: ScannerSetting | None,
    state: GuidingState,
    reason: CannotReason | None,
) -> None:
    await room.allow()
    await room.ask()
    await room.turned(outcome, setting)
    assert (room.guiding.state, room.guiding.reason) == (state, reason)


async def test_what_the_scanner_does_not_offer_stays_a_request(room: Scanned) -> None:
    await room.allow()
    await room.ask(FOCUS)
    assert not room.guiding.at_device and room.told.of(s.TurnScanner) == []


async def test_a_station_without_an_adapter_is_never_turned(room: Scanned) -> None:
    await room.offer(None)
    assert room.view is None
    of = {"consult_id": room.consult_id, "on": True}
    assert await room.doctor.refused(m.AllowTurning, **of) == "no_scanner"


async def test_while_the_scanner_turns_nobody_answers_for_it_and_nothing_else_is_asked(room: Scanned) -> None:
    await room.allow()
    guiding_id = await room.ask()
    of = {"consult_id": room.consult_id, "guiding_id": guiding_id}
    done = await room.doctor.refused(m.AnswerGuiding, answer=GuidingEvent.DONE, **of)
    back = await room.chen.refused(m.TakeBackGuiding, **of)
    again = await room.chen.refused(m.RequestControl, consult_id=room.consult_id, control=LESS)
    assert {done, back, again} == {"scanner_turning"}


async def test_nobody_says_in_the_scanners_place_why_it_did_not(room: Scanned) -> None:
    of = {"consult_id": room.consult_id, "guiding_id": await room.ask(), "answer": GuidingEvent.CANNOT}
    for reason in (CannotReason.DEVICE_FAILED, CannotReason.DEVICE_REFUSED):
        assert await room.doctor.refused(m.AnswerGuiding, reason=reason, **of) == "out_of_range"


async def test_a_scanner_that_does_not_answer_leaves_it_to_the_operator(room: Scanned) -> None:
    await room.allow()
    guiding_id = await room.ask()
    await room.clinic.tick(5)
    assert (room.guiding.state, room.guiding.at_device) == (GuidingState.UNANSWERED, True)
    of = {"consult_id": room.consult_id, "guiding_id": guiding_id, "answer": GuidingEvent.DONE}
    await room.doctor.done(m.AnswerGuiding, **of)
    await room.turned(ControlOutcome.DONE)  # too late: the operator's word stands
    assert (room.guiding.answered_by, room.guiding.at_device) == (ZHOU.display_name, False)


async def test_one_press_takes_it_back_and_the_next_is_only_a_request(room: Scanned) -> None:
    await room.allow()
    await room.allow(on=False)
    assert not room.allowed
    (forbidden,) = room.told.of(s.ForbidScanner)
    assert forbidden.grant_id == room.told.last(s.AllowScanner).grant_id
    await room.ask()
    assert not room.guiding.at_device and room.told.of(s.TurnScanner) == []
    assert await room.events() == [RemoteEvent.ALLOWED, RemoteEvent.TAKEN_BACK]


async def test_what_is_under_way_when_it_is_taken_back_is_what_the_station_says(room: Scanned) -> None:
    await room.allow()
    await room.ask()
    await room.allow(on=False)
    kinds = [type(one) for one in room.told.sent if isinstance(one, s.TurnScanner | s.ForbidScanner)]
    assert kinds == [s.TurnScanner, s.ForbidScanner]
    states = [room.guiding.state]  # nobody knows yet
    await room.turned(ControlOutcome.DONE)
    states.append(room.guiding.state)  # it had been faster
    assert states == [GuidingState.ASKED, GuidingState.DONE]


async def test_what_was_decided_before_it_was_taken_back_is_not_sent_after(room: Scanned) -> None:
    await room.allow()
    guiding_id = await room.ask()
    await room.turned(ControlOutcome.DONE)
    await room.allow(on=False)
    asked = next(one for one in await room.kept() if one.id == guiding_id)
    under_way = msgspec.structs.replace(asked, state=GuidingState.ASKED, steps=())
    await room.clinic.records.write(lambda ledger: ledger.guidings.save(under_way))
    await room.clinic.desk._parts.remote.turn(under_way)
    assert len(room.told.of(s.TurnScanner)) == 1
    assert room.guiding.state is GuidingState.TAKEN_BACK


async def _operator_leaves(room: Scanned) -> None:
    await room.doctor.done(m.LeaveRoom, consult_id=room.consult_id)


async def _operators_line_is_lost(room: Scanned) -> None:
    await room.clinic.desk.disconnect(room.doctor.line)


async def _operator_comes_anew(room: Scanned) -> None:
    await join(await room.clinic.sign_in(ZHOU), room.consult_id)


async def _specialist_leaves(room: Scanned) -> None:
    await room.chen.done(m.LeaveRoom, consult_id=room.consult_id)
    await join(room.chen, room.consult_id)


async def _consult_is_anothers(room: Scanned) -> None:
    """Nobody moves: only whose consult it is changes."""

    def work(ledger: Ledger) -> None:
        before = ledger.consults.get(room.consult_id)
        added = (*before.added_specialist_ids, CHEN.id)
        changed = {"specialist_id": ZHAO.id, "added_specialist_ids": added, "version": before.version + 1}
        ledger.consults.save(msgspec.structs.replace(before, **changed))

    await room.clinic.records.write(work)
    await room.clinic.desk._carrying.consult_moved(room.consult_id)


async def _station_reconnects(room: Scanned) -> None:
    await room.connect()


async def _stations_line_is_lost(room: Scanned) -> None:
    await room.clinic.desk.station_disconnect(room.line)
    await room.connect()


async def _binding_ends(room: Scanned) -> None:
    await room.doctor.done(m.ReleaseStation, binding_id=room.binding_id)


async def _bound_anew(room: Scanned) -> None:
    room.binding_id = await bind(room.doctor, room.consult_id)


async def _capture_card(room: Scanned) -> None:
    of = {"consult_id": room.consult_id, "resident_confirmed": True}
    await room.doctor.done(m.PublishUltrasound, on=True, **of)
    await room.doctor.done(m.PublishUltrasound, on=False, **of)


async def _nothing_offered(room: Scanned) -> None:
    await room.offer(None)


async def _hand_at_the_scanner(room: Scanned) -> None:
    grant = room.told.last(s.AllowScanner)
    await room.say(
        s.StationTurningEnded(binding_id=room.binding_id, grant_id=grant.grant_id, why=RemoteEvent.TOUCHED)
    )


async def _colleague_takes_back(room: Scanned) -> None:
    nurse = await room.clinic.sign_in(WU)
    await join(nurse, room.consult_id)
    await nurse.done(m.AllowTurning, consult_id=room.consult_id, on=False)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (_operator_leaves, RemoteEvent.OPERATOR_AWAY),
        (_operators_line_is_lost, RemoteEvent.OPERATOR_AWAY),
        (_operator_comes_anew, RemoteEvent.OPERATOR_AWAY),
        (_specialist_leaves, RemoteEvent.SPECIALIST_AWAY),
        (_consult_is_anothers, RemoteEvent.SPECIALIST_AWAY),
        (_station_reconnects, RemoteEvent.LINE_LOST),
        (_stations_line_is_lost, RemoteEvent.LINE_LOST),
        (_binding_ends, RemoteEvent.RELEASED),
        (_bound_anew, RemoteEvent.RELEASED),
        (_capture_card, RemoteEvent.OTHER_PICTURE),
        (_nothing_offered, RemoteEvent.NO_SCANNER),
        (_hand_at_the_scanner, RemoteEvent.TOUCHED),
        (_colleague_takes_back, RemoteEvent.TAKEN_BACK),
    ],
)
async def test_it_ends_with_whatever_it_was_given_for_and_stays_off(
    room: Scanned, happens: Callable[[Scanned], Awaitable[None]], why: RemoteEvent
) -> None:
    await room.allow()
    assert room.allowed
    await happens(room)
    assert not room.allowed
    await room.offer()
    assert not room.allowed
    assert room.clinic.desk._parts.remote.turnable() == {}
    assert await room.events() == [RemoteEvent.ALLOWED, why]


async def test_it_ends_with_the_consult(room: Scanned) -> None:
    await room.allow()
    await room.doctor.done(m.EndConsult, consult_id=room.consult_id)
    assert room.clinic.desk._parts.remote.turnable() == {}
    ended = (await room.events())[-1]
    assert ended in (RemoteEvent.ROOM_CLOSED, RemoteEvent.RELEASED)
    assert len(room.told.of(s.ForbidScanner)) == 1


async def test_a_server_that_begins_anew_allows_nothing_and_keeps_that_it_ended(room: Scanned) -> None:
    await room.allow()
    await room.clinic.restart()
    assert room.clinic.desk._parts.remote.turnable() == {}
    assert await room.events() == [RemoteEvent.ALLOWED, RemoteEvent.LINE_LOST]


async def test_only_the_operators_side_in_the_room_allows_it(room: Scanned) -> None:
    of = {"consult_id": room.consult_id, "on": True}
    assert await room.chen.refused(m.AllowTurning, **of) == "not_allowed"
    for guest in (LIN, HE):
        client = await room.clinic.sign_in(guest)
        asked = {"consult_id": room.consult_id, "account_id": guest.id, "resident_agreed": True}
        await room.doctor.done(m.InviteGuest, **asked)
        await join(client, room.consult_id)
        assert await client.refused(m.AllowTurning, **of) == "not_allowed"
    nurse = await room.clinic.sign_in(WU)
    for on in (True, False):
        assert await nurse.refused(m.AllowTurning, consult_id=room.consult_id, on=on) == "not_in_room"
    assert not room.allowed


async def test_there_must_be_a_specialist_to_turn_it(room: Scanned) -> None:
    await room.chen.done(m.LeaveRoom, consult_id=room.consult_id)
    of = {"consult_id": room.consult_id, "on": True}
    assert await room.doctor.refused(m.AllowTurning, **of) == "nobody_to_turn"


async def test_another_specialist_in_the_room_turns_nothing(room: Scanned) -> None:
    zhao = await room.clinic.sign_in(ZHAO)
    await room.chen.done(m.AddSpecialist, consult_id=room.consult_id, specialist_id=ZHAO.id)
    await join(zhao, room.consult_id)
    await room.allow()
    await zhao.done(m.RequestControl, consult_id=room.consult_id, control=LESS)
    assert not room.guiding.at_device and room.told.of(s.TurnScanner) == []


async def test_a_station_answers_only_what_it_was_asked(room: Scanned) -> None:
    await room.allow()
    await room.ask()
    asked = room.told.last(s.TurnScanner)
    other = s.StationTurned(
        binding_id=BindingId("another"), guiding_id=asked.guiding_id, outcome=ControlOutcome.DONE
    )
    await room.say(other)
    assert room.told.last(s.StationRefused).code == "not_found"
    states = [room.guiding.state]
    await room.turned(ControlOutcome.DONE)
    await room.turned(ControlOutcome.FAILED)  # said twice
    states.append(room.guiding.state)
    assert states == [GuidingState.ASKED, GuidingState.DONE]


@pytest.mark.parametrize(
    "wrong",
    [
        msgspec.structs.replace(OFFER, controls=(LESS, LESS)),
        msgspec.structs.replace(OFFER, controls=(FOCUS,)),
        msgspec.structs.replace(OFFER, depth_mm=None),
        msgspec.structs.replace(OFFER, depth_mm=ControlRange(least=40, most=300, step=0)),
        msgspec.structs.replace(OFFER, setting=ScannerSetting(depth_mm=float("nan"))),
    ],
)
async def test_an_offer_that_no_scanner_makes_is_refused(room: Scanned, wrong: ScannerOffer) -> None:
    await room.offer(wrong)
    assert room.told.last(s.StationRefused).code == "out_of_range"
    assert room.view is not None and room.view.offer == OFFER


async def test_everything_is_kept_on_the_audit_trail_and_on_the_tape(room: Scanned) -> None:
    taken: list[m.GuidingView] = []

    def witness(_: ConsultId, message: m.Message) -> None:
        if isinstance(message, acts.Guided):
            taken.append(message.guiding)

    room.clinic.desk._parts.rooms.witness = witness
    await room.allow()
    room.clinic.clock.pass_s(2)
    await room.ask()
    room.clinic.clock.pass_s(1)
    await room.turned(ControlOutcome.DONE)
    await _binding_ends(room)
    await room.clinic.tick()
    assert [(one.remote, one.state) for one in taken] == [
        (RemoteEvent.ALLOWED, GuidingState.DONE),
        (None, GuidingState.ASKED),
        (None, GuidingState.DONE),
        (RemoteEvent.RELEASED, GuidingState.DONE),
    ]
    allowed, turned, released = await room.kept()
    assert (turned.asked_at - allowed.asked_at).total_seconds() == 2
    assert [(one.event, one.by, one.reported) for one in turned.steps] == [
        (GuidingEvent.DONE, STATION.id, SHALLOWER)
    ]
    assert (released.asked_at - allowed.asked_at).total_seconds() == 3
    events = await room.clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
    noted = [one for one in events if one.object_kind == "guiding"]
    assert [(one.actor_id, one.action, one.reason) for one in noted] == [
        (ZHOU.id, Action.CHANGE, "allowed"),
        (CHEN.id, Action.CREATE, ""),
        (STATION.id, Action.CHANGE, "done"),
        (None, Action.CHANGE, "released"),
    ]
