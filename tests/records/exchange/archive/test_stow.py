"""Stored is what a DICOMweb service names as stored; after any other answer it waits, or is refused."""

import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import UID as Uid

from records.exchange.archive import storing
from records.exchange.archive.accepted_form import in_accepted_form
from records.exchange.archive.destination import Trust, read_destination
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.sending import Outcome, Sent
from records.exchange.archive.storing import store_at
from tests.fakes.ports import free_port
from tests.records.exchange.archive.test_sending import objects
from tests.ultrasound.writing.objects import PLACE

UID = PLACE.sop_instance_uid


def named(sequence: str, uid: str = UID, **more: Any) -> dict[str, Any]:
    """An answer that names an instance in a sequence (PS3.18 10.5.3)."""
    item = {"00081155": {"vr": "UI", "Value": [uid]}} | {
        tag: {"vr": "US", "Value": [value]} for tag, value in more.items()
    }
    return {sequence: {"vr": "SQ", "Value": [item]}}


STORED, FAILED = "00081199", "00081198"


@contextmanager
def service(*answers: tuple[int, dict[str, Any], dict[str, str]]) -> Iterator[tuple[str, list[bytes]]]:
    """Gives these answers in turn, the last one for ever; its address, and what it was sent."""
    left, taken = list(answers), list[bytes]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding") == "chunked":
                data = b""
                while size := int(self.rfile.readline(), 16):
                    data += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                data = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(data)
            status, body, headers = left.pop(0) if len(left) > 1 else left[0]
            text = json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/dicom-web", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def stowed(url: str, file: Path) -> Sent:
    (sent,) = store_at(read_destination(url), [file], "CLOUDCLINIC", Trust())
    return sent


@pytest.fixture
def still(tmp_path: Path) -> Path:
    return objects(tmp_path)[0]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, named(STORED), Outcome.STORED),
        (200, named(STORED, **{"00081196": 0xB000}), Outcome.STORED_WITH_WARNING),
        (200, named(STORED, "1.2.3"), Outcome.BUSY),
        (200, {}, Outcome.BUSY),
        (202, named(FAILED, **{"00081197": 0xA700}), Outcome.BUSY),
        (202, named(FAILED, **{"00081197": 0xA900}), Outcome.REFUSED),
        (409, named(FAILED, **{"00081197": 0x0110}), Outcome.REFUSED),
        (503, {}, Outcome.BUSY),
        (500, {}, Outcome.BUSY),
        (400, {}, Outcome.REFUSED),
    ],
)
def test_only_what_is_named_as_stored_is_stored(
    status: int, body: dict[str, Any], outcome: Outcome, still: Path
) -> None:
    with service((status, body, {})) as (url, _):
        assert stowed(url, still).outcome is outcome


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_service_that_does_not_speak_with_us_declines(status: int, still: Path) -> None:
    with service((status, {}, {})) as (url, _), pytest.raises(ArchiveDeclined):
        stowed(url, still)


def test_objects_are_not_taken_to_another_place(still: Path) -> None:
    with (
        service((200, named(STORED), {})) as (elsewhere, taken),
        service((307, {}, {"Location": f"{elsewhere}/studies"})) as (url, _),
        pytest.raises(ArchiveUnreachable),
    ):
        stowed(url, still)
    assert taken == []


@pytest.mark.parametrize(
    "refusal", [(415, {}, {}), (409, named(FAILED, **{"00081197": 0xC122}), {})], ids=["415", "C122"]
)
def test_what_is_not_taken_in_its_own_syntax_goes_uncompressed(
    refusal: tuple[int, dict[str, Any], dict[str, str]],
    still: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere, beside = tmp_path_factory.mktemp("sending"), set[str]()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))

    def noted(file: Path, own: Uid, accepted: list[Uid], folder: Path) -> Path:
        beside.update(one.name for one in still.parent.iterdir())
        return in_accepted_form(file, own, accepted, folder)

    monkeypatch.setattr(storing, "in_accepted_form", noted)
    with service(refusal, (200, named(STORED), {})) as (url, taken):
        sent = stowed(url, still)
    assert beside == {"cine.dcm", "report.dcm", "still.dcm"}  # a disc cannot be written on
    assert (sent.outcome, sent.syntax and sent.syntax.name) == (Outcome.STORED, "Explicit VR Little Endian")
    assert len(taken) == 2
    assert sorted(one.name for one in still.parent.iterdir()) == ["cine.dcm", "report.dcm", "still.dcm"]


def test_nobody_there_is_unreachable(still: Path) -> None:
    with pytest.raises(ArchiveUnreachable):
        stowed(f"http://127.0.0.1:{free_port()}/dicom-web", still)
