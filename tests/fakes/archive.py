"""An archive on the loopback: pynetdicom's own, which takes what it is told to take and keeps it."""

import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from records.exchange.archive.address import ArchiveAddress

CALLED = "ARCHIVE"


@dataclass
class FakeArchive:
    """What it keeps: data sets with their file meta, in the order they came. `status`: what it answers."""

    port: int = 0
    status: int = 0
    kept: list[Dataset] = field(default_factory=list)
    received_bytes: list[bytes] = field(default_factory=list)
    stops_at: int | None = None  # at so many objects it answers no more, until it is let go on
    reached: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    def address(self, **fields: Any) -> ArchiveAddress:
        """Where it is."""
        return ArchiveAddress(**{"host": "127.0.0.1", "port": self.port, "called": CALLED} | fields)

    def keep(self, event: Any) -> int:
        """Handle a C-STORE."""
        data = event.encoded_dataset()
        self.received_bytes.append(data)
        self.kept.append(pydicom.dcmread(BytesIO(data)))
        if len(self.kept) == self.stops_at:
            self.reached.set()
            self.goes_on.wait(60)
        return self.status


@contextmanager
def archive(
    takes: Mapping[str, Sequence[str]],
    *,
    knows: Sequence[str] = (),
    status: int = 0,
    tls: ssl.SSLContext | None = None,
    port: int = 0,
    stops_at: int | None = None,
) -> Iterator[FakeArchive]:
    """`takes`: transfer syntaxes by SOP class; `knows`: calling titles it speaks with, none: all."""
    fake = FakeArchive(status=status, stops_at=stops_at)
    ae = AE(ae_title=CALLED)
    ae.require_called_aet = True
    ae.require_calling_aet = list(knows)
    ae.add_supported_context(Verification)
    for sop_class, syntaxes in takes.items():
        ae.add_supported_context(sop_class, list(syntaxes))
    server = ae.start_server(
        ("127.0.0.1", port), block=False, ssl_context=tls, evt_handlers=[(evt.EVT_C_STORE, fake.keep)]
    )
    assert server is not None
    fake.port = server.server_address[1]
    try:
        yield fake
    finally:
        fake.goes_on.set()
        server.shutdown()
