"""What the set-up says on machines that lack something: on a path that holds only what a test puts there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("bash", "env", "id", "grep", "cat", "rm", "mkdir", "dirname")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell, but without apt-get: whoever sits there may install nothing."""
    for name in TOOLS:
        found = next(Path(place, name) for place in ("/bin", "/usr/bin") if Path(place, name).exists())
        (tmp_path / name).symlink_to(found)
    return tmp_path


def put(machine: Path, name: str, script: str) -> Path:
    """Put a command on the machine."""
    path = machine / name
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)
    return path


def run(machine: Path, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / script, *arguments],
        env={"PATH": str(machine), **environment},
        capture_output=True,
        text=True,
    )


def test_without_node_the_need_is_named(machine: Path) -> None:
    for there in ((), ("npm",), ("node",)):
        for name in ("npm", "node"):
            (machine / name).unlink(missing_ok=True)
        for name in there:
            put(machine, name, "exit 0")
        told = run(machine, "node-version")
        assert told.returncode == 1 and "Node 20.19 or later and npm" in told.stderr


def test_an_old_node_is_named_with_its_version(machine: Path) -> None:
    put(machine, "npm", "exit 0")
    real = next(
        Path(place, "node") for place in os.environ["PATH"].split(":") if Path(place, "node").exists()
    )
    for version, enough in (("18.20.4", False), ("20.18.1", False), ("20.19.0", True), ("24.1.0", True)):
        put(
            machine,
            "node",
            f"""exec {real} -e "Object.defineProperty(process, 'version', {{value: 'v{version}'}});
Object.defineProperty(process, 'versions', {{value: {{node: '{version}'}}}});$2" """,
        )
        told = run(machine, "node-version")
        assert (told.returncode == 0) is enough
        assert enough or f"Node v{version} is too old: 20.19 or later" in told.stderr


def test_an_old_python_is_named_and_a_newer_one_beside_it_is_taken(machine: Path, tmp_path: Path) -> None:
    put(machine, "python3", 'if [ "$1" = --version ]; then echo Python 3.10.12; else exit 1; fi')
    told = run(machine, "install", "python3", str(tmp_path / "venv"))
    assert told.returncode == 1 and "needs Python 3.11 or later; python3 is Python 3.10.12" in told.stderr
    # A newer one without its venv module: Debian and Ubuntu have it in a package of its own.
    put(
        machine,
        "python3.12",
        'case "$2" in *ensurepip*) exit 1;; *version_info\\[1*) echo python3.12-venv;; *) exit 0;; esac',
    )
    told = run(machine, "install", "python3", str(tmp_path / "venv"))
    assert told.returncode == 1 and "apt-get install python3.12-venv" in told.stderr


def test_a_browser_must_run_to_be_one(machine: Path) -> None:
    assert run(machine, "browser").returncode != 0
    put(machine, "chromium", "echo the snap is missing; exit 10")
    missing = run(machine, "browser")
    assert (missing.returncode != 0, missing.stdout) == (True, "")
    chrome = put(machine, "google-chrome", "echo Google Chrome 150")
    assert run(machine, "browser").stdout.strip() == str(chrome)
    own = put(machine, "my-own", "echo Chromium 151")
    assert run(machine, "browser", CHROME_PATH=str(own)).stdout.strip() == str(own)
    assert run(machine, "browser", CHROME_PATH="/nowhere").stdout.strip() == str(chrome)


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_a_browser_the_last_lines_name_the_journeys(machine: Path, ci: str, status: int) -> None:
    journey = "tests/journeys/test_next_resident.py"
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", journey],
        cwd=ROOT,
        env={"PATH": str(machine), "CI": ci, "HOME": str(machine)},
        capture_output=True,
        text=True,
    )
    lines = told.stdout.strip().splitlines()[-6:]
    assert told.returncode == status
    assert any(line.startswith(f"{journey}::") and line.endswith(": no browser") for line in lines)
    assert any("set CHROME_PATH or install chromium" in line for line in lines)
    assert any("CI=true: a FAILURE" in line for line in lines) is (ci == "true")
