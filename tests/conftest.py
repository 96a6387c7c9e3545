"""What every test shares: some need a program that is no part of this one, and say so when it is not here."""

import os
import shutil
from typing import Any

import pytest
from hypothesis import settings

from tests.fakes.rtsp_server import has_rtsp_server

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""No test asserts on timing, and a busy machine is no fault."""

NO_BROWSER = "no browser"
NO_RELAY = "no coturn or no HAProxy"
NO_DICOM3TOOLS = "no dicom3tools"
NO_ORTHANC = "no Orthanc"
NO_RTSP_SERVER = "no RTSP server"
CURES = {
    NO_BROWSER: "the journeys were left out: set CHROME_PATH or install chromium",
    NO_RELAY: "what needs a relay was left out: install coturn and haproxy",
    NO_RTSP_SERVER: "the RTSP source was not tried against a real server: run scripts/rtsp-server",
    NO_DICOM3TOOLS: "dciodvfy did not judge what is written as DICOM: install dicom3tools",
    NO_ORTHANC: "nothing was sent to a real archive: install orthanc",
}
"""What a left out test lacks, and how to have it."""

LEFT_OUT = "LEFT_OUT"
"""Where the command that runs pytest more than once wants to read what was left out, for its last lines."""


def browser_path() -> str | None:
    """The Chromium to drive: `CHROME_PATH`, or what is on the path."""
    given = os.environ.get("CHROME_PATH")
    found = (shutil.which(name) for name in (given or "", "chromium", "google-chrome"))
    return next((path for path in found if path), None)


def has_relay() -> bool:
    """Whether the programs of `scripts/relay` are here."""
    return all(shutil.which(name) for name in ("turnserver", "haproxy"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    needs = (
        ("journey", browser_path() is not None, NO_BROWSER),
        ("relay", has_relay(), NO_RELAY),
        ("rtsp", has_rtsp_server(), NO_RTSP_SERVER),
        ("dicom3tools", shutil.which("dciodvfy") is not None, NO_DICOM3TOOLS),
        ("orthanc", shutil.which("Orthanc") is not None, NO_ORTHANC),
    )
    for marker, is_here, lacking in needs:
        for item in items if not is_here else ():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=lacking))


def reasons(reporter: Any) -> list[str]:
    """Why tests were left out, each reason once."""
    return sorted({reason_of(report) for report in reporter.stats.get("skipped", [])})


def reason_of(report: pytest.TestReport) -> str:
    """Why a test was left out."""
    where = report.longrepr
    return str(where[2] if isinstance(where, tuple) else where).removeprefix("Skipped: ")


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("left out")
    failure = "CI=true: a FAILURE, " if in_ci() else ""
    lines = [f"{report.nodeid}: {reason_of(report)}" for report in skipped]
    lines += [f"{failure}{CURES.get(reason, reason)}" for reason in reasons(terminalreporter)]
    for line in lines:
        terminalreporter.line(line)
    if kept := os.environ.get(LEFT_OUT):
        with open(kept, "a") as file:
            file.writelines(f"{line}\n" for line in lines)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and in_ci() and exitstatus == 0 and reasons(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
