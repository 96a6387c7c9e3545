"""What exists is described: settings, messages, commands, refusals."""

import re
from pathlib import Path

import pytest

from cloudclinic.cli import parser
from cloudclinic.settings import Settings
from signaling import messages, station_messages

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def named_in(document: str) -> set[str]:
    """Everything a document writes as code."""
    return set(re.findall(r"`([^`\n]+)`", (DOCS / document).read_text()))


def test_every_setting_is_described() -> None:
    assert set(Settings.__struct_fields__) - named_in("operations.md") == set()


def test_every_command_is_described() -> None:
    commands = next(
        action.choices
        for action in parser()._subparsers._group_actions  # type: ignore[union-attr]
    )
    described = " ".join(named_in("operations.md"))
    assert [name for name in commands if f"cloudclinic {name}" not in described] == []


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


@pytest.mark.parametrize(
    "link_holder", sorted([ROOT / "README.md", *DOCS.glob("**/*.md")]), ids=lambda p: p.name
)
def test_links_lead_somewhere(link_holder: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", link_holder.read_text())
    broken = [t for t in targets if not re.match(r"[a-z]+:", t) and not (link_holder.parent / t).exists()]
    assert broken == []


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
