"""`python -m records.exchange.archive.worklist_process`: answers scanners that ask for their worklist.

It knows nobody: for each question of a scanner it asks who started it, on standard output, and is answered on
standard input (`records.exchange.archive.worklist_answers`). It ends when standard input does.
"""

import itertools
import logging
import queue
import resource
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    ModalityWorklistInformationFind,
    Verification,
)

from records.exchange.archive.worklist_answers import (
    LENGTH_BYTES,
    Asked,
    Listen,
    Listening,
    NotListening,
    Steps,
    framed,
    length_of,
)
from records.exchange.archive.worklist_matching import matches, worklist_item
from records.values import Value

_PENDING, _CANCELLED, _UNABLE = 0xFF00, 0xFE00, 0xC001
_ANSWER_S = 10.0
_PATIENCE_S = 30.0
_MOST_AT_ONCE = 8
_MEMORY_BYTES = 512 << 20


class Questions:
    """Questions to the server, and the answers that are awaited."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.Queue[Steps]] = {}
        self._lock = threading.Lock()

    def tell(self, message: Value) -> None:
        """Say something to the server; whole, whichever thread says it."""
        with self._lock:
            self._out.write(framed(message))
            self._out.flush()

    def ask(self, scanner: str) -> Steps | None:
        """The steps of a scanner; None: no answer came in time."""
        answers: queue.Queue[Steps] = queue.Queue(1)
        number = next(self._numbers)
        self._waiting[number] = answers
        try:
            self.tell(Asked(number=number, scanner=scanner))
            return answers.get(timeout=_ANSWER_S)
        except queue.Empty:
            return None
        finally:
            self._waiting.pop(number, None)

    def answered(self, steps: Steps) -> None:
        """An answer came."""
        if (waiting := self._waiting.get(steps.number)) is not None:
            waiting.put_nowait(steps)


def answer(event: Any, questions: Questions) -> Iterator[tuple[int, Dataset | None]]:
    """Handle a C-FIND."""
    scanner = event.assoc.requestor.ae_title.strip()
    try:
        query = event.identifier
    except Exception:  # a damaged question makes a reader raise anything
        yield _UNABLE, None
        return
    steps = questions.ask(scanner)
    if steps is None or steps.steps is None:
        yield _UNABLE, None
        return
    for item in (worklist_item(step, scanner) for step in steps.steps):
        if event.is_cancelled:
            yield _CANCELLED, None
            return
        if matches(item, query):
            yield _PENDING, item


def _entity(wanted: Listen) -> AE:
    ae = AE(ae_title=wanted.title)
    ae.require_called_aet = True
    ae.require_calling_aet = list(wanted.scanners)
    ae.maximum_associations = _MOST_AT_ONCE
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = _PATIENCE_S
    ae.add_supported_context(Verification)
    ae.add_supported_context(ModalityWorklistInformationFind)
    return ae


def _read(source: BinaryIO) -> bytes | None:
    """The next message; None: there will be none."""
    head = source.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    return source.read(length_of(head))


def main() -> None:
    """Listen until standard input ends."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)  # a library logs what it is asked and answers, the patient with it
    source, questions = sys.stdin.buffer, Questions(sys.stdout.buffer)
    first = _read(source)
    if first is None:
        return
    wanted = msgspec.msgpack.decode(first, type=Listen)
    handlers = [(evt.EVT_C_FIND, answer, [questions])]
    try:
        server = _entity(wanted).start_server(
            (wanted.host, wanted.port),
            block=False,
            evt_handlers=handlers,  # type: ignore[arg-type]
        )
    except OSError as error:
        questions.tell(NotListening(why=error.strerror or type(error).__name__))
        return
    assert server is not None
    questions.tell(Listening(port=server.server_address[1]))
    try:
        while (message := _read(source)) is not None:
            questions.answered(msgspec.msgpack.decode(message, type=Steps))
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
