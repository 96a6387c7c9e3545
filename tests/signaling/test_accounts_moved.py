"""An account that is given another institution or role in a call loses its seat and media at once."""

import msgspec
import pytest

from records.accounts import Account, Role
from signaling import messages as m
from tests.fakes.clinic import Clinic, in_call
from tests.fakes.records import CHEN, LIUXI, ZHOU


@pytest.mark.parametrize(
    "moved",
    [
        msgspec.structs.replace(ZHOU, institution_id=LIUXI.id),
        msgspec.structs.replace(CHEN, role=Role.ADMINISTRATOR),
    ],
    ids=["another institution", "another role"],
)
async def test_seat_and_media_are_gone(clinic: Clinic, moved: Account) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    mover, stays = (doctor, CHEN.id) if moved.id == ZHOU.id else (chen, ZHOU.id)
    assert len(clinic.media.open_in(consult_id)) == 2
    await clinic.records.write(lambda ledger: ledger.accounts.save(moved))
    await clinic.desk.announce_account(moved.id)
    assert len(clinic.media.open_in(consult_id)) == 1
    assert len(mover.outbox.of(m.RoomClosed)) == 1
    others = doctor if stays == ZHOU.id else chen
    assert len(others.outbox.last(m.RoomChanged).room.participants) == 1
