"""Write what is generated: the client's types, the schema and the references from the messages and routes,
the browser's sentences about an ECG from the tables the report uses.

`python scripts/generate.py` writes them; `--check` only compares and fails when they differ.
"""

import importlib
import inspect
import json
import pkgutil
import re
import sys
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

import web.routes
from ecg import comparison_words
from ecg.critical import words as critical_words
from ecg.statements import words as statement_words
from ecg.words import Language, Words
from records import (
    accounts,
    checklists,
    chest_pain,
    consults,
    device_checks,
    guiding,
    residents,
    rooms,
    scheduled_steps,
    stills,
    ultrasound_exams,
    view_protocols,
)
from records.accounts import Role
from records.permissions import Permission, may
from records.values import Value
from records.view_protocols import PROTOCOLS, Outline
from signaling import messages, station_messages
from web import app
from web.routing import Route
from web.uploads import MOST_FILES

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "web" / "client" / "src" / "api" / "types.ts"
SCHEMA = ROOT / "docs" / "messages.schema.json"
REFERENCE = ROOT / "docs" / "messages.md"
HTTP = ROOT / "docs" / "http.md"
FINDINGS = {
    language: ROOT / "web" / "client" / "src" / "words" / language / "ecgFindings.ts" for language in Language
}

TYPES_HEAD = """// Generated from signaling/messages/ and web/routes by scripts/generate.py. Do not edit.
/* eslint-disable */

"""

VALUE_MODULES = (
    accounts,
    checklists,
    chest_pain,
    device_checks,
    consults,
    guiding,
    residents,
    rooms,
    scheduled_steps,
    stills,
    ultrasound_exams,
    view_protocols,
    messages,
    station_messages,
)
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def route_structs() -> list[type]:
    """Collect every struct that is defined beside a route."""
    found: list[type] = []
    for module_name in sorted(name for _, name, _ in pkgutil.iter_modules(web.routes.__path__)):
        module = importlib.import_module(f"web.routes.{module_name}")
        for _, item in inspect.getmembers(module, inspect.isclass):
            if issubclass(item, Value) and item is not Value and item.__module__ == module.__name__:
                found.append(item)
    return found


def type_of(schema: dict[str, Any]) -> str:
    """Write one JSON schema node as a TypeScript type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(type_of(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array" and "prefixItems" in schema:
        return f"[{', '.join(type_of(part) for part in schema['prefixItems'])}]"
    if kind == "array":
        inner = type_of(schema["items"]) if isinstance(schema.get("items"), dict) else "unknown"
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {type_of(values)}>" if isinstance(values, dict) else "Record<string, unknown>"
    return SCALARS.get(str(kind), "unknown")


def comment(text: str, indent: str = "") -> str:
    """Write a docstring as a TypeScript comment."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return f"{indent}/** {(chr(10) + indent + ' * ').join(lines)} */\n".replace("* \n", "*\n") if text else ""


def declare(name: str, schema: dict[str, Any], sent: bool) -> str:
    """Declare one struct or enum. Fields with a default may be left out only of what the client sends."""
    head = comment(schema.get("description", ""))
    if "properties" not in schema:  # an enum, or a struct that is written as an array
        return f"{head}export type {name} = {type_of(schema)};\n"
    required = set(schema.get("required", ()))
    fields = "".join(
        f"  {field}{'?' if sent and field not in required else ''}: {type_of(part)};\n"
        for field, part in schema["properties"].items()
    )
    return f"{head}export interface {name} {{\n{fields}}}\n"


def union(name: str, schema: dict[str, Any]) -> str:
    """Declare a union of messages."""
    return (
        f"export type {name} =\n" + "".join(f"  | {type_of(part)}\n" for part in schema["anyOf"])[:-1] + ";\n"
    )


def typescript() -> str:
    """The whole of the client's types."""
    roots = [messages.ClientMessage, messages.ServerMessage, Permission, *route_structs()]
    (client, server, *_), components = msgspec.json.schema_components(roots, ref_template="#/$defs/{name}")
    sent = {type_of(part) for part in client["anyOf"]} | set(REQUESTS)
    body = [declare(name, components[name], name in sent) for name in sorted(components)]
    body += [union("ClientMessage", client), union("ServerMessage", server)]
    return TYPES_HEAD + "\n".join(body)


# Structs of the HTTP API that the client sends.
REQUESTS = (
    "SignIn", "ChangePassword", "FirstAdministrator", "ResidentSearch", "RegisterResident", "EnterReadings",
    "AskEmergencyAccess", "FindEmergencyAccess", "SaveDraft", "SignOpinion", "NewAccount", "ChangeAccount",
    "ImportAccounts", "NewInstitution", "NewDepartment", "AuditSearch", "ReviewEmergencyAccess", "HoldTape",
    "LetScreenIn", "UploadEcg", "LookAtEcg", "TakeEcg", "MoveEcg", "SaveEcgReport", "SignEcgReport",
    "CosignEcgReport", "ReturnEcgReport", "AddToEcgReport", "RejectEcg", "SavePhrases",
    "ToScore", "Nodule", "Breast", "Mass", "Fast", "Echo", "SignCardProfile",
)  # fmt: skip


def schema() -> str:
    """JSON Schema of every message on both sockets."""
    roots = [
        messages.ClientMessage,
        messages.ServerMessage,
        station_messages.FromStation,
        station_messages.ToStation,
    ]
    names = ("ClientMessage", "ServerMessage", "FromStation", "ToStation")
    unions, components = msgspec.json.schema_components(roots, ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted({**components, **dict(zip(names, unions, strict=True))}.items())),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


REFERENCE_HEAD = """# Every message, field by field

Generated from `signaling/messages/` and `signaling/station_messages.py` by `scripts/generate.py`; how they
work together is told in [protocol.md](protocol.md), the schema is `messages.schema.json`. A field with a
default may be left out.
"""

SECTIONS = (
    ("From a client to the server", messages.ClientMessage),
    ("From the server to a client", messages.ServerMessage),
    ("From a station to the server", station_messages.FromStation),
    ("From the server to a station", station_messages.ToStation),
)


def meanings(struct: type) -> dict[str, str]:
    """Collect the comments behind the fields of a struct, its bases included."""
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if issubclass(base, Value) and base is not Value:
            found |= dict(re.findall(r"^    (\w+): .*?  # (.+)$", inspect.getsource(base), re.MULTILINE))
    return found


def describe(name: str, schema: dict[str, Any], struct: type | None) -> str:
    """One struct or enum as a chapter."""
    text = f"### {name}\n\n{' '.join(schema.get('description', '').split())}\n"
    if "enum" in schema:
        return text + "\n" + ", ".join(f"`{value}`" for value in schema["enum"]) + "\n"
    if "properties" not in schema:  # written as an array
        return text + f"\n`{type_of(schema)}`\n"
    comments = meanings(struct) if struct else {}
    required = set(schema.get("required", ()))
    rows = [
        f"| `{field}` | `{type_of(part).replace('|', chr(92) + '|')}` "
        f"| {'' if field in required else '`' + json.dumps(part.get('default')) + '`'} "
        f"| {comments.get(field, '')} |\n"
        for field, part in schema["properties"].items()
    ]
    return (
        text + "\n| field | type | default | meaning |\n|---|---|---|---|\n" + "".join(rows) if rows else text
    )


def reference() -> str:
    """The reference of every message."""
    unions, components = msgspec.json.schema_components(
        [union_type for _, union_type in SECTIONS], ref_template="#/$defs/{name}"
    )
    structs = {
        item.__name__: item
        for module in VALUE_MODULES
        for item in vars(module).values()
        if inspect.isclass(item)
    }
    body = [REFERENCE_HEAD]
    told: set[str] = set()
    for (title, _), members in zip(SECTIONS, unions, strict=True):
        body.append(f"## {title}\n")
        for name in map(type_of, members["anyOf"]):
            told.add(name)
            body.append(describe(name, components[name], structs.get(name)))
    body.append("## Parts of messages\n")
    body += [describe(name, components[name], structs.get(name)) for name in sorted(set(components) - told)]
    return "\n".join(body)


HTTP_HEAD = """# The HTTP API, route by route

Generated from the routes in `web/` and the structs beside them by `scripts/generate.py`; what holds for all
of them (session, origin, refusals) is in [protocol.md](protocol.md). Bodies and answers are JSON, of WHIP and
WHEP SDP. A route without an answer gives 204, or what its text says. A field with a default may be left out
of what is sent; what is answered always has every field. "Whose" is the scope: beyond it everything is
missing, 404.
"""


def routes() -> list[Route]:
    """Every declared route of the application."""
    return [one for table in app.TABLES for one in table.routes]


def answer_of(route: Route) -> type | None:
    """The struct a route answers with; None: none, or bytes of its own."""
    answered = typing.get_type_hints(route.handler).get("return")
    if inspect.isclass(answered) and issubclass(answered, Value):
        return answered
    return told_answers().get((route.method, route.path))


def told_answers() -> dict[tuple[str, str], type]:
    """What the routes' tables of contents say of answers that a handler writes itself, with a cookie."""
    structs = {one.__name__: one for one in route_structs()}
    pattern = re.compile(r"^(GET|POST|PUT|DELETE)\s+([^\s?]+).*-> (\w+)", re.MULTILINE)
    told = {}
    for module in pkgutil.iter_modules(web.routes.__path__):
        text = importlib.import_module(f"web.routes.{module.name}").__doc__ or ""
        told |= {
            (method, path): structs[name] for method, path, name in pattern.findall(text) if name in structs
        }
    return told


def who(permission: Permission) -> str:
    """The roles that have a permission."""
    if permission is Permission.ANYONE:
        return "anyone"
    if permission is Permission.WATCH_BY_LINK:
        return "whoever has the link's token"
    allowed = [role for role in Role if may(role, permission)]
    return ", ".join(f"`{role}`" for role in allowed)


def describe_route(route: Route) -> str:
    """One route as a chapter."""
    body, answered = route.body, answer_of(route)
    sent = f", sends [{body.__name__}](#{body.__name__.lower()})" if body else ""
    if route.takes_sdp:
        sent = f", sends `application/sdp` of at most {route.body_limit_bytes >> 10} KiB"
    if body and route.takes_files:
        about = f"[{body.__name__}](#{body.__name__.lower()})"
        sent = f", sends `multipart/form-data` (a part `about`, {about}, then 1 to {MOST_FILES} parts `file`)"
    if body and route.body_limit_bytes != 16384:
        sent += f" of at most {route.body_limit_bytes >> 10} KiB"
    answers = f", answers [{answered.__name__}](#{answered.__name__.lower()})" if answered else ""
    text = inspect.cleandoc(route.handler.__doc__ or "")
    return (
        f"### {route.method} {route.path}\n\n{text}\n\n"
        f"Permission `{route.permission}` ({who(route.permission)}), whose: `{route.scope}`{sent}{answers}.\n"
    )


def http_reference() -> str:
    """The reference of every route and every struct it takes or gives."""
    found = routes()
    structs: list[type] = [one.body for one in found if one.body]
    structs += [answered for one in found if (answered := answer_of(one))]
    _, components = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    by_name = {one.__name__: one for one in all_structs(structs)}
    body = [HTTP_HEAD, "## Routes\n", *map(describe_route, found), "## Structs\n"]
    body += [describe(name, components[name], by_name.get(name)) for name in sorted(components)]
    return "\n".join(body)


def all_structs(roots: Iterable[type]) -> set[type]:
    """These structs and every one their fields hold."""
    found: set[type] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        waiting += [part for part in typing.get_args(one) if part is not Ellipsis]
        if inspect.isclass(one) and issubclass(one, Value) and one not in found:
            found.add(one)
            waiting += list(typing.get_type_hints(one).values())
    return found


FINDINGS_HEAD = """// Generated from ecg/statements/words.py, ecg/critical/words.py, ecg/comparison_words.py
// by scripts/generate.py. Do not edit: the printed report takes its sentences from the same tables.
"""

FINDINGS_SAID: dict[str, typing.Mapping[typing.Any, Words]] = {
    "statements": statement_words.SENTENCES,
    "withheld": statement_words.WITHHELD,
    "conclusions": critical_words.CONCLUSIONS,
    "verdicts": critical_words.VERDICTS,
    "notTested": critical_words.NOT_TESTED,
    "evidence": critical_words.VALUES,
    "notCompared": comparison_words.REFUSED,
    "comparisonNotes": comparison_words.NOTES,
    "said": {
        "at": critical_words.AT,
        "notADiagnosis": statement_words.NOT_A_DIAGNOSIS,
        "noveltyUnknown": critical_words.NOVELTY_UNKNOWN,
        "knownBefore": critical_words.KNOWN_BEFORE,
        "adultAssumed": critical_words.ADULT_ASSUMED,
        "liveIsNoMonitor": critical_words.LIVE_IS_NO_MONITOR,
        "beyondNoise": comparison_words.BEYOND_NOISE,
        "withinNoise": comparison_words.WITHIN_NOISE,
        "overlayIsMedian": comparison_words.OVERLAY_IS_MEDIAN,
    },
}


def _ts_key(code: str) -> str:
    """As written in an object: a code of several words in quotes."""
    return code if code.isidentifier() else json.dumps(code)


def ecg_findings(language: Language) -> str:
    """The browser's dictionary of what an ECG's rules say; values stand in braces."""
    lines = [FINDINGS_HEAD]
    zh = language is Language.ZH
    if not zh:
        lines.append('import type { ecgFindings as zh } from "../zh/ecgFindings";\n')
    lines.append(f"export const ecgFindings{'' if zh else ': typeof zh'} = {{")
    for group, sentences in FINDINGS_SAID.items():
        lines.append(f"  {group}: {{")
        for code, words in sentences.items():
            text = words.zh if zh else words.en
            lines.append(f"    {_ts_key(str(code))}: {json.dumps(text, ensure_ascii=False)},")
        lines.append("  },")
    return "\n".join([*lines, "};"]) + "\n"


VIEWS_HEAD = """// Generated from records/view_protocols.toml by scripts/generate.py. Do not edit.
"""


VIEWS_SHAPE = """
export interface PlacedView {
  code: string;
  body: Outline;
  at: [number, number];
  hour: number;
  scheme: Scheme;
}

export const VIEW_PROTOCOLS: Record<ViewProtocol, { source: string; views: PlacedView[] }> = {"""


def view_structure() -> str:
    """Where the probe stands in each view of each protocol, and which drawing shows it."""
    outlines = " | ".join(f'"{one}"' for one in Outline)
    schemes = sorted({view.scheme for one in PROTOCOLS.values() for view in one.views})
    lines = [VIEWS_HEAD, 'import type { ViewProtocol } from "./api/types";\n']
    lines.append("export type Scheme =\n" + "\n".join(f'  | "{one}"' for one in schemes) + ";\n")
    lines.append(f"export type Outline = {outlines};")
    lines.append(VIEWS_SHAPE)
    for protocol in PROTOCOLS.values():
        lines.append(f"  {protocol.code}: {{")
        lines.append(f"    source: {json.dumps(protocol.source)},\n    views: [")
        for view in protocol.views:
            at = ", ".join(f"{one:g}" for one in view.at)
            lines.append(
                f'      {{ code: "{view.code}", body: "{view.body}", at: [{at}], hour: {view.hour}, '
                f'scheme: "{view.scheme}" }},'
            )
        lines.append("    ],\n  },")
    return "\n".join([*lines, "};"]) + "\n"


def view_words(language: Language) -> str:
    """The browser's dictionary of protocols and views."""
    zh = language is Language.ZH
    lines = [VIEWS_HEAD]
    if not zh:
        lines.append('import type { viewProtocols as zh } from "../zh/viewProtocols";\n')
    lines.append(f"export const viewProtocols{'' if zh else ': typeof zh'} = {{")
    for protocol in PROTOCOLS.values():
        lines.append(
            f"  {protocol.code}: {{\n    name: {_said(protocol.zh if zh else protocol.en)},\n    views: {{"
        )
        for view in protocol.views:
            name, look = (view.zh, view.look_zh) if zh else (view.en, view.look_en)
            lines.append(f"      {view.code}: {{ name: {_said(name)}, look: {_said(look)} }},")
        lines.append("    },\n  },")
    return "\n".join([*lines, "};"]) + "\n"


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


VIEW_STRUCTURE = ROOT / "web" / "client" / "src" / "viewProtocols.ts"
VIEW_WORDS = {
    language: ROOT / "web" / "client" / "src" / "words" / language / "viewProtocols.ts"
    for language in Language
}

GENERATED = (
    (TYPES, typescript),
    (SCHEMA, schema),
    (REFERENCE, reference),
    (HTTP, http_reference),
    (FINDINGS[Language.ZH], lambda: ecg_findings(Language.ZH)),
    (FINDINGS[Language.EN], lambda: ecg_findings(Language.EN)),
    (VIEW_STRUCTURE, view_structure),
    (VIEW_WORDS[Language.ZH], lambda: view_words(Language.ZH)),
    (VIEW_WORDS[Language.EN], lambda: view_words(Language.EN)),
)


def main() -> int:
    """Write the generated files, or compare them."""
    check = "--check" in sys.argv
    stale = []
    for path, make in GENERATED:
        text = make()
        if check:
            if not path.exists() or path.read_text() != text:
                stale.append(str(path.relative_to(ROOT)))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        print(f"not up to date: {', '.join(stale)}; run `make generate`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
