"""The built client's files, and the figures for those who watch over the server."""

from pathlib import Path
from typing import Any

import pytest

from records.rooms import MediaKind
from tests.fakes.records import WANG_XIUYING, ZHOU
from tests.fakes.served import Served, open_doors
from web import metrics
from web.call import Call
from web.measured import Egress
from web.static import find_file


def build(root: Path) -> None:
    """A small built client."""
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><p>page")
    (root / "assets" / "app-4f2a.js").write_text("export {}")
    (root / "assets" / "app-4f2a.js.gz").write_bytes(b"\x1f\x8bpacked")
    (root.parent / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(root.parent / "secret.txt")
    (root / ".hidden").write_text("hidden")


async def test_every_page_is_the_one_document(served: Served) -> None:
    build(served.parts.static)
    for path in ("/", "/sign-in", "/residents/abc", "/admin/accounts"):
        answer = await served.browser().get(path)
        assert (answer.status, answer.body) == (200, b"<!doctype html><p>page"), path
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_hashed_files_are_kept_and_come_packed(served: Served) -> None:
    build(served.parts.static)
    plain = await served.browser().get("/assets/app-4f2a.js", Accept_Encoding="identity")
    assert plain.body == b"export {}" and "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets",
        "/assets/none.js",
        "/link.txt",
        "/.hidden",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "//etc/passwd",
        "/api/none",
        "/favicon.ico",
    ],
)
async def test_nothing_else_is_handed_out(served: Served, path: str) -> None:
    build(served.parts.static)
    answer = await served.browser().get(path)
    assert answer.status == 404 and b"secret" not in answer.body


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "link.txt", "assets", "\0"]
)
def test_a_path_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    build(tmp_path / "static")
    assert find_file((tmp_path / "static").resolve(), path) is None


async def test_without_a_built_client_the_page_says_so(served: Served) -> None:
    answer = await served.browser().get("/")
    assert answer.status == 503 and b"make client" in answer.body


async def test_health_and_readiness(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "WRITE_PROBE_KEPT_S", 0.0)
    browser = served.browser()
    assert (await browser.get("/healthz")).body == b"ok\n"
    unready = await browser.get("/readyz")
    assert (unready.status, unready.body) == (503, b"media\n")
    served.parts.workers = lambda: (1, 1)
    assert (await browser.get("/readyz")).status == 200
    await served.clinic.records.close()  # type: ignore[attr-defined]
    assert (await browser.get("/readyz")).body == b"database\n"


async def test_strangers_asking_for_readiness_cost_one_transaction_a_second() -> None:
    class Counting:
        writes = 0

        async def write(self, work: Any) -> None:
            self.writes += 1

    records, probe = Counting(), metrics.WriteProbe()
    assert all([await probe.well(records) for _ in range(50)])  # type: ignore[arg-type]
    assert records.writes == 1


async def test_metrics_name_nobody(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    await browser.get(f"/api/residents/{WANG_XIUYING.id}")
    await browser.greeted()
    text = (await browser.get("/metrics")).body.decode()
    assert "cloudclinic_websockets 1.0" in text
    assert "cloudclinic_loop_lag_seconds" in text
    for private in (WANG_XIUYING.name, WANG_XIUYING.id, WANG_XIUYING.record_number, "周敏"):
        assert f'"{private}"' not in text


async def test_metrics_answer_this_machine_or_the_token_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_doors(tmp_path, metrics_token="a-long-token") as served:
        prometheus = served.browser()
        assert (await prometheus.get("/metrics")).status == 200
        monkeypatch.setattr(Call, "address", "192.0.2.7")
        refused = [
            {},
            {"Authorization": "Bearer another"},
            {"Authorization": "Bearer "},
            {"Authorization": "a-long-token"},
            {"X-Forwarded-For": "127.0.0.1"},
        ]
        for headers in refused:
            answer = await prometheus.get("/metrics", **headers)
            assert (answer.status, answer.code) == (404, "not_found")
        assert (await prometheus.get("/metrics", Authorization="Bearer a-long-token")).status == 200
        monkeypatch.setattr(Call, "address", "::1")
        assert (await prometheus.get("/metrics")).status == 200


async def test_what_media_workers_sent_is_told_by_participant_and_kind(served: Served) -> None:
    async def sent() -> tuple[Egress, ...]:
        return (Egress(participant_id="p1", kind=MediaKind.ULTRASOUND, packets=7),)

    served.parts.egress = sent
    text = (await served.browser().get("/metrics")).body.decode()
    assert 'cloudclinic_media_sent_packets_total{kind="ultrasound",participant="p1"} 7.0' in text


async def test_without_a_token_an_empty_one_opens_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Call, "address", "192.0.2.7")
    assert (await served.browser().get("/metrics", Authorization="Bearer ")).status == 404


async def test_the_version_is_for_those_who_are_signed_in(tmp_path: Path) -> None:
    async with open_doors(tmp_path, version="1.2.3") as served:
        assert (await served.browser().get("/version")).status == 401
        assert (await served.browser().get("/api/greeting")).json["version"] == ""
        assert (await (await served.signed_in(ZHOU)).get("/version")).json == {"version": "1.2.3"}


async def test_an_unknown_address_is_a_problem_in_the_readers_language(served: Served) -> None:
    english = await served.browser().get("/api/none")
    chinese = await served.browser().get("/api/none", Accept_Language="zh-CN,zh;q=0.9,en;q=0.8")
    assert (english.code, chinese.code) == ("not_found", "not_found")
    assert "There is no such thing" in english.json["sentence"] and "没有找到" in chinese.json["sentence"]
    assert (await served.browser().ask("PATCH", "/api/session")).code == "method_not_allowed"
