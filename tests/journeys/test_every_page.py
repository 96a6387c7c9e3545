"""Every page, in both languages: readable by everybody, inside a small screen, without a fault."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

AXE = Path(__file__).resolve().parents[2] / "web" / "client" / "node_modules" / "axe-core" / "axe.min.js"

RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}`));
}"""

BESIDE = """() => {
  const { clientWidth: width, scrollWidth: needed } = document.documentElement;
  return needed > width ? `${needed} of ${width}` : "";
}"""

EXPECTED = (
    r"status of 401 .*\(api/session\)",  # nobody is signed in yet
    r"status of 404 .*\(api/consults/[0-9a-f]+/opinion\)",  # nobody has begun to write
)

PAGES = {
    "doctor": ("worklist", "residents", "register", "resident", "request", "consult", "check", "settings"),
    "specialist": ("worklist", "ecgs", "consult", "settings"),
    "admin": (
        "dashboard",
        "history",
        "accounts",
        "institutions",
        "audit",
        "archives",
        "emergency",
        "settings",
    ),
}

PATHS = {
    "worklist": "/",
    "residents": "/residents",
    "register": "/residents/new",
    "resident": "/residents/{resident}",
    "request": "/residents/{resident}/request",
    "consult": "/consults/{consult}",
    "check": "/consults/{consult}/check",
    "ecgs": "/ecg-reading",
    "room": "/consults/{consult}/room",
    "opinion": "/consults/{consult}/opinion",
    "signed": "/consults/{signed}/opinion",
    "settings": "/settings",
    "dashboard": "/admin",
    "history": "/admin/history",
    "accounts": "/admin/accounts",
    "institutions": "/admin/institutions",
    "audit": "/admin/audit",
    "archives": "/admin/archives",
    "emergency": "/admin/emergency",
}


class Everybody:
    """Three people at small screens, and what there is to look at."""

    def __init__(self, pages: dict[str, Page], names: dict[str, str]) -> None:
        self.pages = pages
        self.names = names

    def address(self, who: str, what: str) -> str:
        """The address of a page."""
        host = self.pages[who].url.split("/", 3)[2]
        return f"http://{host}{PATHS[what].format(**self.names)}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(clinic: Clinic, browser: Browser) -> AsyncIterator[Everybody]:
    pages = {who: await small(await sign_in(browser, clinic, who)) for who in PAGES}
    await is_clean(pages["doctor"], "sign-in")
    for page in pages.values():
        await story.press_demo_sign_in(page)
    doctor = pages["doctor"]
    consult = await story.ask_for_consult(doctor, "王秀英")
    resident = (await story.api(doctor, f"/api/consults/{consult}"))["consult"]["resident"]["id"]
    record = await story.api(doctor, f"/api/residents/{resident}")
    signed = record["opinions"][0]["consult_id"]
    yield Everybody(pages, {"consult": consult, "resident": resident, "signed": signed})


@pytest.mark.parametrize(("who", "what"), [(who, what) for who in PAGES for what in PAGES[who]])
async def test_a_page_is_clean_in_both_languages(everybody: Everybody, who: str, what: str) -> None:
    page = everybody.pages[who]
    await page.goto(everybody.address(who, what))
    await is_clean(page, f"{what}-{who}")


async def test_the_room_is_clean_in_both_languages(everybody: Everybody) -> None:
    doctor, specialist = everybody.pages["doctor"], everybody.pages["specialist"]
    await doctor.goto(everybody.address("doctor", "consult"))
    await story.prepare(doctor)
    await specialist.goto(everybody.address("specialist", "worklist"))
    await story.accept(specialist)
    await story.to_device_check(doctor)
    await story.bind_station(doctor)
    await doctor.get_by_text("十二导联都有信号").wait_for()
    await is_clean(doctor, "check-bound")
    for language in ("English", "中文"):
        for page, who in ((doctor, "doctor"), (specialist, "specialist")):
            await page.goto(everybody.address(who, "settings"))
            await speak(page, language)
            await page.goto(everybody.address(who, "room"))
            await story.connected(page)
            await story.sees(page, "ultrasound", 5)
            await is_clean_now(page, f"{code(language)}-room-{who}-small")
        for page, key, name in ((doctor, "F2", "emergency"), (specialist, "?", "keys")):
            await page.keyboard.press(key)
            await page.get_by_role("dialog").wait_for()
            await is_clean_now(page, f"{code(language)}-room-{name}-small")
            await page.keyboard.press("Escape")


async def test_the_opinion_is_clean_in_both_languages(everybody: Everybody) -> None:
    specialist = everybody.pages["specialist"]
    await specialist.goto(everybody.address("specialist", "opinion"))
    await is_clean(specialist, "opinion-editor")
    doctor = everybody.pages["doctor"]
    await doctor.goto(everybody.address("doctor", "signed"))
    await is_clean(doctor, "opinion-signed")


@pytest.mark.parametrize(
    ("path", "answer", "name"),
    [
        ("/api/greeting", {"needs_first_administrator": True}, "first-administrator"),
        ("/api/session", {"password_change_needed": True}, "first-password"),
    ],
)
async def test_a_first_visit_is_clean_in_both_languages(
    clinic: Clinic, browser: Browser, path: str, answer: dict[str, bool], name: str
) -> None:
    page = await small(await sign_in(browser, clinic, "admin"))
    if name == "first-password":
        await story.press_demo_sign_in(page)
    real = await story.api(page, path)

    async def doctored(route: Route) -> None:
        await route.fulfill(json={**real, **answer})

    await page.route(f"**{path}", doctored)
    await page.reload()
    await page.get_by_role("heading", level=1).or_(page.get_by_role("heading", level=2)).first.wait_for()
    assert await page.locator("input[type=password]").count() >= 2
    await is_clean(page, name)
    await page.context.close()


async def test_an_administrator_answers_for_the_picture_of_an_encoder_and_takes_it_back(
    clinic: Clinic, browser: Browser
) -> None:
    page = await small(await sign_in(browser, clinic, "admin"))
    await story.press_demo_sign_in(page)
    await page.goto(f"{clinic.addresses['admin']}/admin/accounts")
    station = page.locator("[data-testid=account-row]").filter(
        has=page.get_by_role("button", name="更换令牌")
    )
    await station.first.get_by_role("button", name="修改").click()
    name = page.get_by_role("dialog").get_by_role("textbox").first
    await name.fill("二楼诊室")
    await page.get_by_text("尚未确认，不接入").wait_for()
    await page.get_by_role("button", name="我已查看，允许接入").click()
    await page.get_by_text("确认不显示居民身份信息").wait_for()
    assert await name.input_value() == "二楼诊室"  # what was being typed is still there
    await is_clean_now(page, "zh-encoder-small")
    await page.get_by_role("button", name="停止接入").click()
    await page.get_by_text("尚未确认，不接入").wait_for()
    await page.context.close()


@pytest.mark.parametrize("who", list(PAGES))
async def test_no_page_had_a_fault(everybody: Everybody, who: str) -> None:
    page: Any = everybody.pages[who]
    assert page.faults == []
    surprises = [one for one in page.complaints if not any(re.search(known, one) for known in EXPECTED)]
    assert surprises == []


async def small(page: Page) -> Page:
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.add_init_script(path=AXE)
    await page.reload()
    return page


def code(language: str) -> str:
    return {"English": "en", "中文": "zh"}[language]


async def speak(page: Page, language: str) -> None:
    """Switch the page's language."""
    await page.get_by_role("button", name=language, exact=True).first.click()
    await page.locator(f"html[lang^={code(language)}]").wait_for()


async def is_clean(page: Page, name: str) -> None:
    for language in ("English", "中文"):
        await speak(page, language)
        await is_clean_now(page, f"{code(language)}-{name}-small")


async def is_clean_now(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing beside the screen; a picture is kept."""
    await page.locator("h1, h2").first.wait_for(state="attached")
    await page.locator("[aria-busy=true]").wait_for(state="detached")
    await keep_screenshot(page, name)
    assert await page.evaluate(BESIDE) == "", f"{name} is wider than the screen"
    found = await page.evaluate(RUN_AXE)
    assert found == [], name
