"""A Bluetooth strap without a radio: what it offers and sends is up to the test."""

from collections.abc import Callable, Sequence

from station.ecg_devices import heart_rate, polar
from station.ecg_devices.device import failed
from station.ecg_devices.strap import StrapLink

STARTED = bytes([0xF0, 2, 0, 0, 0])
OFFERS_ECG = bytes([0x0F, 0x05, *[0] * 15])


def ecg_frame(stamp_ns: int, microvolts: Sequence[int]) -> bytes:
    """A notification of the raw ECG as the maker publishes it: head, then 24-bit little-endian microvolts."""
    body = b"".join(value.to_bytes(3, "little", signed=True) for value in microvolts)
    return b"\x00" + stamp_ns.to_bytes(8, "little") + b"\x00" + body


class FakeStrap:
    """A radio with one strap in reach, and that strap once it is connected."""

    def __init__(
        self,
        services: frozenset[str] = frozenset({heart_rate.SERVICE, polar.SERVICE}),
        features: bytes = OFFERS_ECG,
        answer: bytes = STARTED,
    ) -> None:
        self.name = "Polar H10 8AA87D20"
        self.services = services
        self.in_reach = True
        self.written: list[bytes] = []
        self.closed = 0
        self._features = features
        self._answer = answer
        self._on_gone: Callable[[], None] = lambda: None
        self._subscribed: dict[str, Callable[[bytes], None]] = {}

    async def connect(self, address: str, on_gone: Callable[[], None]) -> StrapLink:
        if not self.in_reach:
            raise failed(f"ble: {address} is not found (BleakDeviceNotFoundError)")
        self._on_gone = on_gone
        return self

    async def read(self, characteristic: str) -> bytes:
        assert characteristic == polar.CONTROL
        return self._features

    async def write(self, characteristic: str, data: bytes) -> None:
        assert characteristic == polar.CONTROL
        self.written.append(data)
        if data == polar.START_ECG and self._answer:
            self._subscribed[polar.CONTROL](self._answer)

    async def subscribe(self, characteristic: str, on_value: Callable[[bytes], None]) -> None:
        self._subscribed[characteristic] = on_value

    async def close(self) -> None:
        self.closed += 1

    def send(self, characteristic: str, data: bytes) -> None:
        """Notify."""
        self._subscribed[characteristic](data)

    def walk_away(self) -> None:
        """Leave the radio's reach."""
        self.in_reach = False
        self._on_gone()
