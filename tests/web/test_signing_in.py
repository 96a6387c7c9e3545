"""Sign-in sessions: how they begin, what they allow, and when they end."""

import asyncio
import datetime as dt
import threading
import time
from pathlib import Path

import msgspec

from records.audit import Action
from records.sessions import Password
from signaling.cards import read_person
from tests.fakes.clinic import ask
from tests.fakes.records import CHEN, HAN, WU, ZHOU
from tests.fakes.served import PASSWORD, Served, closed, open_doors
from web.passwords import Passwords, TooBusy
from web.rates import SignInRates


async def test_the_right_password_begins_a_session(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    view = (await browser.get("/api/session")).json
    assert (view["account"]["id"], view["password_change_needed"]) == (ZHOU.id, False)
    assert "prepare_request" in view["permissions"] and "fault_panel" not in view["permissions"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    answer = await served.browser().sign_in(ZHOU)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


async def test_only_the_hash_of_the_token_is_stored(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    (session,) = await served.clinic.records.read(lambda ledger: ledger.sessions.of_account(ZHOU.id))
    assert browser.token not in (session.token_hash, session.id) and len(session.token_hash) == 64


async def test_unknown_name_and_wrong_password_are_answered_alike(served: Served) -> None:
    unknown = await served.browser().post(
        "/api/session", {"sign_in_name": "nobody", "password": "wrong wrong wrong"}
    )
    wrong = await served.browser().sign_in(ZHOU, "wrong wrong wrong")
    assert (unknown.status, unknown.body) == (wrong.status, wrong.body) == (401, wrong.body)


async def test_an_unknown_name_takes_as_long_as_a_known_one() -> None:
    passwords = Passwords()
    encoded = passwords.hash_now(PASSWORD)

    async def took_s(hashed: str | None) -> float:
        began = time.process_time()
        assert not await passwords.verify(hashed, "wrong wrong wrong")
        return time.process_time() - began

    known = min([await took_s(encoded) for _ in range(3)])
    unknown = min([await took_s(None) for _ in range(3)])
    passwords.close()
    assert 0.5 < unknown / known < 2.0


async def test_a_failed_sign_in_is_on_the_trail_without_what_was_typed(served: Served) -> None:
    await served.browser().post("/api/session", {"sign_in_name": "my secret password", "password": "x"})
    (event,) = await served.audit()
    assert event.action is Action.SIGN_IN_FAILED
    assert "secret" not in repr(event)


async def test_signing_in_again_gives_a_new_token_and_ends_the_old_session(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    first = browser.token
    await browser.sign_in(ZHOU)
    assert browser.token != first
    browser.token = first
    assert (await browser.get("/api/session")).status == 401


async def test_a_session_unused_for_15_minutes_ends(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    served.clinic.clock.pass_s(899)
    assert (await browser.get("/api/session")).status == 200
    served.clinic.clock.pass_s(900)
    assert (await browser.get("/api/session")).status == 401


async def test_a_running_call_is_use_and_its_end_lets_the_session_run_out(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    socket = await browser.greeted()
    consult_id = await ask(await served.clinic.sign_in(WU))
    (session,) = await served.clinic.records.read(lambda ledger: ledger.sessions.of_account(ZHOU.id))
    (tab,) = served.clinic.desk._parts.tabs.of_session(session.id)
    person = await served.clinic.records.read(lambda ledger: read_person(ledger, ZHOU.id))
    await served.clinic.desk._parts.rooms.join(consult_id, tab, person, True, True)
    for _ in range(4):
        served.clinic.clock.pass_s(600)  # forty minutes without a touch of the keyboard
        await served.sweep()
    assert not socket.closed and (await browser.get("/api/session")).status == 200
    await served.clinic.desk._parts.rooms.leave(consult_id, ZHOU.id)
    served.clinic.clock.pass_s(900)
    await served.sweep()
    assert (await closed(socket))[-1] == {"type": "signed_out", "code": "expired"}


async def test_a_session_in_use_ends_after_12_hours(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    for _ in range(12 * 6 - 1):
        served.clinic.clock.pass_s(600)
        assert (await browser.get("/api/session")).status == 200
    served.clinic.clock.pass_s(600)
    assert (await browser.get("/api/session")).code == "signed_out"


async def test_signing_out_ends_session_socket_and_what_the_browser_kept(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    socket = await browser.greeted()
    answer = await browser.delete("/api/session")
    assert answer.status == 204
    assert "cookies" in answer.headers["Clear-Site-Data"]
    assert (await closed(socket))[-1] == {"type": "signed_out", "code": "signed_out"}


async def test_a_disabled_accounts_socket_closes_at_once(served: Served) -> None:
    doctor = await served.signed_in(ZHOU)
    administrator = await served.signed_in(HAN)
    socket = await doctor.greeted()
    change = {
        "display_name": "周敏",
        "institution_id": ZHOU.institution_id,
        "department_id": None,
        "title": "",
        "specialties": [],
        "languages": ["zh"],
        "disabled": True,
    }
    assert (await administrator.put(f"/api/accounts/{ZHOU.id}", change)).status == 200
    assert (await closed(socket))[-1]["type"] == "signed_out"
    assert (await doctor.get("/api/session")).status == 401
    assert (await served.browser().sign_in(ZHOU)).status == 401


async def test_an_account_disabled_from_outside_loses_its_socket_when_the_server_looks_next(
    served: Served,
) -> None:
    doctor = await served.signed_in(ZHOU)
    socket = await doctor.greeted()
    await served.clinic.records.write(lambda ledger: ledger.sessions.end_all(ZHOU.id) and None)
    await served.sweep()
    assert (await closed(socket))[-1]["code"] == "signed_out"


async def test_a_one_time_password_allows_nothing_but_changing_it(served: Served) -> None:
    encoded = served.parts.passwords.hash_now(PASSWORD)
    await served.clinic.records.write(
        lambda ledger: ledger.accounts.set_password(WU.id, Password(encoded=encoded, one_time=True))
    )
    browser = await served.signed_in(WU)
    assert (await browser.get("/api/session")).json["password_change_needed"] is True
    assert (await browser.post("/api/residents/search", {"query": ""})).code == "password_change_needed"
    change = {"old_password": PASSWORD, "new_password": "seven herons by the weir"}
    assert (await browser.post("/api/session/password", change)).status == 204
    assert (await browser.post("/api/residents/search", {"query": ""})).status == 200


async def test_a_weak_password_is_refused(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    change = {"old_password": PASSWORD, "new_password": "password1234"}
    assert (await browser.post("/api/session/password", change)).code == "weak_password"


async def test_changing_the_password_ends_the_other_sessions(served: Served) -> None:
    here, elsewhere = await served.signed_in(ZHOU), await served.signed_in(ZHOU)
    change = {"old_password": PASSWORD, "new_password": "seven herons by the weir"}
    await here.post("/api/session/password", change)
    assert ((await here.get("/api/session")).status, (await elsewhere.get("/api/session")).status) == (
        200,
        401,
    )


async def test_own_sessions_are_listed_and_another_can_be_ended(served: Served) -> None:
    here, elsewhere = await served.signed_in(ZHOU), await served.signed_in(ZHOU)
    sessions = (await here.get("/api/sessions")).json["sessions"]
    (other,) = [one["id"] for one in sessions if not one["is_this"]]
    assert (await here.delete(f"/api/sessions/{other}")).status == 204
    assert (await elsewhere.get("/api/session")).status == 401


async def test_somebody_elses_session_cannot_be_ended(served: Served) -> None:
    doctor, nurse = await served.signed_in(ZHOU), await served.signed_in(WU)
    hers = (await nurse.get("/api/sessions")).json["sessions"][0]["id"]
    foreign = await doctor.delete(f"/api/sessions/{hers}")
    missing = await doctor.delete("/api/sessions/none")
    assert (foreign.status, foreign.body) == (missing.status, missing.body) == (404, missing.body)
    assert (await nurse.get("/api/session")).status == 200


async def test_too_many_tries_are_refused_for_a_minute(served: Served) -> None:
    browser = served.browser()
    codes = [(await browser.sign_in(ZHOU, "wrong wrong wrong")).status for _ in range(11)]
    assert codes == [401] * 10 + [429]
    served.clinic.clock.pass_s(60)
    assert (await browser.sign_in(ZHOU)).status == 200


def test_a_stranger_cannot_lock_out_somebody_who_was_here_before() -> None:
    now, rates = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), SignInRates()
    rates.signed_in("zhou", "10.0.0.7")
    strangers = [rates.allows("zhou", f"10.9.0.{n}", now) for n in range(20)]
    neighbours = [rates.allows(f"name{n}", "10.0.0.7", now) for n in range(40)]
    assert (strangers.count(True), neighbours.count(True)) == (10, 30)
    assert rates.allows("zhou", "10.0.0.7", now)


async def test_hashing_never_runs_on_the_loop_and_only_two_at_a_time() -> None:
    class Watched(Passwords):
        running = most = 0
        threads: set[str] = set()

        def _verify(self, encoded: str | None, password: str) -> bool:
            Watched.running += 1
            Watched.most = max(Watched.most, Watched.running)
            Watched.threads.add(threading.current_thread().name)
            done = super()._verify(encoded, password)
            Watched.running -= 1
            return done

    passwords = Watched(time_cost=1)
    await asyncio.gather(*(passwords.verify(None, "x") for _ in range(20)))
    passwords.close()
    assert Watched.most <= 2
    assert all(name.startswith("argon2") for name in Watched.threads)


async def test_a_flood_of_sign_ins_is_refused_instead_of_queued() -> None:
    passwords = Passwords(time_cost=1)
    done = await asyncio.gather(*(passwords.verify(None, "x") for _ in range(80)), return_exceptions=True)
    passwords.close()
    assert sum(isinstance(one, TooBusy) for one in done) == 80 - 64


async def test_the_first_administrator_is_made_by_the_code_and_only_once(tmp_path: Path) -> None:
    async with open_doors(tmp_path, code="ABCD-EFGH-JKLM") as served:
        await served.clinic.records.write(
            lambda ledger: ledger.accounts.save(msgspec.structs.replace(HAN, role=CHEN.role))
        )
        given = {
            "code": "wrong",
            "sign_in_name": "first",
            "display_name": "First",
            "password": "seven herons by the weir",
        }
        browser = served.browser()
        assert (await browser.get("/api/greeting")).json["needs_first_administrator"] is True
        assert (await browser.post("/api/first-administrator", given)).code == "wrong_code"
        made = await browser.post("/api/first-administrator", given | {"code": "ABCD-EFGH-JKLM"})
        assert made.json["account"]["role"] == "administrator"
        assert (await browser.get("/api/accounts")).status == 200
        again = await browser.post("/api/first-administrator", given | {"code": "ABCD-EFGH-JKLM"})
        assert again.code == "wrong_code"
