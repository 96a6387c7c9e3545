"""What is wrong, too large, too much or from nobody is refused, and touches nothing."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.accounts import Language
from records.consults import ConsentForm, IdentifierKind
from records.ids import SessionId
from signaling import messages as m
from signaling.reading import Unreadable, read_client_message
from signaling.refusals import Refusal
from tests.fakes.clinic import Clinic, ask, in_call
from tests.fakes.outbox import FakeOutbox
from tests.fakes.records import CHEN, ZHOU


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("{", "unreadable"),
        ("[]", "unreadable"),
        ("null", "unreadable"),
        ("[" * 10_000, "unreadable"),
        (b"\xff\xfe\x00", "unreadable"),
        ('"\ud800"', "unreadable"),
        ("{}", "unknown_message"),
        ('{"type":"become_administrator","id":"command-1"}', "unknown_message"),
        ('{"type":"done","re":"command-1"}', "unknown_message"),  # the server's own
        ('{"type":"accept_consult","id":"command-1"}', "unreadable"),
        ('{"type":"accept_consult","id":"command-1","consult_id":7}', "unreadable"),
        ('{"type":"accept_consult","id":"command-1","consult_id":"x","admin":true}', "unreadable"),
        ('{"type":"set_presence","id":"command-1","presence":"everywhere"}', "unreadable"),
        ('{"type":"point_at","consult_id":"x","x":NaN,"y":0}', "unreadable"),
        ('{"type":"say_chat","id":"command-1","consult_id":"x","text":"' + "a" * 65536 + '"}', "too_large"),
    ],
    ids=lambda value: repr(value)[:50],
)
async def test_what_cannot_be_read_is_refused(clinic: Clinic, text: str | bytes, code: str) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await clinic.desk.receive_text(doctor.line, text)
    refused = doctor.outbox.last(m.Refused)
    assert refused.code == code
    readable_id = '"id":"command-1"' in str(text)
    assert refused.re == ("command-1" if readable_id else "")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_reading_raises_nothing_but_unreadable(text: bytes | str) -> None:
    try:
        read_client_message(text)
    except Unreadable as error:
        assert error.refusal in (Refusal.UNREADABLE, Refusal.UNKNOWN_MESSAGE)


@pytest.mark.parametrize("command_id", ["", "short", "x" * 65])
async def test_a_command_needs_a_proper_id(clinic: Clinic, command_id: str) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await clinic.desk.receive(doctor.line, m.WatchDashboard(id=command_id, on=True))
    assert doctor.outbox.last(m.Refused).code == "unreadable"


@pytest.mark.parametrize("client_id", ["", "short", "x" * 65])
async def test_a_tab_needs_a_proper_id(clinic: Clinic, client_id: str) -> None:
    outbox = FakeOutbox()
    hello = m.Hello(client_id=client_id)
    line = await clinic.desk.connect(ZHOU, SessionId("s"), hello, outbox)
    assert outbox.closed == "protocol" and outbox.of(m.Welcome) == []
    await clinic.desk.receive(line, m.ProbeClock(sent_us=1))
    await clinic.desk.receive_text(line, "{")
    await clinic.desk.disconnect(line)
    assert len(outbox.sent) == 1


async def test_a_refusal_speaks_the_clients_language(clinic: Clinic) -> None:
    outbox = FakeOutbox()
    hello = m.Hello(client_id="tab-english", language=Language.EN)
    line = await clinic.desk.connect(ZHOU, SessionId("s"), hello, outbox)
    await clinic.desk.receive_text(line, "{")
    assert outbox.last(m.Refused).sentence.startswith("The message could not be read")
    await clinic.desk.receive(line, m.Hello(client_id="tab-english", language=Language.ZH))
    await clinic.desk.receive_text(line, "{")
    assert outbox.last(m.Refused).sentence.startswith("消息无法读取")


async def test_more_messages_than_allowed_are_refused_until_time_has_passed(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    for _ in range(100):
        await doctor.notice(m.ProbeClock(sent_us=1))
    assert len(doctor.outbox.of(m.ClockProbed)) == 100
    await clinic.desk.receive_text(doctor.line, "{")
    assert doctor.outbox.last(m.Refused).code == "rate_limited"
    consult_id = "not reached"
    assert await doctor.refused(m.SayChat, consult_id=consult_id, text="x") == "rate_limited"
    await chen.notice(m.ProbeClock(sent_us=1))  # another's allowance is her own
    assert chen.outbox.of(m.ClockProbed)
    clinic.clock.pass_s(0.1)
    for _ in range(6):
        await doctor.notice(m.ProbeClock(sent_us=1))
    assert len(doctor.outbox.of(m.ClockProbed)) == 105


@pytest.mark.parametrize(
    ("x", "y"), [(1.01, 0.5), (0.5, -0.01), (0.5, None), (None, 0.5), (float("inf"), 0), (float("nan"), 0)]
)
async def test_a_pointer_outside_the_picture_is_refused(clinic: Clinic, x: float, y: float) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    await chen.notice(m.PointAt(consult_id=consult_id, x=x, y=y))
    assert chen.outbox.last(m.Refused).code == "out_of_range"
    assert doctor.outbox.of(m.PointerMoved) == []


async def test_pointers_come_to_the_others_and_no_more_than_they_can_use(clinic: Clinic) -> None:
    doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
    consult_id = await in_call(clinic, doctor, chen)
    for _ in range(200):
        await chen.notice(m.PointAt(consult_id=consult_id, x=0.25, y=0.75))
    moved = doctor.outbox.of(m.PointerMoved)
    assert len(moved) == 60 and (moved[0].x, moved[0].y) == (0.25, 0.75)
    assert chen.outbox.of(m.PointerMoved) == [] and chen.outbox.of(m.Refused) == []


async def test_two_different_identifiers_are_compared(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    name, born = IdentifierKind.NAME, IdentifierKind.BIRTH_DATE
    for few in ((), (name,), (name, name)):
        code = await doctor.refused(m.ConfirmIdentity, consult_id=consult_id, identifiers=few)
        assert code == "two_identifiers_needed"
    card = doctor.card(consult_id)
    assert card is not None and not card.identity_confirmed
    await doctor.done(m.ConfirmIdentity, consult_id=consult_id, identifiers=(name, born))


async def test_a_witness_is_somebody_else(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    witnessed = {"consult_id": await ask(doctor), "form": ConsentForm.ORAL}
    for nobody in ("", f" {ZHOU.display_name} "):
        assert await doctor.refused(m.RecordConsent, **witnessed, witness=nobody) == "witness_needed"
    await doctor.done(m.RecordConsent, **witnessed, witness="吴倩")


@pytest.mark.parametrize(("text", "code"), [(" ", "text_needed"), ("字" * 2001, "text_too_long")])
async def test_a_chat_line_has_bounds(clinic: Clinic, text: str, code: str) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    assert await doctor.refused(m.SayChat, consult_id=consult_id, text=text) == code
    await doctor.done(m.SayChat, consult_id=consult_id, text="字" * 2000)


@pytest.mark.parametrize(
    "path",
    ["", " ", "M10 20", "L10 20", 'M0 0 L1 1"/><script>', "url(#x)", "M0 0" + " L1 1" * 20_000],
    ids=lambda p: p[:20],
)
async def test_a_signature_is_strokes_and_nothing_else(clinic: Clinic, path: str) -> None:
    doctor = await clinic.sign_in(ZHOU)
    consult_id = await ask(doctor)
    signing = {"consult_id": consult_id, "form": ConsentForm.PAD}
    code = await doctor.refused(m.RecordConsent, **signing, signature_svg_path=path)
    assert code in ("signature_needed", "too_large")
    await doctor.done(m.RecordConsent, **signing, signature_svg_path="M10.5,20 L30,40 C1 2 3 4 5 6")


async def test_a_server_message_is_not_taken_from_a_client(clinic: Clinic) -> None:
    doctor = await clinic.sign_in(ZHOU)
    await clinic.desk.receive(doctor.line, m.SignedOut(code="x"))
    assert doctor.outbox.last(m.Refused).code == "unknown_message"


async def test_a_fault_of_the_store_is_answered_and_does_not_raise(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = await clinic.sign_in(ZHOU)

    async def broken(work: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(clinic.records, "write", broken)
    answer = await doctor.send(m.SayChat, consult_id="x", text="y")
    assert isinstance(answer, m.Refused) and answer.code == "server_fault"
    assert msgspec.json.encode(answer)
