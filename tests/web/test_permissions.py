"""Who may call what: every route, every role, own and foreign residents."""

from typing import Any

import pytest
from aiohttp.web import Application, Request, Response

from records.accounts import Account
from records.audit import Action, Outcome
from records.permissions import Permission, may
from tests.fakes.records import CHEN, HAN, SHEN_YULAN, STATION, SUN, WANG_XIUYING, WU, ZHOU
from tests.fakes.served import TOKEN, Browser, Served
from web.app import TABLES
from web.errors import UndeclaredRoute
from web.routing import DECLARED, Route, check_declared

ROUTES = [route for table in TABLES for route in table.routes]
BY_TOKEN = (Permission.ANYONE, Permission.RUN_STATION, Permission.WATCH_BY_LINK)  # no cookie is looked at
PEOPLE = (ZHOU, WU, CHEN, HAN)


def path_of(route: Route) -> str:
    """A path of the route that names nothing that exists."""
    path = route.path.replace("{path:.*}", "no-such-page")
    for name in (
        "resident_id",
        "consult_id",
        "recording_id",
        "tape_id",
        "study_id",
        "still_id",
        "kept_id",
        "clip_id",
        "exam_id",
        "entry_id",
        "picture_id",
        "ecg_id",
        "frame",
        "part",
        "track",
        "session_id",
        "account_id",
        "institution_id",
        "id",
    ):
        path = path.replace("{" + name + "}", "missing")
    return path


async def call(browser: Browser, route: Route) -> tuple[int, str]:
    """The status and code of a route; an empty body, so that nothing can be done by it."""
    answer = await browser.ask(route.method, path_of(route), None if route.method == "GET" else {})
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status, answer.json.get("code", "") if is_json and answer.status >= 400 else ""


def test_a_route_without_a_declaration_stops_the_start() -> None:
    async def open_to_all(request: Request) -> Response:
        return Response()

    app = Application()
    app[DECLARED] = {}
    app.router.add_get("/api/forgotten", open_to_all)
    with pytest.raises(UndeclaredRoute, match="forgotten"):
        check_declared(app)


@pytest.mark.parametrize("account", PEOPLE, ids=lambda account: account.role.value)
async def test_every_route_holds_to_its_permission(served: Served, account: Account) -> None:
    browser, wrong = await served.signed_in(account), []
    for route in ROUTES:
        if route.permission in BY_TOKEN or route.is_socket or route.path == "/api/session":
            continue
        status, code = await call(browser, route)
        allowed = may(account.role, route.permission)
        if allowed == (code == "not_allowed") or status >= 500:
            wrong.append((route.method, route.path, status, code))
    assert wrong == []


async def test_every_route_but_the_open_ones_asks_for_a_sign_in(served: Served) -> None:
    open_to_all = []
    for route in ROUTES:
        status, code = await call(served.browser(), route)
        if (status, code) != (401, "signed_out"):
            open_to_all.append(f"{route.method} {route.path}")
    assert open_to_all == [
        "GET /api/greeting",
        "POST /api/session",
        "POST /api/first-administrator",
        "OPTIONS /whip/ultrasound",
        "OPTIONS /whip/camera",
        "OPTIONS /whep/{consult_id}",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /{path:.*}",
    ]


async def test_a_stations_token_opens_nothing_but_its_socket(served: Served) -> None:
    browser = served.browser()
    for route in ROUTES:
        if route.permission is Permission.ANYONE or route.permission is Permission.RUN_STATION:
            continue
        answer = await browser.ask(route.method, path_of(route), Authorization=f"Bearer {TOKEN}")
        assert answer.status in (401, 415), route.path


FOREIGN = [
    ("GET", "/api/residents/{}", None),
    ("POST", "/api/residents/{}/readings", {"readings": []}),
    ("PUT", "/api/residents/{}", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), FOREIGN)
async def test_another_institutions_resident_answers_like_a_missing_one(
    served: Served, method: str, path: str, body: Any
) -> None:
    browser = await served.signed_in(ZHOU)
    foreign = await browser.ask(method, path.format(SHEN_YULAN.id), body)
    missing = await browser.ask(method, path.format("missing"), body)
    assert (foreign.status, foreign.body) == (missing.status, missing.body) == (404, missing.body)


async def test_a_refused_look_is_on_the_audit_trail(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    await browser.get(f"/api/residents/{SHEN_YULAN.id}")
    event = (await served.audit())[-1]
    assert (event.action, event.outcome, event.object_id) == (Action.DENIED, Outcome.REFUSED, SHEN_YULAN.id)


async def test_an_administrator_sees_no_resident(served: Served) -> None:
    browser = await served.signed_in(HAN)
    assert (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).code == "not_allowed"


async def test_a_specialist_without_a_consult_sees_no_resident(served: Served) -> None:
    browser = await served.signed_in(CHEN)
    assert (await browser.get(f"/api/residents/{WANG_XIUYING.id}")).status == 404
    found = await browser.post("/api/residents/search", {"query": "wxy"})
    assert found.json == {"residents": [], "more": False}


async def test_search_finds_nothing_of_another_institution(served: Served) -> None:
    browser = await served.signed_in(SUN)
    for query in (WANG_XIUYING.name, "wxy", WANG_XIUYING.record_number):
        found = await browser.post("/api/residents/search", {"query": query})
        assert found.json == {"residents": [], "more": False}


async def test_the_station_account_cannot_sign_in(served: Served) -> None:
    assert (await served.browser().sign_in(STATION)).code == "wrong_sign_in"
