"""The comparer of a running server: each pair of ECGs in a process of its own."""

from cloudclinic.ecg_comparison_process import ComparisonAnswer, TwoToCompare
from records.ecg_comparisons import ComparisonRefused, EcgComparison, ToCompare, WhyNot
from records.exchange.apart import DEFAULT_LIMITS, Limits
from records.exchange.work_apart import WorkApart

MODULE = "cloudclinic.ecg_comparison_process"


class ComparerProcesses:
    """Implements `records.ecg_comparisons.EcgComparer`."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._work = WorkApart[TwoToCompare, ComparisonAnswer](MODULE, ComparisonAnswer, limits)

    async def compare(self, earlier: ToCompare, later: ToCompare) -> EcgComparison:
        """The comparison; raises `ComparisonRefused`, and `WorkFailed` where the process broke off."""
        answer = await self._work.ask(TwoToCompare(earlier=earlier, later=later))
        if answer.comparison is None:
            raise ComparisonRefused(answer.why_not or WhyNot.NO_MEASUREMENTS)
        return answer.comparison
