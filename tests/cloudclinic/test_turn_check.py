"""`cloudclinic turn check` against a real coturn and a real media worker: it finds what is wrong, no more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudclinic.doctor import Finding
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings
from cloudclinic.turn_check import TurnCheck, denied_hosts
from cloudclinic.turn_probe import Probe, close_probes, new_check, open_probes, read_probes
from cloudclinic.turn_ranges import DENIED
from cloudclinic.turn_secret import ensure_secret
from media.api import WorkerProcess
from records.rooms import NO_GRANTS
from signaling.ports import MediaUnavailable, PeerOffer
from tests.relay import Relay, relay_settings

pytestmark = pytest.mark.relay


class Workers:
    """One worker as the running server's probes see it."""

    def __init__(self, process: WorkerProcess) -> None:
        self._worker = process.worker

    async def open_at_each(self, room_id: str) -> tuple[PeerOffer, ...]:
        offered = await self._worker.open_peer(room_id, room_id, NO_GRANTS, False)
        return (PeerOffer(peer_id=offered.peer_id, sdp=offered.sdp, publish=offered.publish),)

    async def close_at_each(self, room_id: str) -> None:
        await self._worker.close_room(room_id)


@pytest.fixture
async def probes(tmp_path: Path) -> AsyncIterator[tuple[Probe, ...]]:
    """Of a worker at 127.0.0.1."""
    (tmp_path / "worker").mkdir()
    process = await WorkerProcess.start(tmp_path / "worker")
    workers = Workers(process)
    this = new_check()
    yield read_probes(await open_probes(workers, this))
    await close_probes(workers, this)
    await process.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return relay_settings(tmp_path)


async def check(settings: Settings, probes: tuple[Probe, ...]) -> list[Finding]:
    trusted = settings.turn_certificate
    return [finding async for finding in TurnCheck(settings, probes, trusted).findings()]


def ill(findings: list[Finding]) -> set[str]:
    """What is wrong, without the addresses; each with a cure."""
    wrong = [finding for finding in findings if not finding.well]
    assert all(finding.cure for finding in wrong)
    return {finding.what for finding in wrong}


async def test_what_turn_config_wrote_is_proved_over_each_transport(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    async with Relay.open(tmp_path, settings) as relay:
        findings = await check(settings, probes)
        assert ill(findings) == set(), relay.log
    said = [f"{finding.what}: {finding.said}" for finding in findings]
    assert sum("answered through the relay" in line for line in said) == 3
    hosts = denied_hosts(("127.0.0.1",))
    for family in (4, 6):
        asked = sum((":" in host) is (family == 6) for host in hosts)
        assert said.count(f"other IPv{family} hosts: {asked} of {asked} asked for are refused (403)") == 3
    assert said.count("expired credentials: refused (401)") == 3
    assert "console localhost:5766: closed" in said


async def test_a_relay_without_ipv6_can_name_no_ipv6_host(tmp_path: Path, probes: tuple[Probe, ...]) -> None:
    settings = relay_settings(tmp_path, turn_addresses=("127.0.0.1",))
    (tmp_path / "data").mkdir()
    async with Relay.open(tmp_path, settings):
        findings = await check(settings, probes)
    assert ill(findings) == set()
    none = [one for one in findings if one.said == "none can be named: no IPv6 relay"]
    assert [one.what for one in none] == ["other IPv6 hosts"] * 3


async def test_a_worker_is_reached_at_its_addresses_of_both_kinds(tmp_path: Path) -> None:
    announced = ("127.0.0.1", "::1")
    settings = relay_settings(tmp_path, media_announce=announced)
    for name in ("data", "worker"):
        (tmp_path / name).mkdir()
    process = await WorkerProcess.start(tmp_path / "worker", announce=announced)
    probes = read_probes(await open_probes(Workers(process), new_check()))
    async with Relay.open(tmp_path, settings):
        findings = await check(settings, probes)
    await process.stop()
    assert ill(findings) == set()
    reached = [one.what for one in findings if "answered through the relay" in one.said]
    assert len(reached) == 6 and sum("[::1]" in what for what in reached) == 3


async def test_without_a_running_server_nothing_is_called_proved(tmp_path: Path, settings: Settings) -> None:
    async with Relay.open(tmp_path, settings):
        assert ill(await check(settings, ())) == {"workers"}


async def test_a_relay_that_does_not_run_is_told_for_each_transport(
    settings: Settings, probes: tuple[Probe, ...]
) -> None:
    ensure_secret(settings)
    findings = await check(settings, probes)
    assert len(ill(findings)) == 3
    cures = [finding.cure for finding in findings if not finding.well]
    assert sum("open UDP port" in cure for cure in cures) == 1
    assert sum("open TCP port" in cure for cure in cures) == 2


async def test_a_relay_with_another_secret_is_found(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    other = {f"static-auth-secret={ensure_secret(settings)}": "static-auth-secret=" + "a" * 64}
    async with Relay.open(tmp_path, settings, other):
        findings = await check(settings, probes)
    assert len(ill(findings)) == 3
    assert all("another secret" in finding.cure for finding in findings if not finding.well)


async def test_a_worker_that_is_not_allowed_is_found(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    async with Relay.open(tmp_path, settings, {"allowed-peer-ip=127.0.0.1": "# nobody"}):
        findings = await check(settings, probes)
    (address,) = probes[0].addresses
    assert ill(findings) == {f"worker {address[0]}:{address[1]}"}
    assert all("403" in finding.said for finding in findings if not finding.well)


async def test_a_worker_that_is_gone_is_found(tmp_path: Path, settings: Settings) -> None:
    gone = Probe(ufrag="u", password="p" * 24, addresses=(("127.0.0.1", 9),))
    async with Relay.open(tmp_path, settings):
        assert ill(await check(settings, (gone,))) == {"worker 127.0.0.1:9"}


async def test_a_list_of_ipv4_ranges_alone_is_found_open(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    open_v6 = {
        f"denied-peer-ip={denied.first_last}": "#" for denied in DENIED if denied.network.version == 6
    } | {"denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": "#"}
    async with Relay.open(tmp_path, settings, open_v6):
        findings = await check(settings, probes)
    assert ill(findings) == {"other IPv6 hosts"}
    (first, *_) = (finding for finding in findings if not finding.well)
    assert "64:ff9b::7f00:1" in first.said and "stop coturn at once" in first.cure


async def test_a_relay_that_asks_nobody_for_credentials_is_found(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    secret = ensure_secret(settings)
    anonymous = {"use-auth-secret": "no-auth", f"static-auth-secret={secret}": "#"}
    async with Relay.open(tmp_path, settings, anonymous):
        findings = await check(settings, probes)
    strangers = {"no credentials", "a wrong password", "a changed expiry", "expired credentials"}
    assert ill(findings) == strangers


async def test_a_certificate_nobody_trusts_is_found(
    tmp_path: Path, settings: Settings, probes: tuple[Probe, ...]
) -> None:
    async with Relay.open(tmp_path, settings):
        findings = [one async for one in TurnCheck(settings, probes, None).findings()]
    (wrong,) = [finding for finding in findings if not finding.well]
    assert wrong.what.startswith("turns:") and "not trusted" in wrong.said
    assert "browsers refuse it as well" in wrong.cure


async def test_a_server_without_a_worker_says_so() -> None:
    class NoWorker:
        async def open_at_each(self, room_id: str) -> tuple[PeerOffer, ...]:
            raise MediaUnavailable("media worker 0 is being restarted")

        async def close_at_each(self, room_id: str) -> None:
            raise MediaUnavailable("media worker 0 is being restarted")

    with pytest.raises(CommandFailed, match="being restarted"):
        await open_probes(NoWorker(), new_check())
    assert await close_probes(NoWorker(), new_check()) == {}
