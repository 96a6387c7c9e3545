"""What of capture cards' pictures may be seen: signed by a person, kept by institution, handed out only if
signed.
"""

from typing import Any

import msgspec

from records.audit import Action
from records.card_profiles import CardProfile
from records.ids import CardProfileId
from tests.fakes.records import CHEN, WU, ZHOU
from tests.fakes.served import Served
from tests.ultrasound.privacy.profiles import box, profile
from ultrasound.privacy.profile import DeviceProfile

URL = "/api/card-profiles"


def sent(version: int = 0, names_nobody: bool = True, **fields: Any) -> dict[str, Any]:
    """An unsigned profile as a browser sends it."""
    made = msgspec.structs.replace(profile(), **{"source": "USB Video (534d:2109)"} | fields)
    return {"version": version, "names_nobody": names_nobody, "profile": msgspec.to_builtins(made)}


async def test_the_server_signs_what_a_person_looked_at_and_hands_it_out(served: Served) -> None:
    doctor = await served.signed_in(ZHOU)
    given = await doctor.put(URL, sent())
    assert given.status == 200, given.json
    kept = msgspec.convert(given.json["profile"], DeviceProfile)
    assert kept.is_signed_off and kept.signed_off is not None
    assert (kept.signed_off.by, kept.signed_off.at[-1]) == (ZHOU.display_name, "Z")
    nurse = await served.signed_in(WU)  # of the same station
    assert (await nurse.get(URL)).json == {"profiles": [given.json]}
    (noted,) = [one for one in await served.audit() if one.action is Action.SIGN]
    assert (noted.object_kind, noted.resident_id) == ("card_profile", None)
    assert kept.digest in noted.reason


async def test_a_signature_that_comes_with_the_profile_counts_for_nothing(served: Served) -> None:
    doctor = await served.signed_in(ZHOU)
    forged = sent()
    forged["profile"]["signed_off"] = {"by": "Somebody", "at": "2020-01-01T00:00:00Z", "digest": "0" * 64}
    signed = (await doctor.put(URL, forged)).json["profile"]["signed_off"]
    assert signed["by"] == ZHOU.display_name and signed["digest"] != "0" * 64


async def test_only_a_doctor_of_the_institution_signs_and_only_what_was_looked_at(served: Served) -> None:
    assert (await (await served.signed_in(WU)).put(URL, sent())).code == "not_allowed"
    assert (await (await served.signed_in(CHEN)).get(URL)).code == "not_allowed"
    doctor = await served.signed_in(ZHOU)
    assert (await doctor.put(URL, sent(names_nobody=False))).json["fields"].keys() == {"names_nobody"}
    wrong = (
        sent(keep=()),  # shows nothing
        sent(allowed=(box(1, 1, 9, 9),)),  # text, and no anchor to tell the layout by
        sent(keep=(box(60, 40, 9, 9),)),  # outside of the picture
        sent(layout=" "),
    )
    for one in wrong:
        assert (await doctor.put(URL, one)).json["fields"].keys() == {"profile"}
    assert (await doctor.put(URL, sent(layout="x" * 61))).code == "out_of_range"
    assert (await doctor.get(URL)).json == {"profiles": []}


async def test_a_card_has_a_profile_for_each_size_and_layout_and_the_newest_signature_holds(
    served: Served,
) -> None:
    doctor = await served.signed_in(ZHOU)
    first = (await doctor.put(URL, sent())).json
    again = await doctor.put(URL, sent(version=1, keep=(box(3, 3, 20, 20),)))
    assert (again.json["id"], again.json["version"]) == (first["id"], 2)
    for overtaken in (0, 1, 7):
        assert (await doctor.put(URL, sent(version=overtaken))).code == "changed_meanwhile"
    for other in (sent(layout="M mode"), sent(width_px=128), sent(source="another card")):
        assert (await doctor.put(URL, other)).json["version"] == 1
    assert len((await doctor.get(URL)).json["profiles"]) == 4


async def test_a_profile_that_is_taken_back_is_handed_out_no_more(served: Served) -> None:
    doctor = await served.signed_in(ZHOU)
    one = (await doctor.put(URL, sent())).json
    assert (await (await served.signed_in(WU)).delete(f"{URL}/{one['id']}")).code == "not_allowed"
    assert (await doctor.delete(f"{URL}/{one['id']}")).status == 204
    assert (await doctor.get(URL)).json == {"profiles": []}
    assert (await doctor.delete(f"{URL}/{one['id']}")).code == "not_found"
    assert (await doctor.put(URL, sent())).json["version"] == 1


async def test_a_profile_that_was_changed_after_it_was_signed_is_handed_out_no_more(served: Served) -> None:
    doctor = await served.signed_in(ZHOU)
    one = (await doctor.put(URL, sent())).json

    def damage(ledger: Any) -> None:
        kept: CardProfile = ledger.card_profiles.get(CardProfileId(one["id"]))
        wider = msgspec.structs.replace(kept.profile, keep=(box(0, 0, 64, 48),))
        ledger.card_profiles.save(msgspec.structs.replace(kept, profile=wider, version=2))

    await served.parts.records.write(damage)
    assert (await doctor.get(URL)).json == {"profiles": []}
