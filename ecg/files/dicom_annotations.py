"""Annotations as a DICOM waveform object holds them (PS3.3 C.10.10): codes or texts at samples of a group.

Moments of one kind share an item with many points: a day's beats are a few items, not a hundred thousand.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.decimal_strings import decimal_string, exact
from ecg.files.dicom_codes import annotation_code, annotation_term
from ecg.files.fields import printable
from ecg.tracing import Tracing

MAX_ANNOTATIONS = 250_000
MAX_ITEMS = 10_000
"""Each item is a data set of its own, which takes time to read."""

_POINTS_AN_ITEM = 10_000
"""The positions of an item have 65,535 bytes at most."""

_UNFORMATTED_CHARACTERS = 1024


def annotation_items(tracing: Tracing) -> list[Dataset]:
    """The tracing's annotations, on its group, which is the first; SignalError for one beyond its end.

    A code with a text is two items under one annotation group number, as an item holds one or the other.
    """
    items: list[Dataset] = []
    for number, (code, text, channel, kind, samples) in enumerate(_gathered(tracing), 1):
        alike = _items(code, _plain(text))
        for item in alike:
            item.ReferencedWaveformChannels = [1, _number_of(channel, tracing)]
            _place(item, kind, samples, tracing)
            if len(alike) > 1:
                item.AnnotationGroupNumber = number
        items += alike
        if len(items) > MAX_ITEMS:
            raise SignalError(f"annotations of more than {MAX_ITEMS} kinds, texts and stretches")
    return items


def _number_of(channel: int, tracing: Tracing) -> int:
    """Channels of a group count from 1 and 0 is all of it; ours count from 0, where 0 is all as well."""
    return channel + 1 if 0 < channel < len(tracing.channels) else 0


def _gathered(tracing: Tracing) -> Iterator[tuple[AnnotationCode, str, int, str, list[int]]]:
    """Code, text, channel, kind of range, and samples: each stretch, then moments that are alike together."""
    alike: dict[tuple[AnnotationCode, str, int], list[int]] = {}
    for said in tracing.annotations:
        if not 0 <= said.sample <= tracing.sample_count:
            raise SignalError(f"an annotation at sample {said.sample} of {tracing.sample_count}")
        end = min(said.sample + round(said.duration_s * tracing.rate_hz), tracing.sample_count)
        if end > said.sample:
            yield said.code, said.text, said.channel, "SEGMENT", [said.sample, end]
        else:
            alike.setdefault((said.code, said.text, said.channel), []).append(said.sample)
    for key, samples in alike.items():
        for first in range(0, len(samples), _POINTS_AN_ITEM):
            some = samples[first : first + _POINTS_AN_ITEM]
            yield *key, "POINT" if len(some) == 1 else "MULTIPOINT", some


def text_item(text: str) -> Dataset:
    """A remark on the whole of the first group."""
    item = Dataset()
    item.UnformattedTextValue = _plain(text)[:_UNFORMATTED_CHARACTERS]
    item.ReferencedWaveformChannels = [1, 0]
    return item


def _items(code: AnnotationCode, text: str) -> list[Dataset]:
    coded, unformatted = Dataset(), Dataset()
    coded.ConceptNameCodeSequence = annotation_term(code).sequence()
    if not text:
        return [coded]
    unformatted.UnformattedTextValue = text[:_UNFORMATTED_CHARACTERS]
    return [unformatted] if code is AnnotationCode.NOTE else [coded, unformatted]


def _plain(text: str) -> str:
    return "".join(c for c in text if c >= " " and c != "\x7f").strip()


def _place(item: Dataset, kind: str, samples: list[int], tracing: Tracing) -> None:
    item.TemporalRangeType = kind
    if max(samples) < tracing.sample_count:
        item.ReferencedSamplePositions = [sample + 1 for sample in samples]
    else:
        # The end itself is no sample; only a time can tell it.
        rate = exact(tracing.rate_hz)
        item.ReferencedTimeOffsets = [decimal_string(sample / rate) for sample in samples]


class _Placed(NamedTuple):
    """An item at samples of the group; `code` None: a text, or a code that is not ours."""

    code: AnnotationCode | None
    text: str
    channel: int
    number: int
    samples: tuple[int, ...]
    lasting: bool

    @property
    def association(self) -> tuple[object, ...]:
        """Equal for a code and its text."""
        return self.number, self.channel, self.samples

    def annotations(self, text: str, rate_hz: float) -> Iterator[Annotation]:
        """One for each moment or stretch."""
        ends = self.samples[1::2] if self.lasting else self.samples
        starts = self.samples[::2] if self.lasting else self.samples
        for sample, end in zip(starts, ends, strict=True):
            lasts_s = max(end - sample, 0) / rate_hz
            yield Annotation(
                sample, self.code or AnnotationCode.NOTE, text, channel=self.channel, duration_s=lasts_s
            )


def read_annotations(
    dataset: Dataset, place: str, group: int, rate_hz: float, count: int
) -> tuple[tuple[Annotation, ...], int]:
    """What is annotated at samples of this group (from 1), in order; and how many items are about something
    else: measurements, remarks on the whole, other groups.

    SourceUnreadable when there are too many, or one lies beyond the end.
    """
    items = dataset.get("WaveformAnnotationSequence") or ()
    if len(items) > MAX_ITEMS:
        raise SourceUnreadable(f"{place}: {len(items)} items of annotations; at most {MAX_ITEMS} are read")
    placed = [one for item in items if (one := _placed(item, group, rate_hz)) is not None]
    if sum(len(one.samples) for one in placed) > MAX_ANNOTATIONS:
        raise SourceUnreadable(f"{place}: more than {MAX_ANNOTATIONS} annotations")
    for one in placed:
        if not 0 <= min(one.samples) <= max(one.samples) <= count:
            raise SourceUnreadable(f"{place}: an annotation at sample {max(one.samples)} of {count}")
    found = sorted(_joined(placed, rate_hz), key=lambda annotation: annotation.sample)
    return tuple(found), len(items) - len(placed)


def _joined(placed: Sequence[_Placed], rate_hz: float) -> Iterator[Annotation]:
    """Annotations, each code with the text that was put beside it."""
    texts = {one.association: one.text for one in placed if one.code is None and one.number}
    taken = {one.association for one in placed if one.code is not None} & texts.keys()
    for one in placed:
        if one.code is not None:
            yield from one.annotations(texts.get(one.association, ""), rate_hz)
        elif one.association not in taken:
            yield from one.annotations(one.text, rate_hz)


def _placed(item: Dataset, group: int, rate_hz: float) -> _Placed | None:
    channel, samples = _channel(item, group), _samples(item, rate_hz)
    if channel is None or not samples or item.get("NumericValue") is not None:
        return None
    lasting = str(item.get("TemporalRangeType")) in ("SEGMENT", "MULTISEGMENT")
    if lasting and len(samples) % 2:
        return None
    code, text = _said(item)
    return _Placed(code, text, channel, int(item.get("AnnotationGroupNumber") or 0), samples, lasting)


def _channel(item: Dataset, group: int) -> int | None:
    """Our number of the channel it is about, 0 for all; None when it is not about this group."""
    referenced = _numbers(item, "ReferencedWaveformChannels")
    for of, channel in zip(referenced[::2], referenced[1::2], strict=False):
        if of == group:
            return max(int(channel) - 1, 0)
    return None


def _samples(item: Dataset, rate_hz: float) -> tuple[int, ...]:
    positions = _numbers(item, "ReferencedSamplePositions")
    if positions:
        return tuple(int(position) - 1 for position in positions)
    return tuple(round(second * rate_hz) for second in _numbers(item, "ReferencedTimeOffsets"))


def _numbers(item: Dataset, keyword: str) -> list[float]:
    value = item.get(keyword)
    if value is None or value == "":
        return []
    return [float(one) for one in (value if isinstance(value, (list, MultiValue)) else [value])]


def _said(item: Dataset) -> tuple[AnnotationCode | None, str]:
    """The code and the text; of a code that is not ours, its meaning is the text."""
    if not item.get("ConceptNameCodeSequence"):
        return None, str(item.get("UnformattedTextValue") or "")
    name = item.ConceptNameCodeSequence[0]
    code = annotation_code(str(name.CodingSchemeDesignator), str(name.CodeValue))
    return code, "" if code else printable(str(name.get("CodeMeaning") or ""))
