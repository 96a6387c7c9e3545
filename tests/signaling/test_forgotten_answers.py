"""Answers are kept for as long as a page may repeat its command, and not for ever."""

from records.accounts import Presence
from records.ids import AccountId
from signaling import messages as m
from signaling.desk import ANSWERS_KEPT
from tests.fakes.clinic import Clinic
from tests.fakes.records import CHEN


async def test_an_answer_is_forgotten_when_nobody_can_still_repeat_its_command(clinic: Clinic) -> None:
    chen = await clinic.sign_in(CHEN)
    await chen.repeat(m.SetPresence(id="command-kept", presence=Presence.BUSY))

    async def kept() -> bool:
        found = await clinic.records.read(
            lambda ledger: ledger.answers.get(AccountId(CHEN.id), "command-kept")
        )
        return found is not None

    await clinic.tick()
    await clinic.tick(ANSWERS_KEPT.total_seconds() - 3600)
    assert await kept()
    await clinic.tick(2 * 3600)
    assert not await kept()
