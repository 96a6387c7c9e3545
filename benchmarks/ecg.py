"""`cloudclinic bench ecg`: what the ECG work reaches on recordings, beside the best libraries."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import (
    ecg_beats,
    ecg_critical,
    ecg_data,
    ecg_drop,
    ecg_limits,
    ecg_mutations,
    ecg_peers,
    ecg_quality,
    ecg_round_trip,
    ecg_view,
    ecg_wire,
)
from benchmarks.report import Row, figure
from benchmarks.sitting import Sitting
from tests.conftest import browser_path
from tests.journeys.clinic import chromium

TEST_DATA = Path(__file__).parents[1] / "tests" / "data" / "ecg"

BOUNDS = {8: (99.4, 99.7), 48: (99.75, 99.85)}
"""Of F1 in per cent, by the number of MIT-BIH records: what one lead must reach, what two aim at."""

MUTATIONS = 10_000


async def measure(sitting: Sitting) -> None:
    """Every row of the table; those of recordings that are not at hand say so."""
    data = Path(sitting.asked.data or TEST_DATA)
    await _beats(sitting, data)
    await _rows(sitting, "limits of P, QRS and T", _apart(lambda: ecg_limits.rows(ecg_data.ludb(data))))
    await _rows(sitting, "filter and line", _apart(ecg_wire.rows))
    drop = await sitting.taken("a line that is dead for 60 s", ecg_drop.measure(sitting))
    sitting.rows += ecg_drop.rows(*drop)
    watched = await sitting.taken("the viewer at 1920x1080", _viewer(sitting))
    sitting.rows += ecg_view.rows(*watched)
    await _rows(sitting, "DICOM round trip", _apart(lambda: ecg_round_trip.rows(data)))
    await _rows(
        sitting, "damaged files", _apart(lambda: ecg_mutations.rows(ecg_mutations.measure(MUTATIONS)))
    )
    await _rows(sitting, "quality", _apart(lambda: ecg_quality.rows(data)))
    await _rows(sitting, "critical values", _apart(lambda: ecg_critical.rows(data)))


def _apart(work: Callable[[], list[Row]]) -> Awaitable[list[Row]]:
    return asyncio.to_thread(work)


async def _rows(sitting: Sitting, what: str, work: Awaitable[list[Row]]) -> None:
    taken, why = await sitting.taken(what, work)
    sitting.rows += taken if taken is not None else [_absent(what, why)]


async def _viewer(sitting: Sitting) -> list[ecg_view.Watched]:
    if browser_path() is None:
        raise FileNotFoundError("no Chromium on this machine")
    async with chromium() as browser:
        return await ecg_view.measure(browser, min(sitting.asked.seconds, 10))


async def _beats(sitting: Sitting, data: Path) -> None:
    sets = ecg_beats.at_hand(data)
    if not sets:
        sitting.rows.append(_absent("QRS F1, 150 ms", "no MIT-BIH record below --data"))
    for records in sets:
        must, aim = BOUNDS.get(len(records.tracings), (None, None))
        await _rows(sitting, records.said, asyncio.to_thread(ecg_beats.rows, records, must, aim))
        if sitting.asked.peer != "none":
            await _peers(sitting, records)


async def _peers(sitting: Sitting, records: ecg_beats.Records) -> None:
    """A library that is not there is no missed bound: it is told beside the versions."""
    said = f"libraries on {records.said}"
    found, why = await sitting.taken(said, asyncio.to_thread(ecg_peers.find_beats, records))
    if found is None:
        sitting.more[said] = why
        return
    sitting.rows += ecg_beats.peer_rows(records, found)
    sitting.more |= ecg_peers.versions()


def _absent(what: str, why: str) -> Row:
    return figure(what, None, "", None, None, why)
