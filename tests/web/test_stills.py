"""Exact stills over HTTP: from the station that was asked, to those who receive the picture."""

import io
from typing import Any

import msgspec
import pytest

from records.accounts import Account
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.clinic import join
from tests.fakes.records import CHEN, HE, LIN, ZHOU
from tests.fakes.served import TOKEN, Answer, Browser, Served
from tests.signaling.stills import Scanned, about, frozen_for, grey_png, scanned
from web.routes.stills import STILL_LIMIT_BYTES

EDGE = "----still"


async def put(
    browser: Browser, still_id: str, told: s.StationStill, png: bytes | None = None, token: str = TOKEN
) -> Answer:
    """What a station sends."""
    file = grey_png() if png is None else png
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="about"\r\n\r\n'.encode()
    middle = f'\r\n--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="still.png"\r\n\r\n'
    body = head + msgspec.json.encode(told) + middle.encode() + file + f"\r\n--{EDGE}--\r\n".encode()
    headers = {
        "Host": browser.host,
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={EDGE}",
    }
    url = f"{browser.url}/api/station/stills/{still_id}"
    async with browser._http.put(url, data=io.BytesIO(body), headers=headers) as answer:
        return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())


async def frozen(served: Served) -> tuple[Scanned, str]:
    """A frozen picture whose still is awaited."""
    room = await scanned(served.clinic)
    await room.freeze(room.chen)
    return room, room.asked()[0].still_id


async def test_a_still_goes_in_and_comes_out_bit_for_bit(served: Served) -> None:
    room, still_id = await frozen(served)
    answer = await put(served.browser(), still_id, about(room.binding_id))
    assert answer.status == 204
    card = frozen_for(room.doctor)
    assert card is not None and card.still is not None and card.still.png_bytes == len(grey_png())
    for account in (ZHOU, CHEN):
        got = await (await served.signed_in(account)).get(
            f"/api/consults/{room.consult_id}/stills/{still_id}"
        )
        assert (got.status, got.body) == (200, grey_png())
        assert (got.headers["Content-Type"], got.headers["Cache-Control"]) == ("image/png", "no-store")


async def test_only_the_station_that_was_asked_puts_it(served: Served) -> None:
    room, still_id = await frozen(served)
    browser = served.browser()
    for wrong in ("", "x" * 40):
        assert (await put(browser, still_id, about(room.binding_id), token=wrong)).status == 401
    person = await served.signed_in(ZHOU)
    form = {"still.png": grey_png()}
    assert (await person.upload(f"/api/station/stills/{still_id}", {}, form)).status in (401, 405)
    told = frozen_for(room.doctor)
    assert told is not None and told.still is None


@pytest.mark.parametrize(
    ("still_id", "other", "png", "code"),
    [
        ("f" * 32, {}, None, "not_found"),
        (None, {"binding_id": "another"}, None, "not_bound"),
        (None, {"width": 5}, None, "unreadable"),
        (None, {}, b"no picture", "unreadable"),
        (None, {"capture_us": 1}, None, "out_of_range"),
        (None, {}, bytes(STILL_LIMIT_BYTES), "too_large"),
    ],
    ids="unasked other_binding other_size no_png other_frame too_large".split(),
)
async def test_what_was_not_asked_for_or_is_not_what_it_says_is_refused(
    served: Served, still_id: str | None, other: dict[str, Any], png: bytes | None, code: str
) -> None:
    room, asked = await frozen(served)
    told = about(**({"binding_id": room.binding_id} | other))
    answer = await put(served.browser(), still_id or asked, told, png)
    assert answer.code == code
    card = frozen_for(room.doctor)
    assert card is not None and card.still is None


@pytest.mark.parametrize(("account", "status"), [(HE, 200), (LIN, 403)], ids=["observer", "interpreter"])
async def test_a_guest_fetches_it_only_where_she_receives_the_picture(
    served: Served, account: Account, status: int
) -> None:
    room, still_id = await frozen(served)
    guest = await served.clinic.sign_in(account)
    invited = {"consult_id": room.consult_id, "account_id": account.id, "resident_agreed": True}
    await room.doctor.done(m.InviteGuest, **invited)
    await join(guest, room.consult_id)
    await put(served.browser(), still_id, about(room.binding_id))
    path = f"/api/consults/{room.consult_id}/stills/{still_id}"
    assert (await (await served.signed_in(account)).get(path)).status == status


async def test_who_has_left_the_room_fetches_nothing(served: Served) -> None:
    room, still_id = await frozen(served)
    await put(served.browser(), still_id, about(room.binding_id))
    await room.doctor.done(m.LeaveRoom, consult_id=room.consult_id)
    path = f"/api/consults/{room.consult_id}/stills/{still_id}"
    assert (await (await served.signed_in(ZHOU)).get(path)).code == "not_in_room"
    other = f"/api/consults/{room.consult_id}/stills/{'f' * 32}"
    assert (await (await served.signed_in(CHEN)).get(other)).status == 404
