"""Generated files are what their sources make them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "scripts" / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WHAT = [
    "types",
    "schema",
    "messages",
    "http",
    "ECG sentences in Chinese",
    "ECG sentences in English",
    "views",
    "views in Chinese",
    "views in English",
]


def test_every_generated_file_is_compared_here() -> None:
    assert len(generator().GENERATED) == len(WHAT)


@pytest.mark.parametrize("number", range(len(WHAT)), ids=WHAT)
def test_generated_files_are_up_to_date(number: int) -> None:
    path, make = generator().GENERATED[number]
    assert path.read_text() == make(), "run `make generate`"
