"""A site's table: what is understood, and that everything else is refused with its place."""

import re
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.critical.kinds import KINDS
from ecg.critical.loading import default_table, load_table
from ecg.critical.rule import LeadsNeeded, RuleKind
from ecg.errors import CriticalTableWrong
from ecg.words import Language

SHIPPED = resources.files("ecg.critical").joinpath("zhejiang.toml").read_text(encoding="utf-8")

HEAD = 'id = "site"\nname_zh = "本站"\nname_en = "Site"\n'
PAUSE = """
[[rules]]
id = "pause"
name_zh = "长间歇 ≥{pause_s} s"
name_en = "Pause of {pause_s} s"
test = "pause"
needs = { seconds = 5 }
limits = { pause_s = 5.0 }
"""


def refused(text: str, match: str) -> None:
    with pytest.raises(CriticalTableWrong, match=match):
        load_table(text.encode(), "site.toml")


def test_the_shipped_list_is_that_of_zhejiang_item_by_item() -> None:
    table = default_table()
    assert {rule.item for rule in table.rules} == {f"1.{k}" for k in range(1, 12)}
    limits = {rule.id: rule.limits for rule in table.rules}
    assert limits["pause"]["pause_s"] == 3.0
    assert limits["bradycardia"]["below_per_min"] == 35
    assert limits["av_block_3_slow"]["below_per_min"] == 40
    assert limits["ventricular_tachycardia"] == {"per_min": 150, "least_s": 30, "qrs_ms": 120}
    assert limits["supraventricular_tachycardia"]["per_min"] == 230
    assert limits["fast_atrial_fibrillation"]["per_min"] == 180
    assert limits["preexcited_atrial_fibrillation"]["shortest_rr_ms"] == 250
    st_limits = limits["st_elevation"]
    assert (st_limits["limb_mv"], st_limits["v1_v3_mv"], st_limits["v4_v6_mv"]) == (0.1, 0.3, 0.1)
    assert {rule.id for rule in table.rules if rule.first_found} == {"av_block_3", "st_elevation"}
    assert {rule.id for rule in table.rules if rule.test is RuleKind.BY_PERSON} == {"reinfarction"}
    assert {rule.test for rule in table.rules} == set(RuleKind)


def test_every_kind_of_test_has_its_limits() -> None:
    assert set(KINDS) == set(RuleKind) - {RuleKind.BY_PERSON}


def test_names_hold_the_sites_own_limits() -> None:
    table = load_table((HEAD + PAUSE).encode(), "site.toml")
    assert table.rules[0].name(Language.ZH) == "长间歇 ≥5 s"
    assert table.rules[0].name(Language.EN) == "Pause of 5 s"
    for rule in default_table().rules:
        for language in Language:
            assert rule.name(language) and "{" not in rule.name(language)


def test_what_is_left_out_has_its_default() -> None:
    (rule,) = load_table((HEAD + PAUSE).encode(), "site.toml").rules
    assert (rule.item, rule.first_found) == ("", False)
    needs = rule.needs
    assert (needs.leads, needs.earlier_ecg) == (LeadsNeeded.ANY, False)
    assert (needs.from_years, needs.below_years) == (18.0, None)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (("pause_s = 5.0", "pause_s = 30"), r"rule 1 \(pause\), limits, pause_s: 30; 1.5 to 10"),
        (("pause_s = 5.0", "pause_s = nan"), r"pause_s: nan; 1.5 to 10"),
        (("pause_s = 5.0", "pause_s = true"), r"pause_s: True is not a number"),
        (("pause_s = 5.0", 'pause_s = "5"'), r"pause_s: '5' is not a number"),
        (("pause_s = 5.0", "pause_s = 5.0, colour = 1"), r"limits: colour is not known"),
        (("limits = { pause_s = 5.0 }", "limits = {}"), r"limits: pause_s is missing"),
        (("limits = { pause_s = 5.0 }", ""), r"rule 1 \(pause\): limits is missing"),
        (("limits = { pause_s = 5.0 }", "limits = 5"), r"limits: 5 is not a table"),
        (('test = "pause"', 'test = "pauze"'), r"test: 'pauze'; pause, slow_rate,"),
        (("seconds = 5", "seconds = -1"), r"needs, seconds: -1; 0 to 600"),
        (("seconds = 5", 'seconds = 5, leads = "two"'), r"needs, leads: 'two'; any, twelve are known"),
        (("seconds = 5", "seconds = 5, earlier_ecg = 1"), r"earlier_ecg: 1 is not true or false"),
        (("seconds = 5", "seconds = 5, from_years = 20, below_years = 18"), r"below 18 is nobody"),
        (('{pause_s} s"\ntest', '{rr} s"\ntest'), r"name: \['pause_s'\] in Chinese, \['rr'\] in English"),
        (("{pause_s}", "{rr}"), r"name: \{rr\} is none of its limits"),
        (("长间歇 ≥{pause_s} s", ""), r"name_zh: 1 to 300 characters"),
        (("长间歇 ≥{pause_s} s", "{"), r"rule 1 \(pause\), name"),
        (('id = "pause"', 'id = "pause"\nnote = "x"'), r"rule 1 \(pause\): note is not known"),
        (('id = "pause"\n', ""), r"rule 1: id is missing"),
        (('id = "site"\n', ""), r"site.toml: id is missing"),
        (('id = "site"', 'id = "site"\nversion = 2'), r"site.toml: version is not known"),
        (("[[rules]]", "[rules]"), r"rules: .* is not a list of tables"),
        (('test = "pause"', 'test = "by_person"'), r"is none of its limits"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(change: tuple[str, str], match: str) -> None:
    text = HEAD + PAUSE
    assert change[0] in text
    refused(text.replace(*change), match)


def test_a_rule_needs_at_least_as_many_seconds_as_its_limit_lasts() -> None:
    text = SHIPPED.replace("needs = { seconds = 30 }", "needs = { seconds = 10 }")
    refused(text, r"\(ventricular_tachycardia\), needs, seconds: 10 is less than least_s, 30")


def test_two_rules_of_one_name_no_rule_and_no_toml_are_refused() -> None:
    refused(HEAD + PAUSE + PAUSE, "two rules are called 'pause'")
    refused(HEAD + "rules = []", "0 rules; 1 to 200")
    refused(HEAD + "rules = [1]", "rule 1: not a table")
    refused(HEAD, "rules is missing")
    refused("id = ", "site.toml: not TOML: .*end of document")
    refused("x = " + "[" * 5000, "site.toml: not TOML")
    with pytest.raises(CriticalTableWrong, match="not UTF-8 at byte 1"):
        load_table(b"x\xff", "site.toml")
    with pytest.raises(CriticalTableWrong, match="bytes; at most"):
        load_table(b"#" * (2 << 20), "site.toml")


def test_one_test_may_serve_several_rules_of_other_ages() -> None:
    child = PAUSE.replace('id = "pause"', 'id = "pause_child"').replace(
        "seconds = 5", "seconds = 5, from_years = 1, below_years = 18"
    )
    table = load_table((HEAD + PAUSE + child).encode(), "site.toml")
    assert [rule.needs.below_years for rule in table.rules] == [None, 18.0]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_is_refused_or_read_and_never_crashes(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SHIPPED) - 1))
    length = data.draw(st.integers(0, 40))
    damage = data.draw(st.text(max_size=10))
    text = SHIPPED[:at] + damage + SHIPPED[at + length :]
    try:
        table = load_table(text.encode("utf-8", "surrogatepass"), "site.toml")
    except CriticalTableWrong as fault:
        assert str(fault).startswith("site.toml")
        return
    for rule in table.rules:
        for name, value in rule.limits.items():
            plausible = KINDS[rule.test].limits[name]
            assert plausible.low <= value <= plausible.high
        assert not re.search(r"[{}]", rule.name(Language.EN))
