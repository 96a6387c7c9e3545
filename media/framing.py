"""Messages on a byte stream: one msgpack value behind a 4-byte big-endian length."""

import asyncio

from media.messages import WorkerMessage, encoder

MAX_MESSAGE_BYTES = 8 << 20  # figures of some thousand tracks
MAX_WAITING_BYTES = 16 << 20  # a reader that lets more pile up is dropped


def write_message(writer: asyncio.StreamWriter, message: WorkerMessage) -> None:
    """Queue one message. A reader that does not read is cut off rather than waited for."""
    if writer.is_closing():
        return
    body = encoder.encode(message)
    writer.write(len(body).to_bytes(4, "big") + body)
    if writer.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
        writer.transport.abort()


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next message's bytes; None at the end of the stream, also one that breaks off or is too large."""
    try:
        size = int.from_bytes(await reader.readexactly(4), "big")
        return await reader.readexactly(size) if size <= MAX_MESSAGE_BYTES else None
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
