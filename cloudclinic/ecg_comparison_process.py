"""`python -m cloudclinic.ecg_comparison_process`: two ECGs over each other.

MessagePack on standard input and output. A process of its own, so that comparing never holds up a call.
"""

from cloudclinic.ecg_comparing import compared
from records.ecg_comparisons import ComparisonRefused, EcgComparison, ToCompare, WhyNot
from records.exchange.work_apart import answer_once
from records.values import Value


class TwoToCompare(Value):
    """Both."""

    earlier: ToCompare
    later: ToCompare


class ComparisonAnswer(Value):
    """The comparison, or why there is none."""

    comparison: EcgComparison | None
    why_not: WhyNot | None = None


def answer_to(asked: TwoToCompare) -> ComparisonAnswer:
    """Compare; what is refused is answered, not raised."""
    try:
        return ComparisonAnswer(comparison=compared(asked.earlier, asked.later))
    except ComparisonRefused as refusal:
        return ComparisonAnswer(comparison=None, why_not=refusal.why)


if __name__ == "__main__":
    answer_once(TwoToCompare, answer_to)
