"""A small still as a station would put it, and a room in which there is something to freeze."""

import hashlib
import struct
import zlib
from typing import Any

import msgspec
import numpy as np

from records.ecg_studies import SampleSeal
from records.ids import BindingId, ConsultId, KeptStillId, StillId, new_id
from records.ledger import Ledger
from records.residents import Resident
from records.ultrasound_stills import UltrasoundStill
from signaling import messages as m
from signaling import moments
from signaling import station_messages as s
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, bind, in_call
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import CHEN, STATION, ZHOU

AT = 1_700_000_000_000_000
PIXELS = np.arange(12, dtype=np.uint8).reshape(3, 4)
WHOLE = m.PicturePart(
    captured_width=640,
    captured_height=480,
    left=0,
    top=0,
    width=640,
    height=480,
    sent_width=640,
    sent_height=480,
)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def grey_png(pixels: np.ndarray = PIXELS) -> bytes:
    """A grey PNG, written without any of our own code."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def about(binding_id: str, capture_us: int = AT, **other: Any) -> s.StationStill:
    """What the station says of that still."""
    fields: dict[str, Any] = {
        "binding_id": BindingId(binding_id),
        "capture_us": capture_us,
        "frame_number": 7,
        "width": 4,
        "height": 3,
        "grey": True,
        "pixels_sha256": hashlib.sha256(PIXELS.tobytes()).hexdigest(),
        "masked": False,
        "calibration": None,
        "simulated": True,
    }
    return s.StationStill(**(fields | other))


def take(clinic: Clinic, still_id: str, told: s.StationStill) -> None:
    """That still comes in."""
    png = grey_png()
    clinic.desk.take_still(STATION.id, StillId(still_id), told, png, hashlib.sha256(png).hexdigest())


class Scanned:
    """Two people in a room with a bound station that shows a picture."""

    def __init__(
        self,
        clinic: Clinic,
        doctor: Client,
        chen: Client,
        consult_id: ConsultId,
        line: StationLine,
        told: FakeOutbox,
    ) -> None:
        self.clinic, self.doctor, self.chen = clinic, doctor, chen
        self.consult_id, self.line, self.told = consult_id, line, told
        self.binding_id = BindingId("")

    async def bind(self) -> BindingId:
        """Bind the station anew, and let it say what it shows."""
        self.binding_id = await bind(self.doctor, self.consult_id)
        await self.say(s.StationPicture(binding_id=self.binding_id, since_us=1, part=WHOLE))
        return self.binding_id

    async def say(self, message: m.Message) -> None:
        """The station says something."""
        await self.clinic.desk.station_receive(self.line, message)

    async def freeze(self, client: Client, capture_us: int = AT) -> None:
        """Somebody freezes."""
        await client.done(m.FreezePicture, consult_id=self.consult_id, capture_us=capture_us)

    async def step(self, client: Client, by: int, unit: m.StepUnit = m.StepUnit.FRAME) -> None:
        """Somebody steps."""
        await client.done(m.StepPicture, consult_id=self.consult_id, by=by, unit=unit)

    def asked(self) -> list[s.GiveStill]:
        """What the station was asked for."""
        return self.told.of(s.GiveStill)

    async def found(self, still_id: str, capture_us: int = AT) -> None:
        """The station has the frame."""
        await self.say(
            s.StationStillFound(
                binding_id=self.binding_id, still_id=StillId(still_id), capture_us=capture_us, frame_number=7
            )
        )

    def put(self, still_id: str, capture_us: int = AT, **other: Any) -> None:
        """The station puts the still."""
        told = about(self.binding_id, capture_us, **other)
        take(self.clinic, still_id, told)

    async def freeze_exactly(self, client: Client, capture_us: int = AT) -> m.StillCard:
        """Somebody freezes, and the exact still comes."""
        await self.freeze(client, capture_us)
        still_id = self.asked()[-1].still_id
        await self.found(still_id, capture_us)
        self.put(still_id, capture_us)
        frozen = frozen_for(client)
        assert frozen is not None and frozen.still is not None
        return frozen.still


async def scanned(clinic: Clinic) -> Scanned:
    """Both sides, and a station that shows its picture."""
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, told = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    room = Scanned(clinic, doctor, chen, consult_id, line, told)
    await room.bind()
    return room


def frozen_for(client: Client) -> m.FrozenPicture | None:
    """How the picture stands for a client."""
    return client.outbox.last(m.PictureFrozen).frozen


def kept_still(ledger: Ledger, consult_id: ConsultId, resident: Resident) -> UltrasoundStill:
    """A still of a consult's running binding as it stands in the record; its picture is not there."""
    binding = ledger.bindings.running_of_consult(consult_id)
    assert binding is not None
    fields = msgspec.structs.asdict(about(binding.id, AT))
    return UltrasoundStill(
        **fields | {"simulated": False},
        id=KeptStillId(new_id()),
        number=f"CS-20231114-{resident.id}",
        resident_id=resident.id,
        institution_id=resident.institution_id,
        consult_id=consult_id,
        station_id=binding.station_id,
        still_id=StillId(new_id()),
        kept_by=CHEN.id,
        kept_at=moments.from_us(AT),
        taken_at=moments.from_us(AT),
        seal=SampleSeal(resident_id=resident.id, size_bytes=1, sha256="0" * 64),
    )
