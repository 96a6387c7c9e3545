"""What exists is described: settings, messages, commands, refusals."""

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from cloudclinic.cli import parser
from cloudclinic.settings import Settings
from signaling import messages, station_messages
from web.app import TABLES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def named_in(document: str) -> set[str]:
    """Everything a document writes as code."""
    return set(re.findall(r"`([^`\n]+)`", (DOCS / document).read_text()))


def test_every_setting_is_described() -> None:
    assert set(Settings.__struct_fields__) - named_in("operations.md") == set()


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command with its options."""
    actions = parser()._subparsers._group_actions  # type: ignore[union-attr]
    return dict(actions[0].choices)  # type: ignore[arg-type]


def test_every_command_is_described() -> None:
    described = " ".join(named_in("operations.md"))
    assert [name for name in commands() if f"cloudclinic {name}" not in described] == []


def test_every_option_and_every_word_of_a_command_is_described() -> None:
    described = set(re.findall(r"[\w-]+", " ".join(named_in("operations.md"))))
    options = {
        word
        for command in commands().values()
        for action in command._actions
        for word in [*action.option_strings, *(action.choices or ())]
        if word not in ("-h", "--help")
    }
    assert options - described == set()


def test_every_close_reason_of_a_stations_socket_is_described() -> None:
    assert {one.value for one in station_messages.StationCloseCode} - named_in("refusals.md") == set()


def test_every_route_is_described() -> None:
    described = set(re.findall(r"^### ([A-Z]+ /\S*)$", (DOCS / "http.md").read_text(), re.MULTILINE))
    assert {f"{one.method} {one.path}" for table in TABLES for one in table.routes} == described


def test_every_wish_the_makefile_grants_is_in_its_help() -> None:
    wishes = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    helped = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True)
    assert [wish for wish in wishes if f"make {wish} " not in helped.stdout] == []


def test_every_message_is_described() -> None:
    described = set(re.findall(r"^### (\w+)$", (DOCS / "messages.md").read_text(), re.MULTILINE))
    written = {
        name
        for module in (messages, station_messages)
        for name, item in vars(module).items()
        if isinstance(item, type)
        and issubclass(item, messages.Message)
        and item.__module__.startswith(module.__name__)
    }
    assert len(written) > 60  # found in every file of the messages, not only in the first
    bases = {"Message", "Command", "Notice", "Event", "Direct"}
    assert written - bases - described == set()


EVERY_PAGE = pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md")]), ids=lambda page: page.name
)


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in a link."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@EVERY_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", page.read_text())
    inside = [(page.parent / path if path else page, at) for path, at in links if not path.startswith("http")]
    assert [path for path, _ in inside if not path.exists()] == []
    assert [at for path, at in inside if at and at not in anchors(path)] == []


@EVERY_PAGE
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "cloudclinic|web|station|signaling|media|records|ecg|ultrasound|tests|benchmarks|scripts|docs"
    named = re.findall(rf"`((?:{folders})/[\w./-]*\w)`", page.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


@EVERY_PAGE
def test_every_row_of_a_table_has_a_cell_for_every_column(page: Path) -> None:
    tables = re.findall(r"(?:^ *\|.*\n)+", page.read_text(), re.MULTILINE)
    rows = [re.sub(r"`[^`]*`|\\\|", "", table).splitlines() for table in tables]
    assert [row for table in rows for row in table if row.count("|") != table[0].count("|")] == []


def test_every_page_is_in_the_index_once() -> None:
    linked = re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text())
    assert sorted(linked) == sorted(page.name for page in DOCS.glob("*.md") if page.name != "README.md")


def test_every_object_of_the_audit_trail_has_a_name_on_its_page() -> None:
    """The kinds are found where they are written: by the words after the action."""
    kinds: set[str] = set()
    for room in ("signaling", "web", "records", "cloudclinic"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            kinds |= set(re.findall(r'(?:audit|event)\(\s*Action\.\w+, "(\w+)"', text))
            kinds |= set(re.findall(r'object_kind="(\w+)"', text))
    assert len(kinds) > 20
    for language in ("zh", "en"):
        words = (ROOT / "web/client/src/words" / language / "admin.ts").read_text()
        named = re.search(r"objectName: \{(.*?)\}", words, re.DOTALL)
        assert named
        assert kinds - set(re.findall(r"(\w+): \"", named.group(1))) == set()
