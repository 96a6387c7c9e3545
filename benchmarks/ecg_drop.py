"""A viewer's line that loses 5 % is dead for a minute: which samples of that minute are drawn, and when."""

from benchmarks.loss import LOSS, PATIENCE_S, Back, dead, open_room
from benchmarks.report import Row, figure
from benchmarks.sitting import Sitting

DROP_S = 60.0


async def measure(sitting: Sitting) -> Back:
    """The line is lossy before, and while what is missing is fetched."""
    async with open_room(sitting) as (lined, doctor, consult_id):
        lined.lose(LOSS)
        return await dead(lined, doctor, consult_id, DROP_S)


def rows(back: Back | None, why: str) -> list[Row]:
    """Every sample of the minute is looked at in what the viewer draws."""
    not_seen = why or f"not within {PATIENCE_S:.0f} s"
    filled = None if back is None else back.ecg_s
    seen = "" if back is None else f"{back.ecg_samples} samples a lead looked at, of {DROP_S:.0f} s"
    return [
        figure(
            "60 s drop at 5 % loss: every sample drawn again after",
            filled,
            "s",
            5,
            2,
            seen if filled is not None else not_seen,
        )
    ]
