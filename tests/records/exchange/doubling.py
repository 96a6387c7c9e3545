"""`python -m tests.records.exchange.doubling`: twice a number; of one below 0 something that is no answer."""

from records.exchange.work_apart import answer_once
from records.values import Value


class ToDouble(Value):
    """A number."""

    once: int


class Doubled(Value):
    """Twice the number."""

    twice: int


def answer_to(asked: ToDouble) -> Value:
    """Double it."""
    return Doubled(twice=2 * asked.once) if asked.once >= 0 else asked


if __name__ == "__main__":
    answer_once(ToDouble, answer_to)
