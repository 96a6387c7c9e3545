"""What a specialist says of herself outlives the server."""

from records.accounts import Presence
from records.audit import Action
from records.ledger import Ledger
from signaling import messages as m
from tests.fakes.clinic import Clinic, ask
from tests.fakes.records import CHEN, ZHAO, ZHOU


async def test_a_restart_rings_nobody_who_said_to_be_away(clinic: Clinic) -> None:
    chen, zhao = await clinic.sign_in(CHEN), await clinic.sign_in(ZHAO)
    await chen.done(m.SetPresence, presence=Presence.AWAY)
    await zhao.done(m.SetPresence, presence=Presence.BUSY)
    await clinic.restart()
    doctor = await clinic.sign_in(ZHOU)
    chen, zhao = await clinic.sign_in(CHEN), await clinic.sign_in(ZHAO)
    told = [one.outbox.last(m.Welcome).snapshot for one in (chen, zhao)]
    assert [one.presence for one in told if one] == [Presence.AWAY, Presence.BUSY]
    consult_id = await ask(doctor)
    cards = [one.card(consult_id) for one in (chen, zhao)]
    assert [card.rings_me for card in cards if card] == [False, False]


async def test_who_is_available_again_is_rung_also_after_the_restart(clinic: Clinic) -> None:
    chen = await clinic.sign_in(CHEN)
    await chen.done(m.SetPresence, presence=Presence.AWAY)
    await chen.done(m.SetPresence, presence=Presence.AVAILABLE)
    await clinic.restart()
    chen, doctor = await clinic.sign_in(CHEN), await clinic.sign_in(ZHOU)
    card = chen.card(await ask(doctor))
    assert card is not None and card.rings_me


async def test_it_is_on_the_audit_trail_and_nobody_elses_to_say(clinic: Clinic) -> None:
    chen, doctor = await clinic.sign_in(CHEN), await clinic.sign_in(ZHOU)
    await chen.done(m.SetPresence, presence=Presence.BUSY)
    assert await doctor.refused(m.SetPresence, presence=Presence.BUSY) == "not_allowed"

    def said(ledger: Ledger) -> list[tuple[str | None, Action]]:
        every = [entry.event for entry in ledger.audit.all()]
        return [(one.actor_id, one.action) for one in every if one.object_kind == "presence"]

    assert await clinic.records.read(said) == [(CHEN.id, Action.CHANGE)]
