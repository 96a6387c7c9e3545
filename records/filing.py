"""What may be filed in a resident's record."""

from records.errors import RuleBroken
from records.rules import Rule


def check_filing(*, simulated: bool, demo: bool) -> None:
    """Raise `RuleBroken` when simulated data would get into a real record."""
    if simulated and not demo:
        raise RuleBroken(Rule.SIMULATED_DATA, "simulated data may be filed in the demo only")
