"""Bluetooth by bleak, as the strap needs it."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from station.ecg_devices.device import failed
from station.ecg_devices.strap import StrapLink

if TYPE_CHECKING:
    from bleak import BleakClient

FOUND_IN_S = 15.0


class BleakRadio:
    """This machine's Bluetooth adapter; `DeviceFailed` where bleak is not installed."""

    def __init__(self) -> None:
        try:
            import bleak
        except ImportError:
            raise failed("ble: needs bleak; install cloudclinic[ble]") from None
        self._bleak = bleak

    async def connect(self, address: str, on_gone: Callable[[], None]) -> StrapLink:
        """Find and connect a strap."""
        client = self._bleak.BleakClient(
            address, disconnected_callback=lambda _: on_gone(), timeout=FOUND_IN_S
        )
        try:
            await client.connect()
        except (self._bleak.exc.BleakError, OSError, TimeoutError, EOFError) as error:
            raise failed(f"ble: {address} is not found ({type(error).__name__})") from None
        return _BleakLink(client, self._bleak.exc.BleakError)


class _BleakLink:
    def __init__(self, client: "BleakClient", error: type[Exception]) -> None:
        self._client = client
        self._error = error
        self.name = client.name
        self.services = frozenset(service.uuid.lower() for service in client.services)

    async def read(self, characteristic: str) -> bytes:
        with self._told("cannot be read"):
            return bytes(await self._client.read_gatt_char(characteristic))

    async def write(self, characteristic: str, data: bytes) -> None:
        with self._told("cannot be written"):
            await self._client.write_gatt_char(characteristic, data, response=True)

    async def subscribe(self, characteristic: str, on_value: Callable[[bytes], None]) -> None:
        with self._told("sends nothing"):
            await self._client.start_notify(characteristic, lambda _, data: on_value(bytes(data)))

    async def close(self) -> None:
        with contextlib.suppress(Exception):  # whatever the system's Bluetooth says: it is over
            await self._client.disconnect()

    @contextlib.contextmanager
    def _told(self, problem: str) -> Iterator[None]:
        try:
            yield
        except (self._error, OSError, TimeoutError, EOFError) as error:
            raise failed(f"ble: {self.name} {problem} ({type(error).__name__})") from None
