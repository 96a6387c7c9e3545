"""A weak line: nothing is given up silently, and each is told what concerns it."""

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from records.ids import BindingId, ConsultId
from records.rooms import Encoding, GivenUp, MediaKind
from signaling import messages as m
from signaling import station_messages as s
from signaling.picture_part import possible
from signaling.ports import LineWeak, SourceCapped
from signaling.station_lines import StationLine
from tests.fakes.clinic import Client, Clinic, bind, in_call, join, open_clinic
from tests.fakes.records import CHEN, ZHOU

PART = m.PicturePart(
    captured_width=640,
    captured_height=480,
    left=96,
    top=64,
    width=432,
    height=352,
    sent_width=324,
    sent_height=264,
)
FACES = frozenset({GivenUp.FACES})


def picture(binding_id: BindingId, part: m.PicturePart = PART) -> s.StationPicture:
    given_up = (GivenUp.ULTRASOUND_CROPPED, GivenUp.ULTRASOUND_SMALL)
    return s.StationPicture(
        binding_id=binding_id, since_us=1_790_000_000_000_000, part=part, given_up=given_up
    )


async def test_a_viewer_is_told_what_its_own_line_makes_it_do_without_and_when_that_is_over(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    given_up = frozenset({GivenUp.ULTRASOUND_FRAMES, GivenUp.FACES})
    await clinic.desk.media_event(LineWeak(peer_id=hers, given_up=given_up))
    told = chen.outbox.last(m.LineReduced)
    assert (told.consult_id, told.given_up) == (consult_id, (GivenUp.FACES, GivenUp.ULTRASOUND_FRAMES))
    assert doctor.outbox.last(m.LineReduced).given_up == ()
    await clinic.desk.media_event(LineWeak(peer_id=hers, given_up=frozenset()))
    assert chen.outbox.last(m.LineReduced).given_up == ()
    await clinic.desk.media_event(LineWeak(peer_id="unknown", given_up=given_up))


async def test_a_publisher_is_told_its_share_and_a_station_is_not(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    _, station = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    await bind(doctor, consult_id)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    capped = SourceCapped(peer_id=hers, mid="1", kind=MediaKind.FACE, bits_per_second=300_000)
    await clinic.desk.media_event(capped)
    told = chen.outbox.last(m.SendAtMost)
    assert (told.peer_id, told.mid, told.kind, told.bits_per_second) == (hers, "1", MediaKind.FACE, 300_000)
    assert doctor.outbox.of(m.SendAtMost) == []
    stations = station.last(s.StationMediaOffer).peer_id
    sent = len(station.sent)
    await clinic.desk.media_event(msgspec.structs.replace(capped, peer_id=stations))
    assert len(station.sent) == sent


async def test_who_comes_back_is_told_again_and_a_new_path_begins_with_nothing_given_up(
    clinic: Clinic,
) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN, "tab-of-chen")
    consult_id = await in_call(clinic, doctor, chen)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.media_event(LineWeak(peer_id=hers, given_up=FACES))
    capped = SourceCapped(peer_id=hers, mid="1", kind=MediaKind.FACE, bits_per_second=200_000)
    await clinic.desk.media_event(capped)
    seen = max(event.seq for event in chen.outbox.events)
    await clinic.desk.disconnect(chen.line)
    chen = await clinic.sign_in(CHEN, "tab-of-chen", resume_after=seen)
    assert chen.outbox.last(m.LineReduced).given_up == (GivenUp.FACES,)
    assert chen.outbox.last(m.SendAtMost).bits_per_second == 200_000
    await chen.done(m.RestartMedia, consult_id=consult_id)
    assert chen.outbox.last(m.LineReduced).given_up == ()
    assert len(chen.outbox.of(m.SendAtMost)) == 1


class Bound(NamedTuple):
    """Two doctors in a call, and the station that is bound in it."""

    doctor: Client
    chen: Client
    line: StationLine
    consult_id: ConsultId
    binding_id: BindingId


async def bound(clinic: Clinic) -> Bound:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    line, _ = await clinic.station()
    consult_id = await in_call(clinic, doctor, chen)
    return Bound(doctor, chen, line, consult_id, await bind(doctor, consult_id))


async def test_the_shown_part_of_the_picture_is_told_to_everybody_and_to_who_comes_later(
    clinic: Clinic,
) -> None:
    doctor, chen, line, consult_id, binding_id = await bound(clinic)
    await clinic.desk.station_receive(line, picture(binding_id))
    for person in (doctor, chen):
        shown = person.outbox.last(m.PictureShown)
        assert (shown.consult_id, shown.binding_id, shown.part) == (consult_id, binding_id, PART)
    await chen.done(m.LeaveRoom, consult_id=consult_id)
    await join(chen, consult_id)
    assert [one.part for one in chen.outbox.of(m.PictureShown)] == [PART, PART]
    again = await bind(doctor, consult_id)
    await chen.done(m.RestartMedia, consult_id=consult_id)
    assert again != binding_id and len(chen.outbox.of(m.PictureShown)) == 2


async def test_a_picture_of_another_binding_or_an_impossible_part_is_refused(clinic: Clinic) -> None:
    _, chen, line, _, binding_id = await bound(clinic)
    viewer = chen.outbox
    await clinic.desk.station_receive(line, picture(BindingId("another")))
    await clinic.desk.station_receive(line, picture(binding_id, msgspec.structs.replace(PART, left=300)))
    assert viewer.of(m.PictureShown) == []


@pytest.mark.parametrize(
    ("changes", "can_be"),
    [
        ({}, True),
        ({"captured_width": 641, "left": 0, "width": 642, "sent_width": 642}, True),
        ({"captured_width": 640, "left": 0, "width": 642}, False),
        ({"left": -1}, False),
        ({"top": 140}, False),
        ({"width": 0}, False),
        ({"sent_height": 353}, False),
        ({"sent_width": 0}, False),
        ({"captured_height": 0, "top": 0, "height": 0}, False),
        ({"captured_width": 1 << 20}, False),
    ],
)
def test_a_part_lies_in_the_captured_picture(changes: dict[str, int], can_be: bool) -> None:
    assert possible(msgspec.structs.replace(PART, **changes)) is can_be


async def test_faults_of_ones_own_line_are_not_for_real_use(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    fault = m.LineFault.CUT_10_S
    assert await doctor.refused(m.SpoilLine, consult_id=consult_id, fault=fault) == "demo_only"
    assert clinic.spoilt == []


async def test_a_fault_in_the_demo_is_on_ones_own_line_and_opens_media_anew_when_it_has_to(
    tmp_path: Path,
) -> None:
    async with open_clinic(tmp_path, demo=True) as clinic:
        doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        consult_id = await in_call(clinic, doctor, chen)
        before = doctor.outbox.last(m.MediaOffer).peer_id
        theirs = clinic.media.peers[before].participant_id
        await doctor.done(m.SpoilLine, consult_id=consult_id, fault=m.LineFault.NARROW_384)
        assert clinic.spoilt == [(theirs, m.LineFault.NARROW_384)]
        after = doctor.outbox.last(m.MediaOffer).peer_id
        assert after != before
        await doctor.done(m.SpoilLine, consult_id=consult_id, fault=m.LineFault.MENDED)
        assert doctor.outbox.last(m.MediaOffer).peer_id == after
        await doctor.done(m.LeaveRoom, consult_id=consult_id)
        code = await doctor.refused(m.SpoilLine, consult_id=consult_id, fault=m.LineFault.MENDED)
        assert code == "not_in_room"


async def test_the_dashboard_tells_what_anybody_does_without(clinic: Clinic) -> None:
    doctor, chen, line, consult_id, binding_id = await bound(clinic)
    (live,) = (await clinic.desk.dashboard()).live
    assert live.given_up == ()
    await clinic.desk.station_receive(line, picture(binding_id))
    hers = chen.outbox.last(m.MediaOffer).peer_id
    await clinic.desk.media_event(LineWeak(peer_id=hers, given_up=FACES))
    (live,) = (await clinic.desk.dashboard()).live
    assert live.given_up == (GivenUp.FACES, GivenUp.ULTRASOUND_CROPPED, GivenUp.ULTRASOUND_SMALL)


async def test_who_gets_the_reduced_encoding_is_told_what_is_given_up_in_it_and_the_others_are_not(
    clinic: Clinic,
) -> None:
    doctor, chen, line, consult_id, binding_id = await bound(clinic)
    whole = msgspec.structs.replace(
        PART, left=0, top=0, width=640, height=480, sent_width=640, sent_height=480
    )
    main = msgspec.structs.replace(picture(binding_id, whole), given_up=())
    reduced = msgspec.structs.replace(picture(binding_id), encoding=Encoding.REDUCED)
    await clinic.desk.station_receive(line, main)
    hers = chen.outbox.last(m.MediaOffer).peer_id
    slow = LineWeak(peer_id=hers, given_up=frozenset(), encoding=Encoding.REDUCED)
    await clinic.desk.media_event(slow)
    assert chen.outbox.last(m.LineReduced).given_up == (GivenUp.ULTRASOUND_COARSE,)
    await clinic.desk.station_receive(line, reduced)
    all_of_it = (GivenUp.ULTRASOUND_COARSE, GivenUp.ULTRASOUND_CROPPED, GivenUp.ULTRASOUND_SMALL)
    assert chen.outbox.last(m.LineReduced).given_up == all_of_it
    assert {one.given_up for one in doctor.outbox.of(m.LineReduced)} == {()}
    for person in (doctor, chen):  # its place in the captured picture is told to both
        told = [(one.encoding, one.part) for one in person.outbox.of(m.PictureShown)]
        assert told == [(Encoding.MAIN, whole), (Encoding.REDUCED, PART)]
    (live,) = (await clinic.desk.dashboard()).live
    assert live.given_up == all_of_it

    await doctor.done(m.LeaveRoom, consult_id=consult_id)
    await join(doctor, consult_id)
    assert [one.encoding for one in doctor.outbox.of(m.PictureShown)][2:] == [Encoding.MAIN, Encoding.REDUCED]
    assert doctor.outbox.last(m.LineReduced).given_up == ()
    await clinic.desk.media_event(msgspec.structs.replace(slow, encoding=Encoding.MAIN))
    assert chen.outbox.last(m.LineReduced).given_up == ()
    assert (await clinic.desk.dashboard()).live[0].given_up == ()
