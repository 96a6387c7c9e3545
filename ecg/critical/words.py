"""What the answers say, in Chinese and English; the browser's dictionary is generated from these tables."""

from collections.abc import Mapping

from ecg.critical.assessment import Conclusion, Result
from ecg.critical.verdict import Evidence, NotTested, Quantity, Value, Verdict
from ecg.words import Language, Words

CONCLUSIONS: Mapping[Conclusion, Words] = {
    Conclusion.POSSIBLE: Words("疑似危急值，请尽快阅图", "Possible critical value, please read"),
    Conclusion.LOOKS_LIKE: Words(
        "已测规则无命中，但现有信号全程符合一项需要更长记录的规则，请尽快阅图",
        "No hit, but all there is of the signal fits a rule that needs more of it, please read",
    ),
    Conclusion.NO_HIT: Words("已测规则无命中", "No hit among the rules tested"),
    Conclusion.NOTHING_TESTED: Words("没有规则可以测试", "No rule could be tested"),
}

VERDICTS: Mapping[Verdict, Words] = {
    Verdict.HIT: Words("命中", "hit"),
    Verdict.NO_HIT: Words("未命中", "no hit"),
    Verdict.NOT_TESTED: Words("未测", "not tested"),
    Verdict.BY_PERSON: Words("由医师判断", "by a person"),
}

NOT_TESTED: Mapping[NotTested, Words] = {
    NotTested.TOO_SHORT: Words(
        "连续可读信号 {there} s，需要 {needed} s", "{there} s of readable signal, {needed} s are needed"
    ),
    NotTested.LEADS_MISSING: Words("导联不全，需要 12 导联", "twelve leads are needed"),
    NotTested.NO_EARLIER_ECG: Words("没有既往心电图可供对照", "no earlier ECG is at hand"),
    NotTested.OTHER_AGE: Words("规则不适用于此年龄", "the limits are for another age"),
    NotTested.POOR_SIGNAL: Words("信号不可读或不可信", "the signal cannot be read, or not be trusted"),
    NotTested.FEW_BEATS: Words("心搏太少", "too few beats"),
    NotTested.NOT_MEASURED: Words("所需测量值缺失", "a measurement it needs is absent"),
}

VALUES: Mapping[Quantity, Words] = {
    Quantity.PAUSE_S: Words("间歇 {value} s", "pause of {value} s"),
    Quantity.RATE_PER_MIN: Words("平均心室率 {value} 次/分", "mean ventricular rate {value}/min"),
    Quantity.P_RATE_PER_MIN: Words("P 波 {value} 次/分", "P waves {value}/min"),
    Quantity.P_TO_QRS_SPREAD_MS: Words(
        "P 波至 QRS 波的距离相差 {value} ms", "distance from P to QRS differs by {value} ms"
    ),
    Quantity.QTC_MS: Words("QTc（Fridericia）{value} ms", "QTc (Fridericia) {value} ms"),
    Quantity.QT_MS: Words("QT {value} ms", "QT {value} ms"),
    Quantity.COUPLING_MS: Words("联律间期 {value} ms", "coupling {value} ms"),
    Quantity.QRS_MS: Words("QRS 时限 {value} ms", "QRS {value} ms wide"),
    Quantity.LASTED_S: Words("持续 {value} s", "for {value} s"),
    Quantity.SHORTEST_RR_MS: Words("最短 R-R 间期 {value} ms", "shortest RR {value} ms"),
    Quantity.RR_VARIATION_PERCENT: Words(
        "相邻 R-R 间期通常相差 {value}%", "neighbouring RR usually differ by {value}%"
    ),
    Quantity.LIKENESS_PERCENT: Words("QRS 波形相似度 {value}%", "complexes alike to {value}%"),
    Quantity.EVENNESS_PERCENT: Words("最小与最大摆幅之比 {value}%", "smallest to largest swing {value}%"),
    Quantity.OSCILLATION_PER_MIN: Words("摆动 {value} 次/分", "swings at {value}/min"),
    Quantity.AWAY_FROM_BASELINE_PERCENT: Words(
        "离开基线的时间占 {value}%", "away from the baseline {value}% of the time"
    ),
    Quantity.ST_UV: Words("{lead} 导联 ST（J 点）{value} mV", "ST at J {value} mV in {lead}"),
}

AT = Words("{at} s 处：{what}", "at {at} s: {what}")
"""Where in the signal, and what."""

NOVELTY_UNKNOWN = Words(
    "没有既往心电图，是否首次出现由医师判断", "no earlier ECG at hand: whether it is new is for a person"
)
KNOWN_BEFORE = Words(
    "既往心电图已有，变化由医师判断", "an earlier ECG showed it: what has changed is for a person"
)
ADULT_ASSUMED = Words("年龄未知，按成人限值测试", "age unknown: tested with the limits of adults")

LIVE_IS_NO_MONITOR = Words(
    "实时心电不是监护仪：不报警，可能漏检，断线期间看不到。",
    "The live ECG is not a monitor: it raises no alarm, it may miss events, and it sees nothing while"
    " the line is down.",
)
"""Stands wherever the scanner's hits are shown."""

_DIGITS: Mapping[Quantity, int] = {Quantity.PAUSE_S: 1, Quantity.LASTED_S: 1}


def values_of(value: Value) -> dict[str, str]:
    """What the sentence of one value takes, written as it is shown in every language."""
    if value.quantity is Quantity.ST_UV:
        return {"value": f"{value.value / 1000:.2f}", "lead": str(value.lead)}
    return {"value": f"{value.value:.{_DIGITS.get(value.quantity, 0)}f}"}


def evidence_said(evidence: Evidence, rate_hz: float, language: Language) -> str:
    """One place in the signal in words."""
    parts = (VALUES[one.quantity].said(language, values_of(one)) for one in evidence.values)
    joined = ("，" if language is Language.ZH else ", ").join(parts)
    return AT.said(language, {"at": f"{evidence.where.first / rate_hz:.1f}", "what": joined})


def why_said(result: Result, language: Language) -> str:
    """Why a rule was not tested; empty when it was."""
    if result.answer.why is None:
        return ""
    values = {"there": f"{result.there_s:.1f}", "needed": f"{result.rule.needs.seconds:g}"}
    return NOT_TESTED[result.answer.why].said(language, values)
