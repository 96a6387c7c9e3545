"""The tabs of one account are bounded in number; who must give way is told, and nobody in a room does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from signaling import messages as m
from tests.fakes.clinic import Client, Clinic, ask, in_call, open_clinic
from tests.fakes.records import CHEN, ZHAO, ZHOU

MOST = 3


@pytest_asyncio.fixture
async def small(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path, tabs_per_account=MOST) as opened:
        yield opened


def _told(client: Client) -> tuple[str | None, list[str]]:
    return client.outbox.closed, [one.code for one in client.outbox.of(m.Refused)]


def _kept(clinic: Clinic) -> int:
    return len(clinic.desk._parts.tabs.of_account(CHEN.id))


async def test_the_one_opened_first_gives_way_and_is_told(small: Clinic) -> None:
    tabs = [await small.sign_in(CHEN) for _ in range(MOST + 2)]
    assert [_told(one) for one in tabs[:2]] == [("too_many_tabs", ["too_many_tabs"])] * 2
    assert [_told(one) for one in tabs[2:]] == [(None, [])] * MOST
    assert _kept(small) == MOST
    consult_id = await ask(await small.sign_in(ZHOU))
    assert all(one.card(consult_id) is not None for one in tabs[2:])


async def test_another_accounts_tabs_do_not_count(small: Clinic) -> None:
    zhao = await small.sign_in(ZHAO)
    for _ in range(MOST + 2):
        await small.sign_in(CHEN)
    assert _told(zhao) == (None, [])


async def test_a_tab_without_a_line_gives_way_before_one_that_is_looked_at(small: Clinic) -> None:
    tabs = [await small.sign_in(CHEN) for _ in range(MOST)]
    await small.desk.disconnect(tabs[-1].line)
    await small.sign_in(CHEN)
    assert [_told(one) for one in tabs[:-1]] == [(None, [])] * (MOST - 1)
    assert _kept(small) == MOST


async def test_many_reloads_keep_no_more_than_the_bound(small: Clinic) -> None:
    for _ in range(200):
        tab = await small.sign_in(CHEN)
        await small.desk.disconnect(tab.line)
    assert _kept(small) == MOST


async def test_the_tab_in_a_call_never_gives_way(small: Clinic) -> None:
    doctor, calling = await small.sign_in(ZHOU), await small.sign_in(CHEN)
    consult_id = await in_call(small, doctor, calling)
    for _ in range(MOST + 1):
        await small.sign_in(CHEN)
    assert _told(calling) == (None, [])
    assert len(small.media.open_in(consult_id)) == 2


async def test_where_all_sit_in_rooms_the_new_one_is_refused_and_told(tmp_path: Path) -> None:
    async with open_clinic(tmp_path, tabs_per_account=1) as clinic:
        doctor, calling = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        await in_call(clinic, doctor, calling)
        late = await clinic.sign_in(CHEN)
        assert _told(late) == ("too_many_tabs", ["too_many_tabs"]) and late.outbox.of(m.Welcome) == []
        assert _told(calling) == (None, [])


async def test_a_tab_that_comes_back_takes_no_second_place(small: Clinic) -> None:
    tabs = [await small.sign_in(CHEN, f"tab-number-{index}") for index in range(MOST)]
    await small.desk.disconnect(tabs[0].line)
    await small.sign_in(CHEN, "tab-number-0", resume_after=0)
    assert [_told(one) for one in tabs] == [(None, [])] * MOST
