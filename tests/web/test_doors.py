"""WHIP and WHEP over HTTP: who may, what is taken, and what each refusal tells an encoder."""

from typing import Any

import pytest

from records.audit import Action
from records.ids import ConsultId
from records.permissions import PERMISSIONS, Permission
from signaling import messages as m
from signaling.doors import DoorOpened
from signaling.messages import IceServer
from tests.fakes.clinic import Client, bind, in_call
from tests.fakes.records import CHEN, HAN, STATION, SUN, WANG_XIUYING, WU, ZHOU
from tests.fakes.served import TOKEN, Answer, Served
from web.rates import PER_DOOR
from web.sdp import OFFER_LIMIT_BYTES, answer_offer

OFFER = b"v=0 an encoder's offer"
AGREED = {"resident_agreed": True}
DEVICES = ("/whip/ultrasound", "/whip/camera")


async def send(
    served: Served, method: str, path: str, body: bytes = b"", token: str | None = TOKEN, **headers: str
) -> Answer:
    """What an encoder sends: no cookie, no origin, a token."""
    browser = served.browser()
    sent = {"Host": browser.host, "Content-Type": "application/sdp"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    async with browser._http.request(method, browser.url + path, data=body, headers=sent) as answer:
        return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())


async def bound(served: Served) -> tuple[Client, ConsultId]:
    doctor, chen = await served.clinic.sign_in(ZHOU), await served.clinic.sign_in(CHEN)
    consult_id = await in_call(served.clinic, doctor, chen)
    await bind(doctor, consult_id)
    return doctor, consult_id


@pytest.mark.parametrize("path", DEVICES)
async def test_an_encoder_offers_is_answered_and_ends_its_session(served: Served, path: str) -> None:
    doctor, consult_id = await bound(served)
    opened = await send(served, "POST", path, OFFER)
    assert opened.status == 201 and opened.headers["Content-Type"] == "application/sdp"
    assert opened.body.startswith(b"answer for peer-")
    room = doctor.outbox.last(m.RoomChanged).room
    assert [one.door and one.door.value for one in room.participants][-1] == path.rsplit("/", 1)[-1]
    at = opened.headers["Location"]
    assert consult_id not in at and WANG_XIUYING.id not in at
    assert (await send(served, "DELETE", at)).status == 200
    assert served.clinic.media.peers[opened.body.decode().split()[-1]].closed
    assert (await send(served, "DELETE", at)).status == 404


async def test_an_encoder_of_an_idle_station_is_told_to_try_again(served: Served) -> None:
    answer = await send(served, "POST", "/whip/ultrasound", OFFER)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (409, "not_bound", "5")
    assert "bound to no consult" in answer.json["sentence"] or "未绑定" in answer.json["sentence"]


async def test_an_administrator_answers_for_an_encoder_and_may_take_it_back(served: Served) -> None:
    await bound(served)
    han, chen = served.browser(), served.browser()
    await han.sign_in(HAN)
    await chen.sign_in(CHEN)
    at = f"/api/accounts/{STATION.id}/encoder"
    assert (await chen.delete(at)).status == 403
    opened = await send(served, "POST", "/whip/ultrasound", OFFER)
    stopped = await han.delete(at)
    assert (stopped.status, stopped.json["encoder"]) == (200, None)
    assert served.clinic.media.peers[opened.body.decode().split()[-1]].closed
    refused = await send(served, "POST", "/whip/ultrasound", OFFER)
    assert (refused.status, refused.code) == (403, "nobody_vouches")
    vouched = (await han.post(at)).json["encoder"]
    assert (vouched["by"], vouched["by_name"]) == (HAN.id, HAN.display_name)
    assert (await send(served, "POST", "/whip/ultrasound", OFFER)).status == 201
    assert (await han.post(f"/api/accounts/{CHEN.id}/encoder")).status == 404  # a person has none
    trail = await served.clinic.records.read(lambda ledger: [one.event for one in ledger.audit.all()])
    told = [(one.action, one.actor_id) for one in trail if one.object_kind == "encoder"]
    assert told == [(Action.DELETE, HAN.id), (Action.CREATE, HAN.id)]


@pytest.mark.parametrize("token", [None, "", "short", "x" * 40, TOKEN + "x", TOKEN * 9])
async def test_a_wrong_token_opens_nothing(served: Served, token: str | None) -> None:
    await bound(served)
    answer = await send(served, "POST", "/whip/camera", OFFER, token)
    assert (answer.status, answer.code, answer.headers["WWW-Authenticate"]) == (401, "signed_out", "Bearer")
    assert (await send(served, "DELETE", "/whip/sessions/any", b"", token)).status == 401


BAD = [
    (b"", {}, 400, "bad_sdp"),
    (b"garbage", {}, 400, "bad_sdp"),
    (b"\xff\xfe", {}, 400, "bad_sdp"),
    (OFFER, {"Content_Type": "application/json"}, 415, "not_sdp"),
    (OFFER, {"Content_Type": "application/trickle-ice-sdpfrag"}, 415, "not_sdp"),
    (OFFER, {"Content_Encoding": "gzip"}, 415, "not_json"),
    (b"v=0" + b"x" * OFFER_LIMIT_BYTES, {}, 413, "too_large"),
    (OFFER, {"Origin": "https://elsewhere.example"}, 403, "wrong_origin"),
    (OFFER, {"Sec_Fetch_Site": "cross-site"}, 403, "wrong_origin"),
]


@pytest.mark.parametrize(("body", "headers", "status", "code"), BAD)
async def test_what_is_no_offer_is_refused_and_changes_nothing(
    served: Served, body: bytes, headers: dict[str, Any], status: int, code: str
) -> None:
    doctor, _ = await bound(served)
    before = len(doctor.outbox.sent)
    answer = await send(served, "POST", "/whip/ultrasound", body, **headers)
    assert (answer.status, answer.code) == (status, code)
    assert len(doctor.outbox.sent) == before


async def test_the_reason_why_an_offer_cannot_be_taken_is_told(served: Served) -> None:
    await bound(served)
    answer = await send(served, "POST", "/whip/ultrasound", b"garbage")
    assert "v=0" in answer.json["fields"]["sdp"]


async def test_the_relays_that_may_be_taken_are_named_in_links() -> None:
    async def opening() -> DoorOpened:
        relay = IceServer(urls=("turn:a.example:3478", "turns:a.example:443"), username="1:p", credential="c")
        return DoorOpened(session_id="s", sdp="v=0", ice_servers=(relay,))

    answer = await answer_offer(opening(), "/whip/sessions")
    told = 'rel="ice-server"; username="1:p"; credential="c"; credential-type="password"'
    assert answer.headers.getall("Link") == [
        f"<turn:a.example:3478>; {told}",
        f"<turns:a.example:443>; {told}",
    ]


async def test_a_full_server_says_when_to_come_again(served: Served) -> None:
    await bound(served)
    served.clinic.media.full = True
    answer = await send(served, "POST", "/whip/ultrasound", OFFER)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "media_unavailable", "10")


async def test_an_encoder_that_hammers_is_slowed_down(served: Served) -> None:
    answers = [await send(served, "POST", "/whip/camera", OFFER) for _ in range(PER_DOOR + 1)]
    assert [one.status for one in answers] == [409] * PER_DOOR + [429]
    assert (await send(served, "POST", "/whip/ultrasound", OFFER)).status == 409  # counted by itself


@pytest.mark.parametrize("path", [*DEVICES, "/whep/any"])
async def test_options_say_what_is_taken(served: Served, path: str) -> None:
    answer = await send(served, "OPTIONS", path, token=None)
    assert (answer.status, answer.headers["Accept-Post"]) == (204, "application/sdp")


async def test_neither_trickle_nor_restart_is_taken(served: Served) -> None:
    await bound(served)
    at = (await send(served, "POST", "/whip/ultrasound", OFFER)).headers["Location"]
    answer = await send(served, "PATCH", at, b"a=candidate", Content_Type="application/trickle-ice-sdpfrag")
    assert answer.status == 405 and "DELETE" in answer.headers["Allow"]
    assert not list(served.clinic.media.peers.values())[-1].closed


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_reserved_methods_are_refused(served: Served, method: str) -> None:
    """RFC 9725 section 4.2: GET, HEAD and PUT are reserved and answered with 4xx."""
    for path in (*DEVICES, "/whip/sessions/any", "/whep/any"):
        assert 400 <= (await send(served, method, path)).status < 500


async def test_a_revoked_token_ends_what_came_by_it(served: Served) -> None:
    await bound(served)
    await send(served, "POST", "/whip/ultrasound", OFFER)
    device = list(served.clinic.media.peers.values())[-1]
    await served.sweep()
    assert not device.closed
    await served.clinic.records.write(lambda ledger: ledger.accounts.set_token(STATION.id, None))
    await served.sweep()
    assert device.closed


# --- screens --------------------------------------------------------------------------------------------


async def test_a_doctor_lets_a_screen_watch_and_takes_it_back(served: Served) -> None:
    _, consult_id = await bound(served)
    browser = await served.signed_in(ZHOU)
    made = await browser.post(f"/api/consults/{consult_id}/screens", AGREED)
    assert made.status == 200 and made.json["path"] == f"/whep/{consult_id}"
    opened = await send(served, "POST", made.json["path"], OFFER, made.json["token"])
    assert opened.status == 201 and made.json["token"] not in opened.headers["Location"]
    peer = list(served.clinic.media.peers.values())[-1]
    assert peer.participant_id == made.json["id"] and not peer.grants.publish
    listed = await browser.get(f"/api/consults/{consult_id}/screens")
    assert [(one["id"], one["watching"]) for one in listed.json["links"]] == [(made.json["id"], True)]
    assert made.json["token"] not in str(listed.json)
    assert (await browser.delete(f"/api/consults/{consult_id}/screens/{made.json['id']}")).status == 204
    assert peer.closed
    assert (await send(served, "POST", made.json["path"], OFFER, made.json["token"])).status == 401
    events = [event for event in await served.audit() if event.object_kind in ("screen", "door")]
    assert [(one.action, one.actor_id) for one in events] == [
        (Action.CREATE, ZHOU.id),
        (Action.JOIN, ZHOU.id),
        (Action.RELEASE, ZHOU.id),
    ]
    assert {one.resident_id for one in events} == {WANG_XIUYING.id}


async def test_no_screen_watches_a_resident_who_was_not_asked(served: Served) -> None:
    _, consult_id = await bound(served)
    browser = await served.signed_in(ZHOU)
    for body in ({"resident_agreed": False}, {}):
        answer = await browser.post(f"/api/consults/{consult_id}/screens", body)
        assert (answer.status, list(answer.json["fields"])) == (
            422,
            ["resident_agreed"] if body else ["body"],
        )


async def test_a_screen_ends_its_session(served: Served) -> None:
    _, consult_id = await bound(served)
    browser = await served.signed_in(CHEN)
    made = (await browser.post(f"/api/consults/{consult_id}/screens", AGREED)).json
    at = (await send(served, "POST", made["path"], OFFER, made["token"])).headers["Location"]
    assert (await send(served, "DELETE", at, b"", "y" * 40)).status == 401
    assert (await send(served, "DELETE", at, b"", made["token"])).status == 200
    assert (await send(served, "DELETE", at, b"", made["token"])).status == 404


async def test_only_who_decides_in_the_consults_room_lets_a_screen_in(served: Served) -> None:
    _, consult_id = await bound(served)
    path = f"/api/consults/{consult_id}/screens"
    for account, status, code in ((WU, 403, "not_allowed"), (SUN, 404, "not_found")):
        browser = await served.signed_in(account)
        for answer in (await browser.post(path, AGREED), await browser.get(path)):
            assert (answer.status, answer.code) == (status, code), account.role
    doctor = await served.clinic.sign_in(ZHOU)
    browser = await served.signed_in(ZHOU)
    await doctor.done(m.JoinRoom, consult_id=consult_id, microphone_on=True, camera_on=True)
    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    assert (await browser.post(path, AGREED)).code == "not_in_room"


@pytest.mark.parametrize("token", [None, TOKEN, "z" * 43])
async def test_a_screen_without_its_link_sees_nothing(served: Served, token: str | None) -> None:
    _, consult_id = await bound(served)
    answer = await send(served, "POST", f"/whep/{consult_id}", OFFER, token)
    assert (answer.status, answer.code) == (401, "signed_out")


async def test_a_link_opens_no_other_consult_and_no_other_route(served: Served) -> None:
    _, consult_id = await bound(served)
    browser = await served.signed_in(ZHOU)
    token = (await browser.post(f"/api/consults/{consult_id}/screens", AGREED)).json["token"]
    assert (await send(served, "POST", "/whep/another", OFFER, token)).status == 401
    assert (await send(served, "POST", "/whip/camera", OFFER, token)).status == 401
    assert (await send(served, "GET", f"/api/consults/{consult_id}", b"", token)).status == 401


def test_no_role_watches_by_being_signed_in() -> None:
    assert not any(Permission.WATCH_BY_LINK in granted for granted in PERMISSIONS.values())
