"""What the printed report of a kept ECG says beside what every report says, in Chinese and English."""

from collections.abc import Mapping

from ecg.words import Words
from records.ecg_reports import Conclusion

CONCLUSION: Mapping[Conclusion, Words] = {
    Conclusion.NORMAL: Words("正常心电图", "Normal ECG"),
    Conclusion.OTHERWISE_NORMAL: Words("大致正常心电图", "Otherwise normal ECG"),
    Conclusion.ABNORMAL: Words("异常心电图", "Abnormal ECG"),
    Conclusion.UNINTERPRETABLE: Words("无法判读", "Uninterpretable ECG"),
}
CRITICAL_VALUE: Mapping[bool, Words] = {
    True: Words("危急值：医师确认", "Critical value: confirmed by the physician"),
    False: Words("疑似危急值：医师判断不是", "Possible critical value: not one, says the physician"),
}
LEADS_OF = Words("（{leads}）", " ({leads})")
BETWEEN_TERMS = Words("；", "; ")
TERMS = Words("{conclusion}：{terms}", "{conclusion}: {terms}")
CORRECTED = Words("{measure} 由医师更正为 {value}", "{measure} corrected by the physician to {value}")
DRAFT_BY = Words("自动提示与测量由 {program} 作出", "Automatic statements and measurements by {program}")
NO_DRAFT = Words("程序未能分析这份心电图", "The program could make nothing of this ECG")
COMPARED_WITH = Words("与既往心电图 {number}（{day}）比较", "Compared with ECG {number} of {day}")
NOT_COMPARED = Words("未与既往心电图 {number} 比较：{why}", "Not compared with ECG {number}: {why}")
OTHER_KIND = Words("一份为模拟信号", "one of the two was simulated")
NO_MEASUREMENTS = Words("其中一份没有测量值", "one of the two has no measurements")
UNUSABLE = Words(
    "设备报告不可用（至少部分时间）：{leads}", "The device calls unusable, at least in part: {leads}"
)
CALIBRATION = Words(
    "{from_s}–{to_s} s 为设备的定标脉冲，不是心电",
    "{from_s}–{to_s} s: the device's calibration pulses, no heart's",
)
BROKE_OFF = Words("信号在 {at} s 处中断后重新开始", "The signal broke off and began anew at {at} s")
MOVED = Words("此心电图曾归入另一居民，后更正", "Filed under another resident first, corrected since")
RETURNED = Words(
    "{count} 份已签发的诊断被退回，不再有效，未印出",
    "{count} signed readings were returned, do not stand, and are not printed",
)
