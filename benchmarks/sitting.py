"""Figures taken one after the other in one sitting, and what others took of the machine meanwhile."""

import sys
from collections.abc import Awaitable
from typing import TypeVar

from benchmarks.neighbours import Neighbours
from benchmarks.report import Row
from records.values import Value

Taken = TypeVar("Taken")


class Asked(Value):
    """What the command line asks of a benchmark."""

    seconds: int = 20  # how long each figure is watched
    rounds: int = 3  # how often, in turns
    minutes: int = 30  # of a soak
    peer: str = "janus"  # measured beside us, where it is installed
    cases: tuple[str, ...] = ()  # of weak lines; none: all
    runs: int = 5  # of each case
    data: str = ""  # directory of recordings


class Sitting:
    """Rows by and by; `more` is printed with the versions, `others` with the load."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.rows: list[Row] = []
        self.more: dict[str, str] = {}
        self.others: dict[str, str] = {}

    async def taken(self, what: str, figure: Awaitable[Taken]) -> tuple[Taken | None, str]:
        """A figure, or why there is none: whatever breaks, the other figures are still taken."""
        print(what, file=sys.stderr, flush=True)
        neighbours = Neighbours()
        try:
            return await figure, ""
        except Exception as error:
            return (
                None,
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no more said'}",
            )
        finally:
            self.others[what] = neighbours.said()
