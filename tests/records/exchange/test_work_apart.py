"""One kind of work done apart: its answer comes back, whatever else comes back is a failure."""

import pytest

from records.exchange.apart import Limits, Why, WorkFailed
from records.exchange.work_apart import AT_ONCE, WorkApart
from tests.records.exchange.doubling import Doubled, ToDouble

MODULE = "tests.records.exchange.doubling"


async def why(work: WorkApart[ToDouble, Doubled], asked: ToDouble) -> Why:
    with pytest.raises(WorkFailed) as failed:
        await work.ask(asked)
    return failed.value.why


async def test_a_value_goes_in_and_its_answer_comes_out() -> None:
    work = WorkApart[ToDouble, Doubled](MODULE, Doubled)
    assert [(await work.ask(ToDouble(once=n))).twice for n in range(AT_ONCE + 1)] == [0, 2, 4]


async def test_what_is_no_answer_is_a_failure_and_the_next_is_answered() -> None:
    work = WorkApart[ToDouble, Doubled](MODULE, Doubled)
    for _ in range(AT_ONCE + 1):  # a failure gives its place back
        assert await why(work, ToDouble(once=-1)) is Why.BROKE_OFF
    assert (await work.ask(ToDouble(once=4))).twice == 8


async def test_its_limits_hold() -> None:
    work = WorkApart[ToDouble, Doubled](MODULE, Doubled, Limits(answer_bytes=1))
    assert await why(work, ToDouble(once=3)) is Why.ANSWER_TOO_LARGE
