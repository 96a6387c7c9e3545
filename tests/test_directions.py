"""Who knows whom, beyond the floors: what the import contracts in `pyproject.toml` cannot say."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "web" / "client" / "src"
WAITING_OR_NETWORK = {
    *("asyncio", "threading", "socket", "ssl", "http", "urllib", "selectors", "subprocess"),
    *("aiohttp", "aiortc", "uvloop"),
}


def imported(path: Path) -> set[str]:
    """Every module a file imports, by its full name; `from a import b` counts as `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: rooms are imported by their names"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def files(room: str) -> list[Path]:
    found = [path for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts]
    assert found
    return found


def modules_of(room: str, of: str) -> set[str]:
    """The modules of one room that another imports."""
    names = {path.stem for path in (ROOT / of).glob("*.py")}
    found = {
        name.split(".")[1] for path in files(room) for name in imported(path) if name.startswith(f"{of}.")
    }
    return found & names


WORKERS_CLIENT = {"api", "messages", "errors"}
RELAY = {"turn_url", "turn_messages", "turn_client"}  # how a relay is named and asked
TAPE = {"taped_frames", "parameter_sets"}  # what was recorded packet by packet is read by export and playback
PROBING = {"layout", "offer", "stun"}  # `turn check` asks a worker through a relay, as a browser would


@pytest.mark.parametrize(("room", "more"), [("web", set()), ("cloudclinic", RELAY | PROBING | TAPE)])
def test_the_server_knows_a_media_workers_client_and_nothing_inside_it(room: str, more: set[str]) -> None:
    assert modules_of(room, "media") <= WORKERS_CLIENT | more


def test_the_station_knows_the_publisher_and_the_way_through_a_relay_only() -> None:
    assert modules_of("station", "media") == {"publisher", "relay_bridge", "turn_url", "turn_messages"}


@pytest.mark.parametrize("room", ["ecg", "ultrasound"])
def test_signal_and_picture_work_waits_for_nothing_and_knows_no_network(room: str) -> None:
    known = {name.split(".")[0] for path in files(room) for name in imported(path)}
    assert known & WAITING_OR_NETWORK == set()


def test_signaling_knows_no_socket() -> None:
    known = {name.split(".")[0] for path in files("signaling") for name in imported(path)}
    assert known & {"socket", "ssl", "http", "urllib", "aiohttp", "aiortc", "uvloop"} == set()


def sources(folder: str) -> list[Path]:
    found = [path for path in (CLIENT / folder).rglob("*") if path.suffix in (".ts", ".svelte")]
    assert found
    return found


def folders_known_to(folder: str) -> set[str]:
    """The folders of the client that one of them imports from, but for the words of messages (types)."""
    known = set()
    for path in sources(folder):
        written = re.sub(r"(?:import|export) type [^;]*;", "", path.read_text())
        for target in re.findall(r"""from\s+["'](\.[^"']*)["']""", written):
            known.add((path.parent / target).resolve().relative_to(CLIENT.resolve()).parts[0])
    return known - {folder}


@pytest.mark.parametrize("folder", ["ecg", "ultrasound"])
def test_the_clients_drawing_opens_no_connection(folder: str) -> None:
    assert folders_known_to(folder) == set()
    opens = re.compile(r"\b(fetch\(|new (WebSocket|RTCPeerConnection|EventSource|XMLHttpRequest)\b)")
    assert [path.name for path in sources(folder) if opens.search(path.read_text())] == []


@pytest.mark.parametrize("folder", ["api", "call"])
def test_the_clients_connections_touch_no_page(folder: str) -> None:
    assert folders_known_to(folder) <= {"api", "call", "words"}
    touches = re.compile(r"querySelector|getElementBy|document\.body")
    assert [path.name for path in sources(folder) if touches.search(path.read_text())] == []
