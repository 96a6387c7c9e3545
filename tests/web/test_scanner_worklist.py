"""A station asks what to tell its scanner; nobody else does."""

import pytest

from tests.fakes.clinic import bind, in_call
from tests.fakes.records import CHEN, WANG_XIUYING, ZHOU
from tests.fakes.served import TOKEN, Served

PATH = "/api/station/worklist"


async def test_a_bound_station_is_told_its_one_consult_and_a_person_nothing(served: Served) -> None:
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    await served.clinic.station()
    await bind(doctor, await in_call(served.clinic, doctor, chen))
    answer = await served.browser().post(PATH, {"scanner": "VIVID"}, Authorization=f"Bearer {TOKEN}")
    (step,) = answer.json["steps"]
    assert step["identity"]["patient_id"] == WANG_XIUYING.record_number
    person = await served.signed_in(ZHOU)
    assert (await person.post(PATH, {"scanner": "VIVID"})).status in (401, 403)


@pytest.mark.parametrize("title", ["", " ", "A" * 17, "A\\B", "超声"])
async def test_what_is_no_title_is_refused(served: Served, title: str) -> None:
    answer = await served.browser().post(PATH, {"scanner": title}, Authorization=f"Bearer {TOKEN}")
    assert (answer.status, answer.code) == (422, "bad_fields")
