"""A source's name is read strictly, and a wrong one is told what is possible."""

import pytest

from station.source_words import (
    ECG_WORDS,
    IGTL_PORT,
    ULTRASOUND_WORDS,
    GrabberWord,
    SerialWord,
    SourceKind,
    SourceWord,
    fault_of,
    is_live,
    parse,
    parse_grabber,
    parse_place,
    parse_serial,
)


@pytest.mark.parametrize(
    ("word", "kind", "given"),
    [
        ("none", SourceKind.NONE, ""),
        ("dicom:a:b?c.dcm", SourceKind.DICOM, "a:b?c.dcm"),
        ("simulator", SourceKind.SIMULATOR, ""),
        ("simulator:rhythm=vt", SourceKind.SIMULATOR, "rhythm=vt"),
        ("ble:AA:BB:CC:DD:EE:FF", SourceKind.BLE, "AA:BB:CC:DD:EE:FF"),
    ],
)
def test_a_name_is_a_kind_and_what_is_given(word: str, kind: SourceKind, given: str) -> None:
    assert parse(word) == SourceWord(kind, given)
    assert fault_of("ecg", word, ECG_WORDS) is None


@pytest.mark.parametrize(
    "word",
    ["", "dicom", "dicom:", "wfdb:", "none:1", "synthetic:x", "simulator:", "usb:1", "video:x.mp4", "lsl"],
)
def test_what_is_no_name_of_an_ecg_is_told_all_that_are(word: str) -> None:
    assert fault_of("ecg", word, ECG_WORDS) == (
        f"ecg: {word!r} is none of dicom:FILE, wfdb:FILE.hea, edf:FILE, file:FILE, simulator[:SCENARIO],"
        " synthetic, lsl:NAME, ble:ADDRESS, serial:PORT?protocol=NAME, none"
    )


def test_an_ultrasound_has_names_of_its_own() -> None:
    fault = fault_of("ultrasound", "wfdb:1.hea", ULTRASOUND_WORDS)
    assert fault == (
        "ultrasound: 'wfdb:1.hea' is none of dicom:FILE, video:FILE, simulator[:SCENARIO], synthetic,"
        " v4l2:PATH[?size=WxH&rate=HZ], rtsp://HOST/PATH, igtl:HOST[:PORT], ndi:NAME, none"
    )


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    for word in (
        "rtsps://doctor:secret@scanner/live",
        "rtsp:doctor:secret@scanner",
        "rtsp://a:secret@x:port/",
    ):
        fault = fault_of("ultrasound", word, ULTRASOUND_WORDS)
        assert fault is not None and "secret" not in fault


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("/dev/video0", GrabberWord("/dev/video0")),
        ("/dev/video0?size=1280x720&rate=30", GrabberWord("/dev/video0", (1280, 720), 30)),
        ("/dev/v4l/by-id/usb-x?rate=60", GrabberWord("/dev/v4l/by-id/usb-x", None, 60)),
    ],
)
def test_a_grabber_is_named_with_its_size_and_rate(given: str, word: GrabberWord) -> None:
    assert parse_grabber(given) == word


@pytest.mark.parametrize(
    "word",
    [
        "v4l2:/dev/video0?size=big",
        "v4l2:/dev/video0?size=0x480",
        "v4l2:/dev/video0?rate=30&rate=60",
        "v4l2:/dev/video0?",
        "v4l2:?rate=30",
        "rtsp:scanner/live",
        "rtsp://",
        "igtl:host:port",
        "igtl:host/path",
        "simulator:depth=50",
    ],
)
def test_a_device_that_is_named_wrongly_is_refused_before_anything_runs(word: str) -> None:
    fault = fault_of("ultrasound", word, ULTRASOUND_WORDS)
    assert fault is not None and fault.startswith(f"ultrasound: {word.partition(':')[0]}: ")


def test_a_place_has_the_registered_port_unless_another_is_told() -> None:
    assert parse_place("scanner.local", IGTL_PORT) == ("scanner.local", 18944)
    assert parse_place("10.0.0.7:2000", IGTL_PORT) == ("10.0.0.7", 2000)


def test_a_wrong_scenario_is_told_before_anything_runs() -> None:
    fault = fault_of("ecg", "simulator:rhythm=flutter", ECG_WORDS)
    assert fault is not None and fault.startswith("ecg: simulator: rhythm 'flutter' is none of sinus,")


def test_a_serial_port_is_named_with_its_protocol() -> None:
    assert parse_serial("/dev/ttyUSB0?protocol=framed") == SerialWord("/dev/ttyUSB0", "framed")
    assert parse_serial("COM3?baud=921600&protocol=framed") == SerialWord("COM3", "framed", 921600)


@pytest.mark.parametrize(
    "given",
    [
        "/dev/ttyS0",
        "/dev/ttyS0?baud=9600",
        "?protocol=x",
        "p?protocol=",
        "p?protocol=x&baud=fast",
        "p?parity=even",
        "p?protocol=x&protocol=y",
        "p?protocol=x&baud=²",
    ],
)
def test_a_serial_port_without_its_protocol_is_refused(given: str) -> None:
    fault = fault_of("ecg", f"serial:{given}", ECG_WORDS)
    assert fault is not None and fault.startswith("ecg: serial: ")


def test_only_devices_at_the_patient_are_live() -> None:
    assert [kind for kind in SourceKind if is_live(f"{kind}:x" if kind in ("lsl", "ble") else "none")] == [
        SourceKind.LSL,
        SourceKind.BLE,
    ]
    assert is_live("serial:p?protocol=x") and not is_live("simulator") and not is_live("wfdb:x.hea")
