"""Messages that touch only the present: media, mute, pointer, clock, figures, samples."""

from records.accounts import Account, Role
from records.audit import Action, AuditEvent
from records.consults import Binding
from records.ids import BindingId, ConsultId
from records.ledger import Ledger
from signaling import messages as m
from signaling import moments
from signaling.answering import current_account
from signaling.errors import Refused
from signaling.parts import Parts
from signaling.permissions import check_permission
from signaling.refusals import Refusal
from signaling.scopes import STAFF_OF_THE_ASKER, binding_in_scope
from signaling.station_messages import StationFault
from signaling.tabs import Line, Tab

COMMANDS: frozenset[type[m.Command]] = frozenset(
    {
        m.AnswerMedia,
        m.RestartMedia,
        m.SetMuted,
        m.SetAuscultation,
        m.PublishUltrasound,
        m.FreezePicture,
        m.StepPicture,
        m.UnfreezePicture,
        m.SetPictureScale,
        m.DrawMark,
        m.UndoMark,
        m.ClearMarks,
        m.TakeClip,
        m.AllowTurning,
        m.WatchDashboard,
        m.ForceFault,
        m.SpoilLine,
    }
)
"""Commands that leave no record but their answer."""


class Present:
    """Carries out what is not kept."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # --- commands, admitted already ----------------------------------------------------------------------

    async def carry(self, tab: Tab, command: m.Command) -> str:
        """Carry out one of `COMMANDS`; the answer's value. Raise `Refused` when it cannot be."""
        rooms = self._parts.rooms
        match command:
            case m.AnswerMedia(peer_id=peer_id, sdp=sdp):
                await rooms.paths.answer(tab.account.id, peer_id, sdp)
            case m.RestartMedia(consult_id=consult_id):
                await rooms.restart(consult_id, tab)
            case m.SetMuted():
                rooms.mute(command.consult_id, tab, command.microphone_on, command.camera_on)
            case m.SetAuscultation():
                self._parts.acts.auscultate(tab, command)
            case m.PublishUltrasound():
                await self._publish_ultrasound(tab, command)
            case m.FreezePicture() | m.StepPicture() | m.UnfreezePicture():
                self._freeze(tab, command)
            case m.SetPictureScale():
                await self._set_scale(tab, command)
            case m.DrawMark():
                return self._parts.marks.draw(tab, command)
            case m.UndoMark():
                self._parts.marks.undo(tab, command)
            case m.ClearMarks():
                self._parts.marks.clear(tab, command)
            case m.TakeClip():
                return self._parts.clips.take(tab, command)
            case m.AllowTurning():
                await self._parts.remote.allow(tab, command)
            case m.WatchDashboard(on=on):
                tab.watches_dashboard = on
            case m.ForceFault():
                await self._force_fault(tab.account, command)
            case m.SpoilLine(consult_id=consult_id, fault=fault):
                await self._spoil_line(tab, consult_id, fault)
            case _:
                raise Refused(Refusal.UNKNOWN_MESSAGE, type(command).__name__)
        return ""

    def _freeze(self, tab: Tab, command: m.FreezePicture | m.StepPicture | m.UnfreezePicture) -> None:
        match command:
            case m.FreezePicture():
                self._parts.freezing.freeze(tab, command)
            case m.StepPicture():
                self._parts.freezing.step(tab, command)
            case m.UnfreezePicture():
                self._parts.freezing.unfreeze(tab, command)

    async def _set_scale(self, tab: Tab, command: m.SetPictureScale) -> None:
        """Who said what a pixel is worth is on the trail: others measure by it."""
        self._parts.scale.check(tab, command)
        await self._write(tab, command.consult_id, Action.CHANGE, "picture_scale")
        self._parts.scale.set(tab, command)

    async def _publish_ultrasound(self, tab: Tab, command: m.PublishUltrasound) -> None:
        """Who confirmed whose picture it is, is on the trail before it is seen."""
        self._parts.rooms.seat_at(command.consult_id, tab)
        if not command.on or command.resident_confirmed:
            action = Action.BIND if command.on else Action.RELEASE
            await self._write(tab, command.consult_id, action, "capture_card")
        await self._parts.acts.publish_ultrasound(tab, command)

    async def _write(self, tab: Tab, consult_id: ConsultId, action: Action, kind: str) -> None:
        """Put on the trail what somebody does in a room."""
        now = self._parts.clock()

        def work(ledger: Ledger) -> None:
            consult = ledger.consults.get(consult_id)
            ledger.audit.append(
                AuditEvent(
                    at=now,
                    actor_id=tab.account.id,
                    actor_role=tab.account.role.value,
                    action=action,
                    object_kind=kind,
                    object_id=consult.id,
                    resident_id=consult.resident_id,
                )
            )

        await self._parts.records.write(work)

    async def _force_fault(self, account: Account, command: m.ForceFault) -> None:
        if not self._parts.settings.demo:
            raise Refused(Refusal.DEMO_ONLY)
        stations = await self._parts.records.read(lambda ledger: ledger.accounts.by_role(Role.STATION))
        station = next((one for one in stations if one.id == command.station_id), None)
        foreign = station is not None and station.institution_id != account.institution_id
        if station is None or (foreign and account.role in STAFF_OF_THE_ASKER):
            raise Refused(Refusal.NO_SUCH_STATION)
        if self._parts.stations[station.id].line is None:
            raise Refused(Refusal.STATION_OFFLINE)
        self._parts.stations[station.id].send(StationFault(fault=command.fault))

    async def _spoil_line(self, tab: Tab, consult_id: ConsultId, fault: m.LineFault) -> None:
        if not self._parts.settings.demo or self._parts.spoil_line is None:
            raise Refused(Refusal.DEMO_ONLY)
        seat = self._parts.rooms.seat_at(consult_id, tab)
        if await self._parts.spoil_line(seat.participant_id, fault):
            await self._parts.rooms.offer_anew(consult_id, tab)

    # --- notices ----------------------------------------------------------------------------------------

    async def notice(self, line: Line, tab: Tab, notice: m.Notice) -> None:
        """Take in a notice; raise `Refused` when the sender may not."""
        check_permission(line.account.role, type(notice))
        match notice:
            case m.Hello(language=language):
                line.language = language
            case m.ProbeClock(sent_us=sent_us):
                self._probe_clock(tab, sent_us)
            case m.PointAt():
                self._point(line, tab, notice)
            case m.MeasureEcg():
                if line.pointer_allowance.take(self._parts.clock()) or notice.calipers is None:
                    self._parts.acts.measure_ecg(tab, notice)
            case m.MeasurePicture():
                if line.pointer_allowance.take(self._parts.clock()) or notice.calipers is None:
                    self._parts.marks.measure(tab, notice)
            case m.ReportClock():
                self._parts.acts.clock(tab, notice)
            case m.ReportPicture():
                self._parts.acts.picture(tab, notice)
            case m.ReportQuality():
                seat = self._parts.rooms.seat_at(notice.consult_id, tab)
                self._parts.reports.take(tab.account.id, notice, self._parts.clock())
                self._parts.rooms.scoring.report(seat, notice)
            case m.NeedSamples():
                await self._binding(tab, notice.binding_id)
                await self._parts.flow.send_stored(tab, notice)
            case m.WantLiveSamples():
                await self._want_live(tab, notice)
            case _:
                raise Refused(Refusal.UNKNOWN_MESSAGE, type(notice).__name__)

    def _probe_clock(self, tab: Tab, sent_us: int) -> None:
        received_us = moments.to_us(self._parts.clock())
        answered_us = moments.to_us(self._parts.clock())
        tab.send(m.ClockProbed(sent_us=sent_us, received_us=received_us, answered_us=answered_us))

    def _point(self, line: Line, tab: Tab, notice: m.PointAt) -> None:
        if not line.pointer_allowance.take(self._parts.clock()):
            return
        self._parts.acts.point(tab, notice)

    async def _want_live(self, tab: Tab, notice: m.WantLiveSamples) -> None:
        if not notice.on:
            tab.live_bindings.pop(notice.binding_id, None)
            return
        binding = await self._binding(tab, notice.binding_id)
        await self._parts.flow.send_meta(tab, binding.id)
        tab.live_bindings[binding.id] = binding.consult_id

    async def _binding(self, tab: Tab, binding_id: BindingId) -> Binding:
        """Check that samples of a binding may be given to a tab; the first time is written down."""
        if binding_id in tab.read_bindings:
            return await self._parts.records.read(lambda ledger: _checked(ledger, tab, binding_id))
        now = self._parts.clock()

        def work(ledger: Ledger) -> Binding:
            binding = _checked(ledger, tab, binding_id)
            ledger.audit.append(
                AuditEvent(
                    at=now,
                    actor_id=tab.account.id,
                    actor_role=tab.account.role.value,
                    action=Action.READ,
                    object_kind="binding",
                    object_id=binding.id,
                    resident_id=binding.resident_id,
                )
            )
            return binding

        binding = await self._parts.records.write(work)
        tab.read_bindings.add(binding_id)
        return binding


def _checked(ledger: Ledger, tab: Tab, binding_id: BindingId) -> Binding:
    return binding_in_scope(ledger, current_account(ledger, tab.account.id), binding_id)
