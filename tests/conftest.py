"""What every test shares: the journeys need a browser, and say so when there is none."""

import os
import shutil
from typing import Any

import pytest

LEFT_OUT = "no browser"


def browser_path() -> str | None:
    """The Chromium to drive: `CHROME_PATH`, or what is on the path."""
    given = os.environ.get("CHROME_PATH")
    found = (shutil.which(name) for name in (given or "", "chromium", "google-chrome"))
    return next((path for path in found if path), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if browser_path() is not None:
        return
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


def journeys_left_out(reporter: Any) -> bool:
    """Whether a journey was left out because no browser could be had."""
    return any(reason_of(report) == LEFT_OUT for report in reporter.stats.get("skipped", []))


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
    for report in skipped:
        terminalreporter.line(f"{report.nodeid}: {reason_of(report)}")
    if journeys_left_out(terminalreporter):
        failure = "CI=true: a FAILURE, " if in_ci() else ""
        terminalreporter.line(f"{failure}the journeys were left out: set CHROME_PATH or install chromium")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and in_ci() and exitstatus == 0 and journeys_left_out(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
