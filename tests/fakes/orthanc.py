"""A real archive: Debian's Orthanc on the loopback, with a folder of its own."""

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.exchange.archive.address import ArchiveAddress
from tests.fakes.ports import free_port

_START_LIMIT_S = 30
_CALLED = "ORTHANC"
_DICOMWEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"


@dataclass(frozen=True)
class Orthanc:
    """`get`: its HTTP interface, which tells what it keeps."""

    address: ArchiveAddress
    http_port: int

    @property
    def dimse(self) -> str:
        """As the settings name it."""
        return f"127.0.0.1:{self.address.port}/{_CALLED}"

    @property
    def web(self) -> str:
        """Its DICOMweb service, as the settings name it."""
        return f"http://127.0.0.1:{self.http_port}/dicom-web"

    def get(self, path: str) -> bytes:
        """What stands at a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=20) as answer:
            data: bytes = answer.read()
        return data

    def told(self, path: str) -> Any:
        """The same, as values."""
        return json.loads(self.get(path))


@contextmanager
def orthanc(folder: Path, ports: tuple[int, int] | None = None) -> Iterator[Orthanc]:
    """Started, and stopped again; in the same folder it keeps what it kept. `ports`: of DICOM and HTTP."""
    program = shutil.which("Orthanc")
    assert program is not None
    dicom_port, http_port = ports or (free_port(), free_port())
    settings = {
        "StorageDirectory": str(folder / "store"),
        "IndexDirectory": str(folder / "store"),
        "DicomAet": _CALLED,
        "DicomCheckCalledAet": True,
        "DicomPort": dicom_port,
        "HttpPort": http_port,
        "RemoteAccessAllowed": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "Plugins": [_DICOMWEB],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    with open(folder / "orthanc.log", "wb") as log:
        process = subprocess.Popen([program, folder / "orthanc.json"], stdout=log, stderr=log)
        try:
            there = Orthanc(ArchiveAddress("127.0.0.1", dicom_port, _CALLED), http_port)
            _wait(there, process)
            yield there
        finally:
            process.terminate()
            process.wait(20)


def _wait(there: Orthanc, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            there.get("/system")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("Orthanc did not start")
