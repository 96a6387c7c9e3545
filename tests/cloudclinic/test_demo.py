"""The demo opens with people and a history; a second start finds what the first left."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession

from cloudclinic import demo_people as people
from cloudclinic.demo import demo_accounts, open_demo
from cloudclinic.demo_station import DemoStation
from cloudclinic.directory import DataDirectory
from cloudclinic.running import open_store
from cloudclinic.settings import Settings, load


def settings_in(tmp_path: Path) -> Settings:
    return load(environment={}, overrides={"port": 0, "data": tmp_path / "demo"})


async def test_the_demo_opens_with_people_and_their_history(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with open_demo(settings, synthetic=False) as (server, station):
        assert station.pid and len(server.processes.pids) == 1
        async with ClientSession() as client:
            async with client.get(f"http://127.0.0.1:{server.port}/readyz") as answer:
                assert answer.status == 200, await answer.text()
            async with client.get(f"http://127.0.0.1:{server.port}/api/greeting") as answer:
                greeting = await answer.json()
    assert greeting["demo"] is True
    assert [one["sign_in_name"] for one in greeting["demo_accounts"]] == [
        seat.account.sign_in_name for seat in people.ROLES
    ]
    async with open_store(DataDirectory(settings.data)) as store:
        residents = await store.records.read(
            lambda ledger: ledger.residents.search("", people.STATION.id, 50)
        )
        wang = next(one for one in residents if one.name == "王秀英")
        recordings = await store.records.read(lambda ledger: ledger.recordings.of_resident(wang.id))
        opinions = await store.records.read(lambda ledger: ledger.opinions.signed_of_resident(wang.id))
    assert len(residents) == len(people.RESIDENTS)
    assert len(recordings) == len(opinions) == 1
    assert recordings[0].simulated and opinions[0].simulated


async def test_the_demos_station_can_be_given_another_ecg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []

    class Ended:
        pid = returncode = 1

        async def wait(self) -> int:
            await asyncio.Event().wait()
            return 0

    async def start(*words: str, **_: object) -> Ended:
        started.append(words)
        return Ended()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    for synthetic in (False, True):
        station = DemoStation("http://x", tmp_path, tmp_path, synthetic=synthetic, ecg="simulator:rhythm=vt")
        async with station:
            pass
    assert [words[words.index("--ecg") + 1] for words in started] == ["simulator:rhythm=vt"] * 2


def test_every_role_has_a_host_of_its_own() -> None:
    addresses = [one.address for one in demo_accounts(8080)]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".localhost:8080") for address in addresses)
