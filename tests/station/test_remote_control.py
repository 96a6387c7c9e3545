"""The station decides for itself whether its scanner is turned, and believes only what that reports."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
import pytest_asyncio

from records.ids import BindingId, GuidingId
from records.scanner_controls import (
    ControlOutcome,
    ControlRange,
    RemoteEvent,
    ScannerControl,
    ScannerOffer,
    ScannerSetting,
)
from signaling import station_messages as s
from signaling.messages import Message
from station.picture_sources import SimulatedPictures
from station.remote_control import RemoteControl
from station.scanner_adapter import adapter_of
from station.simulated_scanner import SimulatedScanner
from tests.fakes.station_server import FakeStationServer
from tests.station.running import running_station, settings_for
from ultrasound.simulator.hand import Turn
from ultrasound.simulator.language import read_scenario

C = ScannerControl
M = TypeVar("M", bound=Message)
BINDING, GRANT = BindingId("b1"), "grant-1"
NOW_US = 1_000_000


def standing(depth_mm: float) -> ScannerOffer:
    return ScannerOffer(
        controls=(C.DEPTH_MORE, C.DEPTH_LESS),
        setting=ScannerSetting(depth_mm=depth_mm),
        depth_mm=ControlRange(least=40, most=200, step=10),
    )


class FakeScanner:
    """A scanner whose every answer a test decides: it turns when `go` is set."""

    def __init__(self) -> None:
        self.stands: ScannerOffer | None = standing(150)
        self.goes_to: ScannerOffer | None = standing(160)
        self.says = ControlOutcome.DONE
        self.breaks = False
        self.began, self.go = threading.Event(), threading.Event()
        self.turned: list[ScannerControl] = []

    def offer(self) -> ScannerOffer | None:
        return self.stands

    def turn(self, control: ScannerControl, taken_back: threading.Event) -> ControlOutcome:
        self.began.set()
        while not self.go.wait(0.005):
            if taken_back.is_set():
                return ControlOutcome.TAKEN_BACK
        if self.breaks:
            raise OSError("the scanner's socket is gone")
        self.turned.append(control)
        self.stands = self.goes_to
        return self.says


class Bench:
    """A remote control on a scanner, and what it tells."""

    def __init__(self, scanner: FakeScanner, turns_in_s: float) -> None:
        self.scanner = scanner
        self.told: list[Message] = []
        self.now_us = NOW_US
        self._more = asyncio.Event()
        self.remote = RemoteControl(BINDING, scanner, self._tell, lambda: self.now_us, turns_in_s)

    def _tell(self, message: Message) -> None:
        self.told.append(message)
        self._more.set()

    def allow(self, grant_id: str = GRANT) -> None:
        self.remote.allow(s.AllowScanner(binding_id=BINDING, grant_id=grant_id))

    def turn(self, name: str = "g1", grant_id: str = GRANT, until_us: int = NOW_US) -> None:
        self.remote.turn(
            s.TurnScanner(
                binding_id=BINDING,
                grant_id=grant_id,
                guiding_id=GuidingId(name),
                control=C.DEPTH_MORE,
                until_us=until_us,
            )
        )

    def of(self, kind: type[M]) -> list[M]:
        return [one for one in self.told if isinstance(one, kind)]

    @property
    def outcomes(self) -> dict[str, ControlOutcome]:
        return {one.guiding_id: one.outcome for one in self.of(s.StationTurned)}

    async def answered(self, count: int = 1) -> None:
        async with asyncio.timeout(10):
            while len(self.of(s.StationTurned)) < count:
                self._more.clear()
                await self._more.wait()

    async def begun(self) -> None:
        assert await asyncio.to_thread(self.scanner.began.wait, 10)


@asynccontextmanager
async def a_bench(scanner: FakeScanner, turns_in_s: float = 10.0) -> AsyncIterator[Bench]:
    made = Bench(scanner, turns_in_s)
    try:
        yield made
    finally:
        made.scanner.go.set()
        await made.remote.stop()


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(FakeScanner()) as made:
        yield made


async def test_it_is_off_at_first(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.TAKEN_BACK}
    assert bench.scanner.turned == [] and not bench.remote.allowed


async def test_what_is_allowed_is_done_and_told_as_the_scanner_reports_it(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.allow()
    bench.turn()
    await bench.answered()
    (told,) = bench.of(s.StationTurned)
    assert (told.outcome, told.setting) == (ControlOutcome.DONE, ScannerSetting(depth_mm=160))
    assert bench.of(s.StationScanner)[-1].offer == standing(160)
    assert bench.scanner.turned == [C.DEPTH_MORE]
    assert bench.remote.allowed  # its own turn is no hand at the scanner


async def test_another_grant_than_the_one_that_holds_turns_nothing(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.allow()
    bench.turn(grant_id="grant-0")
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.TAKEN_BACK} and bench.scanner.turned == []


async def test_a_request_that_comes_late_is_not_turned(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.allow()
    bench.now_us += 1
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.TAKEN_BACK} and bench.scanner.turned == []


async def test_what_is_under_way_when_it_is_taken_back_is_stopped(bench: Bench) -> None:
    bench.allow()
    bench.turn()
    await bench.begun()
    bench.remote.forbid(s.ForbidScanner(binding_id=BINDING, grant_id=GRANT))
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.TAKEN_BACK} and bench.scanner.turned == []


async def test_an_end_that_is_another_grants_leaves_this_one(bench: Bench) -> None:
    bench.allow()
    bench.remote.forbid(s.ForbidScanner(binding_id=BINDING, grant_id="grant-0"))
    assert bench.remote.allowed


async def test_one_is_turned_at_once(bench: Bench) -> None:
    bench.allow()
    bench.turn("g1")
    await bench.begun()
    bench.turn("g2")
    bench.scanner.go.set()
    await bench.answered(2)
    assert bench.outcomes == {"g1": ControlOutcome.DONE, "g2": ControlOutcome.REFUSED}
    assert bench.scanner.turned == [C.DEPTH_MORE]


async def test_the_next_may_follow_as_soon_as_one_is_told(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.allow()
    for number, depth_mm in enumerate((160, 170, 180), 1):
        bench.scanner.goes_to = standing(depth_mm)
        bench.turn(f"g{number}")
        await bench.answered(number)
    assert set(bench.outcomes.values()) == {ControlOutcome.DONE}


async def test_what_the_scanner_does_not_go_to_is_refused_without_asking_it(bench: Bench) -> None:
    bench.scanner.stands = standing(200)
    bench.allow()
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.REFUSED} and not bench.scanner.began.is_set()


async def test_an_adapter_that_says_done_is_not_believed(bench: Bench) -> None:
    bench.scanner.goes_to = standing(150)
    bench.scanner.go.set()
    bench.allow()
    bench.turn()
    await bench.answered()
    (told,) = bench.of(s.StationTurned)
    assert (told.outcome, told.setting) == (ControlOutcome.FAILED, ScannerSetting(depth_mm=150))


async def test_a_scanner_that_went_elsewhere_has_failed_and_may_not_be_turned_on(bench: Bench) -> None:
    bench.scanner.goes_to = standing(190)
    bench.scanner.go.set()
    bench.allow()
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.FAILED}
    assert [one.why for one in bench.of(s.StationTurningEnded)] == [RemoteEvent.TOUCHED]
    assert not bench.remote.allowed


async def test_an_adapter_that_breaks_off_has_failed(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.scanner.breaks = True
    bench.scanner.go.set()
    bench.allow()
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.FAILED}
    assert "broke off" in caplog.text


class Deaf(FakeScanner):
    """Hangs, whatever is taken back."""

    def turn(self, control: ScannerControl, taken_back: threading.Event) -> ControlOutcome:
        self.began.set()
        self.go.wait(20)
        return ControlOutcome.DONE


async def test_a_scanner_that_hangs_has_failed_and_nothing_more_is_sent_to_it() -> None:
    async with a_bench(Deaf(), turns_in_s=0.05) as bench:
        bench.allow()
        bench.turn("g1")
        await bench.answered()
        bench.turn("g2")
        await bench.answered(2)
        assert bench.outcomes == {"g1": ControlOutcome.FAILED, "g2": ControlOutcome.REFUSED}


async def test_a_hand_at_the_scanner_takes_it_back(bench: Bench) -> None:
    bench.allow()
    bench.scanner.stands = standing(100)
    bench.remote.look()
    (ended,) = bench.of(s.StationTurningEnded)
    assert (ended.grant_id, ended.why) == (GRANT, RemoteEvent.TOUCHED)
    assert not bench.remote.allowed


async def test_a_hand_is_noticed_before_anything_else_is_turned(bench: Bench) -> None:
    bench.scanner.go.set()
    bench.allow()
    bench.scanner.stands = standing(100)
    bench.turn()
    await bench.answered()
    assert bench.outcomes == {"g1": ControlOutcome.TAKEN_BACK} and bench.scanner.turned == []


async def test_a_scanner_that_offers_nothing_any_more_may_not_be_turned(bench: Bench) -> None:
    bench.remote.tell_offer()
    bench.allow()
    bench.scanner.stands = None
    bench.remote.look()
    assert [one.why for one in bench.of(s.StationTurningEnded)] == [RemoteEvent.NO_SCANNER]
    assert bench.of(s.StationScanner)[-1].offer is None


async def test_what_no_scanner_offers_is_not_passed_on(bench: Bench) -> None:
    bench.scanner.stands = msgspec.structs.replace(standing(150), controls=(C.SAVE_STILL,))
    bench.remote.tell_offer()
    assert bench.of(s.StationScanner)[-1].offer is None


async def test_how_it_stands_is_told_once_for_each_change(bench: Bench) -> None:
    bench.remote.tell_offer()
    bench.remote.look()
    bench.scanner.stands = standing(100)
    bench.remote.look()
    bench.remote.look()
    assert [one.offer for one in bench.of(s.StationScanner)] == [standing(150), standing(100)]


# --- the simulated scanner's adapter ----------------------------------------------------------------------


def test_only_the_simulated_scanner_has_an_adapter() -> None:
    assert adapter_of(object()) is None
    assert isinstance(adapter_of(SimulatedPictures(read_scenario(""))), SimulatedScanner)


def test_the_next_picture_shows_what_is_wanted_and_none_what_was_withdrawn() -> None:
    scanner = SimulatedPictures(read_scenario(""))
    scanner.picture(0, 1)
    first = scanner.want(Turn(depth_mm=100))
    assert scanner.withdraw(first)
    scanner.picture(1, 2)
    assert scanner.standing.depth_mm == 150 and not first.taken.is_set()
    second = scanner.want(Turn(depth_mm=120))
    scanner.picture(2, 3)
    assert scanner.standing.depth_mm == 120 and second.taken.is_set()
    assert not scanner.withdraw(second)


def test_a_scanner_that_takes_no_picture_any_more_turns_nothing_once_it_is_taken_back() -> None:
    pictures = SimulatedPictures(read_scenario(""))
    pictures.picture(0, 1)
    taken_back = threading.Event()
    taken_back.set()
    assert SimulatedScanner(pictures).turn(C.DEPTH_MORE, taken_back) is ControlOutcome.TAKEN_BACK
    pictures.picture(1, 2)
    assert pictures.standing.depth_mm == 150


@pytest.mark.parametrize("change", ["frozen", "black"])
def test_a_picture_that_its_scenario_froze_or_took_away_is_not_turned(change: str) -> None:
    pictures = SimulatedPictures(read_scenario(f"for=1/change={change}"))
    pictures.picture(35, 1)
    assert SimulatedScanner(pictures).turn(C.DEPTH_MORE, threading.Event()) is ControlOutcome.REFUSED


# --- the whole station ------------------------------------------------------------------------------------


def turn_of(server: FakeStationServer, station_us: int, name: str, control: ScannerControl) -> s.TurnScanner:
    return s.TurnScanner(
        binding_id=BindingId("first"),
        grant_id=GRANT,
        guiding_id=GuidingId(name),
        control=control,
        until_us=station_us,
    )


@asynccontextmanager
async def scanner_of(tmp_path: Path, binding: str = "first") -> AsyncIterator[FakeStationServer]:
    """A station that is bound, and has said how its simulated scanner stands."""
    settings = {"ultrasound": "simulator:preset=cardiac"}
    async with FakeStationServer() as server, running_station(settings_for(server, tmp_path, **settings)):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to(binding, 11)
        await server.until(lambda: server.of_type(s.StationScanner))
        yield server


async def test_the_simulated_scanner_is_turned_and_reports_depth_gain_freeze_and_mode(tmp_path: Path) -> None:
    async with scanner_of(tmp_path) as server:
        far_us = server.of_type(s.StationProbeClock)[0].sent_us + 3_600_000_000
        await server.send(s.AllowScanner(binding_id=BindingId("first"), grant_id=GRANT))
        controls = (C.DEPTH_LESS, C.GAIN_UP, C.MODE_M, C.FREEZE, C.DEPTH_LESS, C.UNFREEZE, C.MODE_B)
        for number, control in enumerate(controls, 1):
            await server.send(turn_of(server, far_us, f"g{number}", control))
            await server.until(lambda n=number: len(server.of_type(s.StationTurned)) == n)
        told = server.of_type(s.StationTurned)
        done, refused = ControlOutcome.DONE, ControlOutcome.REFUSED  # of a frozen picture nothing is turned
        assert [one.outcome for one in told] == [done, done, done, done, refused, done, done]
        stands = told[3].setting
        assert (stands.depth_mm, stands.gain_db, stands.mode, stands.frozen) == (150, 3, C.MODE_M, True)
        assert (told[-1].setting.mode, told[-1].setting.frozen) == (C.MODE_B, False)


async def test_with_the_line_goes_what_was_allowed_on_it(tmp_path: Path) -> None:
    async with scanner_of(tmp_path) as server:
        far_us = server.of_type(s.StationProbeClock)[0].sent_us + 3_600_000_000
        await server.send(s.AllowScanner(binding_id=BindingId("first"), grant_id=GRANT))
        await server.pull_out()
        told = len(server.of_type(s.StationScanner))
        await server.plug_in()
        await server.until(lambda: len(server.of_type(s.StationScanner)) > told)
        await server.send(turn_of(server, far_us, "g1", C.DEPTH_LESS))
        await server.until(lambda: server.of_type(s.StationTurned))
        (told_of,) = server.of_type(s.StationTurned)
        assert (told_of.outcome, told_of.setting.depth_mm) == (ControlOutcome.TAKEN_BACK, 160)


async def test_a_binding_that_does_not_run_is_turned_by_nobody(tmp_path: Path) -> None:
    async with scanner_of(tmp_path, "second") as server:
        await server.send(s.AllowScanner(binding_id=BindingId("first"), grant_id=GRANT))
        await server.send(turn_of(server, 1 << 60, "g1", C.DEPTH_LESS))
        await server.until(lambda: server.of_type(s.StationTurned))
        assert server.of_type(s.StationTurningEnded)[0].grant_id == GRANT
        assert server.of_type(s.StationTurned)[0].outcome is ControlOutcome.TAKEN_BACK


async def test_a_source_that_has_no_adapter_offers_nothing(tmp_path: Path) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ultrasound="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.of_type(s.StationFigures))
        assert server.of_type(s.StationScanner) == []
