"""Derived measurements as somebody may read them: with all of their stills, or void."""

import datetime as dt
from collections.abc import Iterable

from records.accounts import Account
from records.derived_measurements import DerivedMeasurement
from records.ids import ResidentId
from records.ledger import Ledger
from records.ultrasound_stills import UltrasoundStill
from signaling.cards import read_person
from signaling.scopes import may_see_picture
from web.routes.derived_measurements import DerivedCard, DerivedFigure


def derived_cards(
    ledger: Ledger,
    account: Account,
    kept: Iterable[DerivedMeasurement],
    resident_id: ResidentId,
    now: dt.datetime,
) -> tuple[DerivedCard, ...]:
    """Those of this resident that the caller may read, the first kept first.

    A figure comes only where every still that it rests on is this resident's and may be seen: the figure of
    a void one is partly another resident's.
    """
    mine = [
        one for one in kept if one.resident_id == resident_id and may_see_picture(ledger, account, one, now)
    ]
    needed = {still_id for one in mine if not one.void for still_id in one.still_ids}
    seen = {
        one.id
        for one in map(ledger.ultrasound_stills.get, sorted(needed))
        if one.resident_id == resident_id and may_see_picture(ledger, account, one, now)
    }
    shown = (one for one in mine if one.void or seen.issuperset(one.still_ids))
    return tuple(_card(ledger, one) for one in sorted(shown, key=lambda one: one.kept_at))


def resting_on(
    ledger: Ledger, account: Account, still: UltrasoundStill, now: dt.datetime
) -> tuple[DerivedCard, ...]:
    """What was made of a still, as far as the caller may read it."""
    of_consult = ledger.derived_measurements.of_consult(still.consult_id)
    kept = [one for one in of_consult if still.id in one.still_ids]
    return derived_cards(ledger, account, kept, still.resident_id, now)


def _card(ledger: Ledger, one: DerivedMeasurement) -> DerivedCard:
    return DerivedCard(
        id=one.id,
        number=one.number,
        consult_id=one.consult_id,
        kept_at=one.kept_at,
        kept_by=read_person(ledger, one.kept_by),
        derivation=one.derivation,
        label=one.label,
        simulated=one.simulated,
        figure=None if one.void else _figure(one),
    )


def _figure(one: DerivedMeasurement) -> DerivedFigure:
    return DerivedFigure(
        value=one.value,
        unit=one.unit,
        uncertainty=one.uncertainty,
        calibration=one.calibration,
        scales_differ=one.scales_differ,
        parts=one.parts,
        still_ids=one.still_ids,
    )
