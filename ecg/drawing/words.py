"""Every sentence and name a report prints, in Chinese and English."""

from collections.abc import Mapping

from ecg.drawing.report import Role, State
from ecg.measurements import Measure, Why
from ecg.quality.gate_result import Decision
from ecg.signal.filters import HighPass, LowPass
from ecg.subject import Sex
from ecg.words import Words

# Head
TITLE = Words("心电图报告", "ECG report")
TITLE_OF_TWELVE = Words("十二导联心电图报告", "12-lead ECG report")
ACQUIRED_AT = Words("采集机构", "Acquired at")
READ_AT = Words("诊断机构", "Read at")
REPORT_NUMBER = Words("报告编号 {number}", "Report No. {number}")
SIMULATED = Words("模拟信号，非患者数据", "SIMULATED, NO PATIENT")
PLATE: Mapping[State, Words] = {
    State.MACHINE_DRAFT: Words("草稿", "DRAFT"),
    State.PRELIMINARY: Words("未审签", "PRELIMINARY"),
    State.SIGNED: Words("已签发", "SIGNED"),
}
STATE: Mapping[State, Words] = {
    State.MACHINE_DRAFT: Words("机器草稿，未签发", "machine draft, not signed"),
    State.PRELIMINARY: Words("初步报告，未签发", "preliminary, not signed"),
    State.SIGNED: Words("{name} {at}", "{name} {at}"),
}

# Person and circumstances
NAME = Words("姓名", "Name")
SEX_AGE = Words("性别 / 年龄", "Sex / age")
BIRTH_DATE = Words("出生日期", "Date of birth")
RECORD_NUMBER = Words("健康档案号", "Record No.")
ACQUIRED = Words("采集时间", "Acquired")
OPERATOR = Words("采集人", "Operator")
DEVICE = Words("设备", "Device")
SIGNAL = Words("信号", "Signal")
INDICATION = Words("申请原因", "Indication")
MEDICATION = Words("用药", "Medication")
NOT_GIVEN = Words("未提供", "not given")
NOT_STATED = Words("文件未载明", "not stated in the file")
SEX: Mapping[Sex, Words] = {Sex.FEMALE: Words("女", "female"), Sex.MALE: Words("男", "male")}
YEARS = Words("{years} 岁", "{years} y")
SIGNAL_OF = Words("{count} 导联，{rate} Hz，{filters}", "{count} leads, {rate} Hz, {filters}")
DEVICE_FILTERED = Words("设备滤波 {band}", "device filter {band}")
DEVICE_FILTER_UNKNOWN = Words("设备滤波未载明", "device filter not stated")
DEVICE_FILTERS_DIFFER = Words("设备滤波各导联不同", "device filters differ by lead")

# Measurements
MEASUREMENTS = Words("测量值", "Measurements")
THIS = Words("本次", "This ECG")
EARLIER = Words("上次", "Earlier")
EARLIER_OF = Words("上次 {day}", "Earlier {day}")
CHANGE = Words("差值", "Change")
REFERENCE = Words("成人参考", "Adult ref.")
FLAG = Words("标记", "Flag")
NOT_MEASURED = Words("未作自动测量", "No automatic measurements were made")
MEASURE: Mapping[Measure, Words] = {
    Measure.RATE: Words("心室率", "Ventricular rate"),
    Measure.RR_MEAN: Words("RR 间期（最短–最长）", "RR (shortest–longest)"),
    Measure.PR: Words("PR 间期", "PR interval"),
    Measure.QRS: Words("QRS 时限", "QRS duration"),
    Measure.QT: Words("QT 间期", "QT interval"),
    Measure.QTC_FRIDERICIA: Words("QTc（Fridericia）", "QTc (Fridericia)"),
    Measure.QTC_BAZETT: Words("QTc（Bazett）", "QTc (Bazett)"),
    Measure.QRS_AXIS: Words("QRS 电轴", "QRS axis"),
    Measure.P_AXIS: Words("P、T 电轴", "P and T axis"),
}
"""The rows of the table, in its order; P and T axis share one, and RR has its extremes."""
PER_MIN = Words("次/分", "/min")
ABSENT = Words("未测出", "absent")
UNSURE = Words("把握度低", "uncertain")
CORRECTED = Words("更正，原 {machine}", "corrected, was {machine}")
CORRECTED_AWAY = Words("无法测量", "cannot be measured")
NOTE_CORRECTED = Words("{measure} 由医师更正：{value}", "{measure} corrected by the physician: {value}")
OTHER_MEASURE: Mapping[Measure, Words] = {
    Measure.RR_MIN: Words("最短 RR 间期", "Shortest RR"),
    Measure.RR_MAX: Words("最长 RR 间期", "Longest RR"),
    Measure.RR_SD: Words("RR 间期标准差", "RR standard deviation"),
    Measure.RR_RMSSD: Words("RMSSD", "RMSSD"),
    Measure.P: Words("P 波时限", "P duration"),
    Measure.QTC_FRAMINGHAM: Words("QTc（Framingham）", "QTc (Framingham)"),
    Measure.QTC_HODGES: Words("QTc（Hodges）", "QTc (Hodges)"),
    Measure.P_AXIS: Words("P 电轴", "P axis"),
    Measure.T_AXIS: Words("T 电轴", "T axis"),
}
"""Names where a measure is not a row of the table by itself."""
LOW = Words("↓ 慢", "↓ low")
HIGH = Words("↑ 快", "↑ high")
SHORT = Words("↓ 短", "↓ short")
LONG = Words("↑ 长", "↑ long")
AXIS_LEFT = Words("左偏", "left")
AXIS_RIGHT = Words("右偏", "right")
AXIS_EXTREME = Words("极度偏移", "extreme")
BAZETT_OFF = Words("* 见注", "* see note")
BAZETT_NOTE = Words(
    "* 心率超出 60–100 次/分，Bazett 偏差大，以 Fridericia 为准",
    "* Bazett misleads outside 60–100/min; read Fridericia",
)
WHY: Mapping[Why, Words] = {
    Why.FEW_BEATS: Words("形态一致的心搏过少", "too few like beats"),
    Why.NO_BEATS: Words("未检出心搏", "no beat found"),
    Why.NO_P: Words("QRS 波前无 P 波", "no P wave before QRS"),
    Why.P_NOT_COUPLED: Words("P 波与 QRS 波无固定关系", "P not coupled to QRS"),
    Why.NO_T_END: Words("T 波终点不清", "end of T not distinct"),
    Why.T_ON_QRS: Words("QRS 波与 T 波融合", "QRS and T run together"),
    Why.LEADS_MISSING: Words("缺少所需导联", "leads missing"),
    Why.POOR_SIGNAL: Words("信号质量差", "signal too poor"),
    Why.RATE_OUT_OF_RANGE: Words("此心率下公式不适用", "not valid at this rate"),
    Why.LOW_VOLTAGE: Words("QRS 波过小", "complexes too small"),
    Why.TOO_SHORT: Words("记录过短", "recording too short"),
    Why.RATE_TOO_LOW_HZ: Words("采样率过低", "sample rate too low"),
    Why.SPIKES_FILTERED: Words("设备低通滤波滤除起搏脉冲", "device filter takes out spikes"),
    Why.ST_FILTERED: Words("设备高通滤波影响 ST 段", "device filter shifts ST"),
    Why.NOT_MEASURED: Words("当时未测", "not measured then"),
}

MEASURED_ON = Words("测量与提示所用导联：{leads}", "Measured and stated on: {leads}")
QUALITY = Words("信号质量 {score}/100：{advice}", "Signal quality {score}/100: {advice}")
ADVICE: Mapping[Decision, Words] = {
    Decision.SEND: Words("可用", "usable"),
    Decision.SEND_WITH_NOTE: Words("可用，有瑕疵", "usable, with reservations"),
    Decision.REPEAT: Words("建议重新采集", "should be taken again"),
}

# Statements and notes
POSSIBLE_CRITICAL = Words("疑似危急值：{rule}", "Possible critical value: {rule}")
EVIDENCE_OVERLEAF = Words("依据自第 {page} 页起", "Evidence from page {page} on")
BEATS = Words("{count} 个心搏", "{count} beats")
CRITICAL_COUNT = Words(
    "危急值规则 {rules} 条：命中 {hits}，未命中 {no_hit}，未测 {not_tested}，由医师判断 {by_person}",
    "{rules} critical-value rules: {hits} hit, {no_hit} no hit, {not_tested} not tested,"
    " {by_person} for a person",
)
STATEMENTS = Words("自动提示", "Automatic statements")
NOT_CONFIRMED = Words("草稿，未经医师确认", "DRAFT, not confirmed by a physician")
PHYSICIAN_HOLDS = Words("以医师诊断意见为准", "the physician's text below holds")
NO_STATEMENT = Words("所用规则无提示（不等于正常）", "None by the rules used; this does not say normal")
NOTES = Words("信号与图形说明", "Signal and drawing")
MORE_OVERLEAF = Words("另有 {count} 行，自第 {page} 页起", "{count} more lines, from page {page} on")

# Traces
HOLE = Words("无采样 {seconds} s", "gap {seconds} s")
ELECTRODE_OFF = Words("{electrodes} 电极脱落", "electrode {electrodes} off")
LEAD_OFF = Words("导联脱落", "lead off")
CLIPPED = Words("削顶", "clipped")
RECORDING_ENDS = Words("记录结束", "recording ends")
NOTE_HOLE = Words(
    "{leads}：无采样 {count} 处，共 {seconds} s（斜线）",
    "{leads}: {count} gap(s), {seconds} s in all (hatched)",
)
NOTE_OFF = Words(
    "{leads}：{what}，{from_s}–{to_s} s，不可判读", "{leads}: {what}, {from_s}–{to_s} s, not to be read"
)
NOTE_CLIPPED = Words(
    "{leads}：超出放大器量程被削顶，{from_s}–{to_s} s", "{leads}: clipped by the amplifier, {from_s}–{to_s} s"
)
NOTE_CUT = Words(
    "{leads}：波形超出纸面被截断，请用较小增益重新打印",
    "{leads}: cut at the paper's edge; print with a lower gain",
)
NOTE_CROWDED = Words("{leads}：波形伸入相邻行", "{leads}: reach into the neighbouring row")
NOTE_PACED = Words(
    "起搏脉冲标记 {count} 个（波形下方短竖线）", "{count} pacing pulses marked (strokes below the traces)"
)
NOTE_PART = Words(
    "本页为全程 {whole} s 中的 {from_s}–{to_s} s", "This page shows {from_s}–{to_s} s of {whole} s recorded"
)
NOTE_REST = Words("其余见后页节律条", "the rest follows as rhythm strips")
NOTE_NOT_SHOWN = Words("其余未打印", "the rest is not printed")
NOTE_LIMB_LEADS = Words(
    "{leads}：与 I、II 导联推算值不符，按原存储绘出", "{leads}: disagree with I and II; drawn as stored"
)
NOTE_OTHER_CHANNELS = Words("另有通道 {channels} 见后页", "Further channels {channels} on a later page")
ALL_LEADS = Words("全部导联", "all leads")
ALL_OTHERS = Words("其余全部导联", "all other leads")
ALL_TWELVE = Words("全部十二导联", "all twelve leads")
JOINED = Words("{first}；{second}", "{first}; {second}")

# Beneath the traces
SPEED = Words("纸速 {speed} mm/s", "Speed {speed} mm/s")
GAIN = Words("增益 {gain} mm/mV", "Gain {gain} mm/mV")
FILTER = Words("滤波 {band}", "Filter {band}")
NO_FILTER = Words("无", "none")
NOTCH = Words("{hz} Hz 陷波", "notch {hz} Hz")
NO_NOTCH = Words("无陷波", "no notch")
MONITOR = Words("监护滤波", "monitor filter")
ST_NOT_VALID = Words("ST 段不可判读", "ST not valid")
AMPLITUDES_REDUCED = Words("振幅降低", "amplitudes reduced")
CONSECUTIVE = Words("各列时间相接", "columns consecutive in time")
SIMULTANEOUS = Words("各列同一时段", "columns of the same time")
CABRERA = Words("Cabrera 排列", "Cabrera order")
SCALE_CHECK = Words("比例尺", "Scale check")
FULL_SIZE = Words("请按 100 % 打印", "print at 100 %")

# Median beat
MEDIAN = Words("中位心搏（推算），非节律", "Median beat (derived), not rhythm")
MEDIAN_OF = Words("{count} 个心搏", "of {count} beats")

# Signing
INTERPRETATION = Words("诊断意见", "Interpretation")
NOT_YET_WRITTEN = Words(
    "由医师填写，自动提示不会自行写入", "written by a physician, never filled in by the machine"
)
ROLE: Mapping[Role, Words] = {
    Role.REPORTED: Words("报告医师", "Reported by"),
    Role.VERIFIED: Words("审核医师", "Verified by"),
}
TIME = Words("时间", "Time")
NOT_SIGNED = Words("待签", "not signed")
DIGEST = Words("摘要 SHA-256 {digest}", "SHA-256 {digest}")
ADDENDA = Words("补充报告 {count} 条，自第 {page} 页起", "Addenda: {count}, from page {page} on")
ADDENDUM = Words("补充报告 {number}，{author}，{at}", "Addendum {number}, {author}, {at}")

# Foot and further pages
PRINTED = Words("打印 {at}", "printed {at}")
PAGE_OF = Words("第 {page} / {pages} 页", "page {page} of {pages}")
RHYTHM = Words("节律条 {from_s}–{to_s} s（全程 {whole} s）", "Rhythm {from_s}–{to_s} s of {whole} s")
FURTHER_CHANNELS = Words("其他通道", "Further channels")
TEXT_PAGE = Words("报告文字全文", "The report's text in full")
SUMMARY_PAGE = Words("测量与提示", "Measurements and statements")

HIGH_PASS: Mapping[HighPass, str] = {
    HighPass.NONE: "0",
    HighPass.DIAGNOSTIC_0_05: "0.05",
    HighPass.MONITOR_0_5: "0.5",
    HighPass.MONITOR_0_67: "0.67",
}
LOW_PASS: Mapping[LowPass, str] = {
    LowPass.NONE: "",
    LowPass.DIAGNOSTIC_150: "150",
    LowPass.REDUCED_100: "100",
    LowPass.MONITOR_40: "40",
}
