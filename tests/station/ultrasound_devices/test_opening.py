"""Each name opens its adapter; one whose library is not installed says what to do."""

import sys

import pytest

from station.errors import DeviceFailed
from station.ultrasound_devices.igtl import IgtlDevice
from station.ultrasound_devices.opening import open_device
from station.ultrasound_devices.rtsp import RtspDevice
from station.ultrasound_devices.v4l2 import V4l2Device


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("v4l2:/dev/video0?size=1280x720", V4l2Device),
        ("rtsp://scanner.local/live", RtspDevice),
        ("igtl:scanner.local", IgtlDevice),
    ],
)
def test_a_name_opens_its_adapter(word: str, kind: type) -> None:
    assert isinstance(open_device(word, lambda: 0), kind)


def test_a_file_is_no_device() -> None:
    with pytest.raises(DeviceFailed, match="dicom is no device at the patient"):
        open_device("dicom:a.dcm", lambda: 0)


def test_ndi_without_its_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cyndilib", None)
    monkeypatch.setitem(sys.modules, "cyndilib.finder", None)
    with pytest.raises(
        DeviceFailed, match=r"^ultrasound: ndi: not installed; pip install 'cloudclinic\[ndi\]'$"
    ):
        open_device("ndi:SCANNER (Output)", lambda: 0)
