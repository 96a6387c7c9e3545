"""Whether a device answers, found out by opening and closing it; what everybody who opens one must mind."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from station.ecg_devices.device import EcgDevice, failed
from station.errors import DeviceFailed

log = logging.getLogger(__name__)

OPENS_IN_S = 20.0
"""Finding a Bluetooth device takes up to ten seconds."""


async def probe(device: EcgDevice) -> None:
    """Open and close a device; raises `DeviceFailed` when it is not there, whatever its adapter raises."""
    try:
        async with limit(OPENS_IN_S, "did not answer"):
            await device.open()
    except DeviceFailed:
        raise
    except Exception as error:
        log.exception("the ecg device could not be opened")
        raise failed(f"could not be opened ({type(error).__name__})") from error
    finally:
        await close_wholly(device)


async def close_wholly(device: EcgDevice) -> None:
    """Close a device to the end, also when this is cancelled meanwhile: a port must come free."""
    closing = asyncio.ensure_future(device.close())
    try:
        await asyncio.shield(closing)
    except asyncio.CancelledError:
        await closing
        raise


@contextlib.asynccontextmanager
async def limit(seconds: float, problem: str) -> AsyncIterator[None]:
    """Let what is inside take so long, and no longer: then the device has `problem`."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise failed(problem) from None
