"""XML of strangers as a small tree: no entities, nothing fetched, bounded in size, depth and number.

A document type is passed over when it only names a file (GE MUSE names `restecg.dtd`); one that declares
anything is refused, and so is every reference to an entity that XML itself does not define.
"""

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from ecg.errors import SourceUnreadable
from ecg.vendor_files.assembly import check_size
from ecg.vendor_files.refusal import refuse, shown

MAX_DEPTH = 64
MAX_PARTS = 200_000
"""Elements and attributes together; a resting ECG has some thousand."""

MAX_TAG_BYTES = 1 << 16

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_LONG_PIECE = re.compile(rb"<[^<]{%d,}" % MAX_TAG_BYTES)
_BY_PYTHON = frozenset({"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"})
"""Encodings of several bytes that expat does not know and devices of East Asia write."""


class Node:
    """An element: its name without namespace, attributes, children, text, and the line it begins at."""

    __slots__ = ("attributes", "children", "line", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[Node] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The element's own text, without white space around it."""
        return "".join(self.pieces).strip()

    @property
    def place(self) -> str:
        """Where it is, for a refusal."""
        return f"line {self.line}, {self.name}"

    def all(self, path: str) -> Iterator["Node"]:
        """Every element at this path of names, "a/b", in the order of the file."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> "Node | None":
        """The first element at this path, None when there is none."""
        return next(self.all(path), None)

    def need(self, path: str) -> "Node":
        """The first element at this path; refuses when there is none."""
        found = self.first(path)
        if found is None:
            refuse(self.place, f"has no {path}")
        return found

    def text_at(self, path: str) -> str:
        """The text of the first element at this path, empty when there is none."""
        found = self.first(path)
        return found.text if found is not None else ""

    def attribute_at(self, path: str, attribute: str) -> str:
        """An attribute of the first element at this path, empty when there is none."""
        found = self.first(path)
        return found.attributes.get(attribute, "") if found is not None else ""


class _Tree:
    def __init__(self, parser: expat.XMLParserType) -> None:
        self.root: Node | None = None
        self._parser = parser
        self._open: list[Node] = []
        self._parts = 0
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = lambda *_: self._refuse("declares an entity; none is read")
        parser.ExternalEntityRefHandler = lambda *_: self._refuse("refers outside itself")
        parser.SkippedEntityHandler = lambda *_: self._refuse("refers to an unknown entity")

    def _refuse(self, wrong: str) -> NoReturn:
        refuse(f"line {self._parser.CurrentLineNumber}", wrong)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._parts += 1 + len(attributes)
        if self._parts > MAX_PARTS:
            self._refuse(f"more than {MAX_PARTS} elements and attributes")
        if len(self._open) >= MAX_DEPTH:
            self._refuse(f"elements nested deeper than {MAX_DEPTH}")
        local = {_local(key): value for key, value in attributes.items()}
        node = Node(_local(name), local, self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if declares:
            self._refuse("a document type with declarations; none are read")


def parse_xml(data: bytes, root: str) -> Node:
    """The tree of a file whose outermost element is `root`; SourceUnreadable with the line otherwise."""
    check_size("XML", data)
    _check_tags(data)
    encoding, data = _known_encoding(data)
    parser = expat.ParserCreate(encoding, namespace_separator="}")
    tree = _Tree(parser)
    try:
        parser.Parse(data, True)
    except SourceUnreadable:
        raise
    except expat.ExpatError as fault:
        refuse(f"line {fault.lineno}, column {fault.offset}", f"not XML ({expat.ErrorString(fault.code)})")
    except (LookupError, ValueError) as fault:
        refuse("line 1", f"an encoding that cannot be read ({type(fault).__name__})")
    if tree.root is None or tree.root.name != root:
        name = tree.root.name if tree.root else ""
        refuse("line 1", f"the outermost element is {shown(name)}; {root} is right")
    return tree.root


def _check_tags(data: bytes) -> None:
    """Refuse a tag that is as large as a file: its attributes are made before anyone can count them."""
    for piece in _LONG_PIECE.finditer(data):
        if data.rfind(b">", piece.start(), piece.end()) - piece.start() > MAX_TAG_BYTES:
            refuse(f"byte {piece.start() + 1}", f"a tag of more than {MAX_TAG_BYTES} bytes")


def _known_encoding(data: bytes) -> tuple[str | None, bytes]:
    declared = _DECLARED.match(data[:200])
    name = declared[1].decode("ascii").lower() if declared else ""
    if name not in _BY_PYTHON:
        return None, data
    try:
        return "utf-8", data.decode("gb18030" if name.startswith("gb") else name).encode()
    except UnicodeDecodeError as fault:
        refuse(f"byte {fault.start}", f"not {name}, which the first line declares")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
