"""What the statements say, in Chinese and English; the browser's dictionary is generated from this table."""

from collections.abc import Mapping

from ecg.leads import Lead
from ecg.measurements import Measure
from ecg.statements.statement import Made, Statement, StatementCode, WithheldWhy
from ecg.words import Language, Words

SENTENCES: Mapping[StatementCode, Words] = {
    StatementCode.POOR_QUALITY: Words("信号质量差{leads}", "Poor signal quality{leads}"),
    StatementCode.ARM_LEADS_SWAPPED: Words(
        "疑似肢体导联接反：I 导联 P 波与 QRS 波均倒置", "Limb leads may be swapped: P and QRS inverted in I"
    ),
    StatementCode.PACING_MARKS: Words(
        "设备标记起搏脉冲 {value} 次，可能为起搏心律",
        "{value} pacing pulses marked by the device, possibly paced",
    ),
    StatementCode.RATE_LOW: Words(
        "心室率慢：{value} 次/分（<{limit}）", "Ventricular rate low: {value}/min (below {limit})"
    ),
    StatementCode.RATE_HIGH: Words(
        "心室率快：{value} 次/分（>{limit}）", "Ventricular rate high: {value}/min (above {limit})"
    ),
    StatementCode.RR_IRREGULAR: Words(
        "RR 间期不齐：{shortest}～{longest} ms", "RR intervals irregular: {shortest} to {longest} ms"
    ),
    StatementCode.PR_LONG: Words(
        "PR 间期延长：{value} ms（>{limit} ms）", "PR interval long: {value} ms (above {limit} ms)"
    ),
    StatementCode.QRS_WIDE: Words(
        "QRS 波增宽：{value} ms（≥{limit} ms）", "Wide QRS: {value} ms ({limit} ms or more)"
    ),
    StatementCode.QTC_LONG: Words(
        "QTc（{formula}）延长：{value} ms（>{limit} ms）",
        "QTc ({formula}) long: {value} ms (above {limit} ms)",
    ),
    StatementCode.QTC_VERY_LONG: Words(
        "QTc（{formula}）明显延长：{value} ms（>{limit} ms）",
        "QTc ({formula}) markedly long: {value} ms (above {limit} ms)",
    ),
    StatementCode.AXIS_LEFT: Words("QRS 电轴左偏：{value}°", "QRS axis left: {value}°"),
    StatementCode.AXIS_RIGHT: Words("QRS 电轴右偏：{value}°", "QRS axis right: {value}°"),
    StatementCode.AXIS_EXTREME: Words("QRS 电轴极度偏移：{value}°", "QRS axis extreme: {value}°"),
    StatementCode.LOW_VOLTAGE_LIMB: Words(
        "肢体导联低电压：QRS 振幅均 <{limit} mV",
        "Low voltage in the limb leads: QRS below {limit} mV in each",
    ),
    StatementCode.LOW_VOLTAGE_CHEST: Words(
        "胸前导联低电压：QRS 振幅均 <{limit} mV",
        "Low voltage in the chest leads: QRS below {limit} mV in each",
    ),
}

WITHHELD: Mapping[WithheldWhy, Words] = {
    WithheldWhy.POOR_QUALITY: Words("信号质量差，未判断", "not judged: poor signal"),
    WithheldWhy.FEW_BEATS: Words(
        "形态一致的心搏少于 5 个，未判断", "not judged: fewer than five beats of one shape"
    ),
    WithheldWhy.UNSURE: Words("测量把握不足，未判断", "not judged: the measurement is not sure enough"),
    WithheldWhy.ABSENT: Words("无法测量，未判断", "not judged: it could not be measured"),
    WithheldWhy.CHILD: Words("限值仅适用于成人，未判断", "not judged: the limits are those of adults"),
    WithheldWhy.LEADS_MISSING: Words(
        "所需导联缺失或质量差，未判断", "not judged: leads it needs are missing or poor"
    ),
}

NOT_A_DIAGNOSIS = Words(
    "自动测量，非诊断结论；经医师签发前未确认。不用于监护或报警。",
    "Automatic measurements, not a diagnosis. Unconfirmed until signed by a physician."
    " Not for monitoring or alarms.",
)
"""Stands wherever a statement stands."""

FORMULAS: Mapping[Measure, str] = {
    Measure.QTC_BAZETT: "Bazett",
    Measure.QTC_FRIDERICIA: "Fridericia",
    Measure.QTC_FRAMINGHAM: "Framingham",
    Measure.QTC_HODGES: "Hodges",
}


def values_of(statement: Statement) -> dict[str, str]:
    """The values of the statement's sentence, written as they are shown in every language."""
    first = statement.evidence[0]
    if statement.code is StatementCode.POOR_QUALITY:
        return {"leads": _leads(first.leads)}
    if statement.code is StatementCode.RR_IRREGULAR:
        by = {one.measure: f"{one.value:.0f}" for one in statement.evidence}
        return {"shortest": by[Measure.RR_MIN], "longest": by[Measure.RR_MAX]}
    if first.measure is Made.QRS_PEAK_TO_PEAK:
        return {"limit": f"{first.limit / 1000:.1f}"}
    values = {"value": _beyond(first.value, first.limit), "limit": f"{first.limit:.0f}"}
    if isinstance(first.measure, Measure) and first.measure in FORMULAS:
        values["formula"] = FORMULAS[first.measure]
    return {name: values[name] for name in sorted(SENTENCES[statement.code].places)}


def sentence(statement: Statement, language: Language) -> str:
    """The statement in words."""
    return SENTENCES[statement.code].said(language, values_of(statement))


def _leads(leads: tuple[Lead, ...]) -> str:
    return f" ({', '.join(leads)})" if leads else ""


def _beyond(value: float, limit: float) -> str:
    """A whole number, but with a digit more where rounding would show the limit itself."""
    rounded = round(value)
    return f"{rounded}" if rounded != limit or value == limit else f"{value:.1f}"
