"""What every test shares: the journeys need a browser, and say so when there is none."""

import os
import shutil

import pytest

LEFT_OUT = "left out, no browser: "


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
            item.add_marker(pytest.mark.skip(reason=LEFT_OUT + item.nodeid))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("left out")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI") != "true" or exitstatus != 0:
        return
    left_out = [r for r in reporter.stats.get("skipped", []) if LEFT_OUT in str(r.longrepr)]
    if left_out:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
