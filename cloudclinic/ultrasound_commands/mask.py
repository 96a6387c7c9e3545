"""`cloudclinic ultrasound mask`: a device profile is proposed, tried on a file, signed off by a person."""

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from cloudclinic.answers import Answer
from cloudclinic.errors import CommandFailed
from cloudclinic.ultrasound_commands.files import for_each
from ultrasound.cine import Cine, check_index
from ultrasound.dicom import open_dicom
from ultrasound.errors import ProfileWrong, SourceUnreadable
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.masking import Masked, Masker
from ultrasound.privacy.profile import DeviceProfile, check_profile, read_profile, write_profile
from ultrasound.privacy.proposal import Proposal, propose
from ultrasound.privacy.shapes import Box
from ultrasound.video import open_video

_VIDEO = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mpg", ".mpeg", ".ogv", ".asf", ".m4v"}
_LOOKED_AT_FRAMES = 24
"""Enough for a shape (docs/ultrasound-privacy.md)."""


def run(options: argparse.Namespace) -> int:
    """Propose a profile, or mask by one."""
    if options.sign_off and not options.profile:
        raise CommandFailed("--sign-off is of a profile that was looked at: give --profile")
    return for_each(options, lambda file: _answer(file, options))


def _answer(file: str, options: argparse.Namespace) -> Answer:
    if options.output and options.output.exists() and options.output.samefile(file):
        raise SourceUnreadable("what is written would go over the file itself")
    return _proposed(file, options) if options.propose else _masked(file, options)


def _proposed(file: str, options: argparse.Namespace) -> Answer:
    with closing(_opened(file)) as cine:
        count = min(_LOOKED_AT_FRAMES, cine.frame_count)
        found = propose(cine.frame(k * cine.frame_count // count) for k in range(count))
        if options.output:
            profile = _profile(found, cine.frame(0), options)
            options.output.write_bytes(write_profile(profile))
    told = {
        "file": file,
        "width": found.width_px,
        "height": found.height_px,
        "keep": msgspec.to_builtins(found.keep),
        "agreement": round(found.agreement, 3),
        "text": [_place(box) for box in found.text],
        "profile": str(options.output) if options.output else None,
        "signed_off": False,
    }
    return Answer(told, list(_proposal_lines(file, found, options.output)))


def _profile(found: Proposal, first: NDArray[np.uint8], options: argparse.Namespace) -> DeviceProfile:
    if not options.source or not options.layout:
        raise ProfileWrong("a profile is of a source in a layout: give --source and --layout")
    profile = msgspec.structs.replace(
        found.profile(options.source, options.layout),
        allowed=tuple(map(_box, options.allow)),
        black=tuple(map(_box, options.black)),
    )
    check_profile(profile)  # an anchor is looked up in the picture only where it lies in it
    anchors = tuple(anchor_at(first, _box(place)) for place in options.anchor)
    return msgspec.structs.replace(profile, anchors=anchors)


def _masked(file: str, options: argparse.Namespace) -> Answer:
    profile = read_profile(options.profile.read_bytes())
    # Tried before it is signed, which is how a person comes to look at it.
    masker = Masker([profile if profile.is_signed_off else profile.signed("nobody yet", "")])
    written: list[str] = []
    how: set[Masked] = set()
    with closing(_opened(file)) as cine:
        for index in _asked(cine, options):
            picture = np.array(cine.frame(index), np.uint8, order="C")
            how.add(masker.mask(picture))
            written += _written(picture, index, options.output)
    if options.sign_off:
        if any(one.unsure for one in how):
            raise ProfileWrong(
                "not every frame is in the profile's layout, so nobody saw what it shows: not signed"
            )
        profile = profile.signed(options.sign_off, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
        options.profile.write_bytes(write_profile(profile))
    told = {
        "file": file,
        "written": written,
        "masked": [_how(one) for one in sorted(how, key=str)],
        "signed_off": profile.is_signed_off,
    }
    return Answer(told, [f"{file}: {_in_words(written)}", *(_line(one) for one in how), _signature(profile)])


def _opened(file: str) -> Cine:
    return open_video(file) if Path(file).suffix.lower() in _VIDEO else open_dicom(file, paced=False)


def _asked(cine: Cine, options: argparse.Namespace) -> range:
    """One frame, or all of them where a directory is to hold them."""
    if options.output and options.output.is_dir():
        return range(cine.frame_count)
    check_index(options.frame - 1, cine.frame_count)
    return range(options.frame - 1, options.frame)


def _written(picture: NDArray[np.uint8], index: int, output: Path | None) -> Iterator[str]:
    if output is None:
        return
    path = output / f"frame_{index + 1:05d}.png" if output.is_dir() else output
    done, data = cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))  # OpenCV takes BGR
    assert done
    path.write_bytes(data.tobytes())
    yield str(path)


def _box(said: str) -> Box:
    try:
        left, top, width, height = map(int, said.split(","))
    except ValueError:
        raise ProfileWrong(f"{said!r} is no place; whole numbers LEFT,TOP,WIDTH,HEIGHT are right") from None
    return Box(left_px=left, top_px=top, width_px=width, height_px=height)


def _place(box: Box) -> list[int]:
    return [box.left_px, box.top_px, box.width_px, box.height_px]


def _how(masked: Masked) -> dict[str, str | None]:
    unsure = masked.unsure.value if masked.unsure else None
    return {"seen": masked.seen.value, "layout": masked.layout, "unsure": unsure}


def _line(masked: Masked) -> str:
    if masked.unsure is None:
        return f"masked by the layout {masked.layout}"
    return f"{masked.unsure.value.replace('_', ' ')}: {masked.seen.value.replace('_', ' ')} stays"


def _signature(profile: DeviceProfile) -> str:
    if profile.signed_off is None or not profile.is_signed_off:
        return "not signed off: counts for nothing until a person has looked and signs with --sign-off NAME"
    return f"signed off by {profile.signed_off.by} at {profile.signed_off.at}"


def _in_words(written: list[str]) -> str:
    return "nothing written" if not written else written[0] if len(written) == 1 else f"{len(written)} frames"


def _proposal_lines(file: str, found: Proposal, output: Path | None) -> Iterator[str]:
    kind = type(found.keep).__name__.lower().replace("box", "rectangle") if found.keep else None
    shape = f"{kind}, agreement {found.agreement:.2f}" if kind else "no shape: too little moves"
    yield f"{file}: {found.width_px}x{found.height_px}, {shape}"
    yield from (f"text at {','.join(map(str, _place(box)))}" for box in found.text)
    if output:
        yield f"{output}: not signed off; look at it with --profile {output} -o OUT.png"
