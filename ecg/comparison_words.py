"""What a comparison says, in Chinese and English; the browser's dictionary is generated from these tables."""

from collections.abc import Mapping

from ecg.comparison import Note, Refused
from ecg.words import Words

REFUSED: Mapping[Refused, Words] = {
    Refused.ST_FILTERED: Words(
        "其中一份使用监护滤波（高通 >0.05 Hz），ST 段已失真，不比较 ST",
        "One of them has a monitor's high-pass (above 0.05 Hz), which shifts ST: ST is not compared",
    ),
    Refused.ST_FILTER_UNKNOWN: Words(
        "其中一份未注明滤波且来自不同设备，不比较 ST",
        "The filters of one are not known and the devices differ: ST is not compared",
    ),
    Refused.COARSE_STEPS: Words(
        "其中一份幅度分辨率低于 20 μV，不比较 ST",
        "One of them has steps coarser than 20 μV: ST is not compared",
    ),
    Refused.ABSENT_EARLIER: Words("既往心电图无此测量值", "not measured in the earlier ECG"),
    Refused.ABSENT_LATER: Words("本次心电图无此测量值", "not measured in the later ECG"),
    Refused.UNSURE: Words("测量把握不足", "not measured surely enough in both"),
    Refused.FEW_BEATS: Words(
        "形态一致的心搏少于 3 个，无法叠加", "fewer than three beats of one shape: no median beat to overlay"
    ),
    Refused.NO_COMMON_LEAD: Words("两份没有共同的导联", "the two have no lead in common"),
}

NOTES: Mapping[Note, Words] = {
    Note.OTHER_LOW_PASS: Words(
        "两份的低通滤波不同，QRS 振幅不可直接比较",
        "The devices' low-pass differs: heights of QRS differ by it alone",
    ),
    Note.ST_FILTER_UNKNOWN: Words(
        "设备未注明滤波，ST 变化请结合原图判断",
        "The device did not say what it filtered: judge ST on the tracings themselves",
    ),
    Note.OTHER_SHAPE: Words(
        "QRS 形态不同，ST-T 随之改变", "The complexes are of another shape: ST and T differ with them"
    ),
    Note.LEADS_LEFT_OUT: Words("只比较两份共有的导联", "Only leads that both have are compared"),
}

BEYOND_NOISE = Words("超出测量误差", "beyond measuring error")
WITHIN_NOISE = Words("在测量误差之内", "within measuring error")
OVERLAY_IS_MEDIAN = Words(
    "叠加的是两份的中位心搏，不是节律", "Median beats of both laid over each other, not rhythm"
)
