"""What comes in at a recorder: a thread that empties its sockets at once into a bounded queue.

The media worker never waits for the disk: while a sync takes long, records wait here; when the queue is full
they are counted, and the next record tells of them.
"""

import selectors
import socket
import threading
from pathlib import Path

from records.tape_records import MAX_RECORD_BYTES, with_loss

QUEUE_BYTES = 32 << 20
RECEIVE_BUFFER_BYTES = 4 << 20


class Intake:
    """Listens on a Unix SOCK_SEQPACKET socket for as long as it is open."""

    def __init__(self, path: Path, queue_bytes: int = QUEUE_BYTES) -> None:
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._listening.bind(str(path))
        self._listening.listen(8)
        self._listening.setblocking(False)
        self._limit = queue_bytes
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._lost = 0
        self._woken, self._wake = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="tape-intake", daemon=True)
        self._thread.start()

    def take(self) -> tuple[list[bytes], int]:
        """Everything that waits, and how many records were lost after the last of them."""
        with self._lock:
            taken, self._waiting = self._waiting, []
            lost, self._lost = self._lost, 0
            self._waiting_bytes = 0
            return taken, lost

    def close(self) -> None:
        """Read what has been sent already, then listen no more."""
        self._closing = True
        self._wake.send(b"x")
        self._thread.join()
        for end in (self._wake, self._woken):  # not by the thread: it may see the end before it is woken
            end.close()

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select():
                if key.data is not None:
                    key.data(key.fileobj)
        self._accept(self._listening)  # who came at the very end and was not seen yet
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket) and key.fileobj is not self._woken:
                if key.data == self._read:
                    self._read(key.fileobj)
                key.fileobj.close()
        self._selector.close()

    def _accept(self, listening: socket.socket) -> None:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, self._read)

    def _read(self, connection: socket.socket) -> None:
        while True:
            try:
                data = connection.recv(MAX_RECORD_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._selector.unregister(connection)
                connection.close()
                return
            self._put(data)

    def _put(self, data: bytes) -> None:
        with self._lock:
            if self._waiting_bytes + len(data) > self._limit:
                self._lost += 1
                return
            self._waiting.append(with_loss(data, self._lost))
            self._waiting_bytes += len(data)
            self._lost = 0
