"""Handlers of `web.routes.card_profiles`."""

import datetime as dt

import msgspec

from records.audit import Action
from records.card_profiles import CardProfile, check_card_profile
from records.errors import NotFound
from records.ids import CardProfileId, new_id
from records.ledger import Ledger
from records.permissions import Permission, Scope
from ultrasound.errors import ProfileWrong
from ultrasound.privacy.profile import DeviceProfile
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routes.card_profiles import CardProfileGiven, CardProfiles, SignCardProfile
from web.routing import KIB, RouteTable

table = RouteTable()


@table.route("GET", "/api/card-profiles", permission=Permission.PUBLISH_ULTRASOUND, scope=Scope.INSTITUTION)
async def card_profiles(call: Call[None]) -> CardProfiles:
    """The signed profiles of the caller's institution, of every capture card."""
    kept = await call.parts.records.read(
        lambda ledger: ledger.card_profiles.of_institution(call.account.institution_id)
    )
    return CardProfiles(profiles=tuple(_given(one) for one in kept if one.holds))


@table.route(
    "PUT",
    "/api/card-profiles",
    permission=Permission.SIGN_CARD_PROFILE,
    scope=Scope.INSTITUTION,
    body=SignCardProfile,
    body_limit_bytes=512 * KIB,
)
async def sign_card_profile(call: Call[SignCardProfile]) -> CardProfileGiven:
    """Sign off what of a capture card's picture may be seen. The server checks it, reckons its digest and
    signs in the caller's name; an overtaken version is refused.
    """
    if not call.body.names_nobody:
        raise Refused(ProblemCode.BAD_FIELDS, {"names_nobody": "a person must have looked at the picture"})
    signed = _signed(call)

    def save(ledger: Ledger) -> CardProfile:
        before = ledger.card_profiles.like(call.account.institution_id, signed)
        one = CardProfile(
            id=before.id if before else CardProfileId(new_id()),
            institution_id=call.account.institution_id,
            version=call.body.version + 1,
            profile=signed,
            signed_by=call.account.id,
            signed_at=call.now,
        )
        ledger.card_profiles.save(one)
        digest = f"sha256 {signed.digest}"
        ledger.audit.append(call.event(Action.SIGN, "card_profile", one.id, reason=digest))
        return one

    return _given(await call.parts.records.write(save))


@table.route(
    "DELETE", "/api/card-profiles/{id}", permission=Permission.SIGN_CARD_PROFILE, scope=Scope.INSTITUTION
)
async def withdraw_card_profile(call: Call[None]) -> None:
    """Take a profile back: what its card gives in that layout is black from the next start on."""
    profile_id = CardProfileId(call.named("id"))

    def delete(ledger: Ledger) -> None:
        if ledger.card_profiles.get(profile_id).institution_id != call.account.institution_id:
            raise NotFound("a card profile of another institution")
        ledger.card_profiles.delete(profile_id)
        ledger.audit.append(call.event(Action.DELETE, "card_profile", profile_id))

    await call.parts.records.write(delete)


def _signed(call: Call[SignCardProfile]) -> DeviceProfile:
    """The profile with the server's signature; raises `Refused` with what is wrong with it."""
    check_card_profile(call.body.profile)
    at = call.now.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        unsigned = msgspec.structs.replace(call.body.profile, signed_off=None)
        return unsigned.signed(call.account.display_name, at)
    except ProfileWrong as fault:
        raise Refused(ProblemCode.BAD_FIELDS, {"profile": str(fault)}) from None


def _given(one: CardProfile) -> CardProfileGiven:
    return CardProfileGiven(id=one.id, version=one.version, profile=one.profile)
