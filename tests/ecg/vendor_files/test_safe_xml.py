"""XML of strangers: what could make a reader fetch, swell or hang is refused with its line."""

import pytest

from ecg.errors import SourceUnreadable
from ecg.vendor_files import safe_xml
from ecg.vendor_files.safe_xml import parse_xml


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "line 1: a document type with declarations"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declarations"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://h/x">%x;]><a/>', "declarations"),
        (b'<!DOCTYPE a SYSTEM "a.dtd"><a>&x;</a>', "line 1: refers to an unknown entity"),
        (b"<a>&x;</a>", "not XML"),
        (b"<a>" * 100 + b"</a>" * 100, "nested deeper than 64"),
        (b"\n\n<a><b></a>", "line 3, column 8: not XML"),
        (b"", "not XML"),
        (b"<b/>", "the outermost element is 'b'; a is right"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "line 1"),
        (b'<?xml version="1.0" encoding="GBK"?><a>\xff\xff</a>', "byte .*: not gbk"),
    ],
)
def test_refused(data: bytes, told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        parse_xml(data, "a")


def test_more_elements_than_any_ecg_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "MAX_PARTS", 10)
    with pytest.raises(SourceUnreadable, match="more than 10 elements and attributes"):
        parse_xml(b"<a>" + b"<b c=''/>" * 5 + b"</a>", "a")


def test_a_tag_as_large_as_a_file_is_refused_before_it_is_parsed() -> None:
    attributes = " ".join(f"a{number}='>'" for number in range(10_000)).encode()
    with pytest.raises(SourceUnreadable, match="byte 4: a tag of more than 65536 bytes"):
        parse_xml(b"<a><b " + attributes + b"/></a>", "a")
    text = b"1 " * 100_000
    assert parse_xml(b"<a>" + text + b"</a>", "a").text == text.decode().strip()


def test_a_file_too_large_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecg.vendor_files.assembly.MAX_FILE_BYTES", 3)
    with pytest.raises(SourceUnreadable, match="4 bytes; at most 3"):
        parse_xml(b"<a/>", "a")


def test_namespaces_text_and_attributes() -> None:
    root = parse_xml(b'<a xmlns="urn:x" xmlns:p="urn:p"><p:b p:k="1"> one<c/>two </p:b><b/></a>', "a")
    assert [node.name for node in root.all("b")] == ["b", "b"]
    assert (root.text_at("b"), root.attribute_at("b", "k")) == ("onetwo", "1")
    assert root.first("b/c") is not None and root.first("c/b") is None


def test_encodings_of_east_asia_are_read() -> None:
    text = '<?xml version="1.0" encoding="GB2312"?><a>心电图</a>'
    assert parse_xml(text.encode("gb18030"), "a").text == "心电图"
    assert parse_xml(text.replace("GB2312", "UTF-16").encode("utf-16"), "a").text == "心电图"
