"""Keeps pydicom's remarks to itself: it warns of a damaged value by quoting it, maybe the patient's."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """Nothing that pydicom warns of or logs inside reaches a log or the console."""
    logger = logging.getLogger("pydicom")
    # A filter that stays: taking it away at the end would open the log to another thread's reading.
    if _silence not in logger.filters:
        logger.addFilter(_silence)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _silence(record: logging.LogRecord) -> bool:
    del record
    return False
