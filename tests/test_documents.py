"""What exists is described: settings, messages, commands, refusals."""

import re
from pathlib import Path

import pytest

from cloudclinic.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def named_in(document: str) -> set[str]:
    """Everything a document writes as code."""
    return set(re.findall(r"`([^`\n]+)`", (DOCS / document).read_text()))


def test_every_setting_is_described() -> None:
    assert set(Settings.__struct_fields__) - named_in("operations.md") == set()


@pytest.mark.parametrize(
    "link_holder", sorted([ROOT / "README.md", *DOCS.glob("**/*.md")]), ids=lambda p: p.name
)
def test_links_lead_somewhere(link_holder: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", link_holder.read_text())
    broken = [t for t in targets if not re.match(r"[a-z]+:", t) and not (link_holder.parent / t).exists()]
    assert broken == []
