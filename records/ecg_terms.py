"""The coded terms an ECG is reported in: a closed set, each with its code, Chinese and English.

Codes are the primary statement numbers of AHA/ACC/HRS 2007 (Mason, Hancock, Gettes: Recommendations for the
Standardization and Interpretation of the Electrocardiogram, Part II, table 1), written `AHA-22`. A physician
chooses them; no program does.
"""

import enum
from collections.abc import Mapping

from records.errors import RuleBroken
from records.rules import Rule
from records.values import Value


class TermGroup(enum.StrEnum):
    """Under which heading a term is listed."""

    TECHNICAL = "technical"
    SINUS = "sinus"
    SUPRAVENTRICULAR = "supraventricular"
    VENTRICULAR = "ventricular"
    AV_CONDUCTION = "av_conduction"
    INTRAVENTRICULAR_CONDUCTION = "intraventricular_conduction"
    AXIS_VOLTAGE = "axis_voltage"
    HYPERTROPHY = "hypertrophy"
    ST_T_U = "st_t_u"
    INFARCTION = "infarction"
    PACED = "paced"


class Term(Value):
    """One coded term."""

    code: str
    group: TermGroup
    zh: str
    en: str


_G = TermGroup
_LISTED: tuple[tuple[int, TermGroup, str, str], ...] = (
    (10, _G.TECHNICAL, "肢体导联电极反接", "Extremity electrode reversal"),
    (11, _G.TECHNICAL, "胸导联电极位置错误", "Misplaced precordial electrode(s)"),
    (12, _G.TECHNICAL, "导联缺失", "Missing lead(s)"),
    (13, _G.TECHNICAL, "右胸导联", "Right-sided precordial electrode(s)"),
    (14, _G.TECHNICAL, "伪差", "Artifact"),
    (15, _G.TECHNICAL, "图形质量差", "Poor-quality data"),
    (16, _G.TECHNICAL, "后壁导联", "Posterior electrode(s)"),
    (20, _G.SINUS, "窦性心律", "Sinus rhythm"),
    (21, _G.SINUS, "窦性心动过速", "Sinus tachycardia"),
    (22, _G.SINUS, "窦性心动过缓", "Sinus bradycardia"),
    (23, _G.SINUS, "窦性心律不齐", "Sinus arrhythmia"),
    (24, _G.SINUS, "二度Ⅰ型窦房阻滞", "Sinoatrial block, type I"),
    (25, _G.SINUS, "二度Ⅱ型窦房阻滞", "Sinoatrial block, type II"),
    (26, _G.SINUS, "窦性停搏", "Sinus pause or arrest"),
    (27, _G.SINUS, "性质待定的室上性心律", "Uncertain supraventricular rhythm"),
    (30, _G.SUPRAVENTRICULAR, "房性期前收缩", "Atrial premature complex(es)"),
    (31, _G.SUPRAVENTRICULAR, "房性期前收缩未下传", "Atrial premature complexes, nonconducted"),
    (32, _G.SUPRAVENTRICULAR, "逆行心房激动", "Retrograde atrial activation"),
    (33, _G.SUPRAVENTRICULAR, "房性游走心律", "Wandering atrial pacemaker"),
    (34, _G.SUPRAVENTRICULAR, "房性心律", "Ectopic atrial rhythm"),
    (35, _G.SUPRAVENTRICULAR, "多源性房性心律", "Ectopic atrial rhythm, multifocal"),
    (36, _G.SUPRAVENTRICULAR, "交界性期前收缩", "Junctional premature complex(es)"),
    (37, _G.SUPRAVENTRICULAR, "交界性逸搏", "Junctional escape complex(es)"),
    (38, _G.SUPRAVENTRICULAR, "交界性心律", "Junctional rhythm"),
    (39, _G.SUPRAVENTRICULAR, "加速的交界性心律", "Accelerated junctional rhythm"),
    (40, _G.SUPRAVENTRICULAR, "室上性心律", "Supraventricular rhythm"),
    (41, _G.SUPRAVENTRICULAR, "室上性搏动", "Supraventricular complex(es)"),
    (42, _G.SUPRAVENTRICULAR, "非窦性心动过缓", "Bradycardia, nonsinus"),
    (50, _G.SUPRAVENTRICULAR, "心房颤动", "Atrial fibrillation"),
    (51, _G.SUPRAVENTRICULAR, "心房扑动", "Atrial flutter"),
    (52, _G.SUPRAVENTRICULAR, "单源性房性心动过速", "Ectopic atrial tachycardia, unifocal"),
    (53, _G.SUPRAVENTRICULAR, "多源性房性心动过速", "Ectopic atrial tachycardia, multifocal"),
    (54, _G.SUPRAVENTRICULAR, "交界性心动过速", "Junctional tachycardia"),
    (55, _G.SUPRAVENTRICULAR, "室上性心动过速", "Supraventricular tachycardia"),
    (56, _G.SUPRAVENTRICULAR, "窄 QRS 波心动过速", "Narrow-QRS tachycardia"),
    (60, _G.VENTRICULAR, "室性期前收缩", "Ventricular premature complex(es)"),
    (61, _G.VENTRICULAR, "室性融合波", "Fusion complex(es)"),
    (62, _G.VENTRICULAR, "室性逸搏", "Ventricular escape complex(es)"),
    (63, _G.VENTRICULAR, "室性自主心律", "Idioventricular rhythm"),
    (64, _G.VENTRICULAR, "加速的室性自主心律", "Accelerated idioventricular rhythm"),
    (65, _G.VENTRICULAR, "分支型室性心律", "Fascicular rhythm"),
    (66, _G.VENTRICULAR, "并行心律", "Parasystole"),
    (70, _G.VENTRICULAR, "室性心动过速", "Ventricular tachycardia"),
    (71, _G.VENTRICULAR, "非持续性室性心动过速", "Ventricular tachycardia, unsustained"),
    (72, _G.VENTRICULAR, "多形性室性心动过速", "Ventricular tachycardia, polymorphous"),
    (73, _G.VENTRICULAR, "尖端扭转型室性心动过速", "Ventricular tachycardia, torsades de pointes"),
    (74, _G.VENTRICULAR, "心室颤动", "Ventricular fibrillation"),
    (75, _G.VENTRICULAR, "分支型室性心动过速", "Fascicular tachycardia"),
    (76, _G.VENTRICULAR, "宽 QRS 波心动过速", "Wide-QRS tachycardia"),
    (80, _G.AV_CONDUCTION, "PR 间期缩短", "Short PR interval"),
    (81, _G.AV_CONDUCTION, "房室传导比例 N:D", "AV conduction ratio N:D"),
    (82, _G.AV_CONDUCTION, "PR 间期延长", "Prolonged PR interval"),
    (83, _G.AV_CONDUCTION, "二度Ⅰ型房室阻滞", "Second-degree AV block, Mobitz type I (Wenckebach)"),
    (84, _G.AV_CONDUCTION, "二度Ⅱ型房室阻滞", "Second-degree AV block, Mobitz type II"),
    (85, _G.AV_CONDUCTION, "2:1 房室阻滞", "2:1 AV block"),
    (86, _G.AV_CONDUCTION, "房室阻滞，传导比例不等", "AV block, varying conduction"),
    (87, _G.AV_CONDUCTION, "高度房室阻滞", "AV block, advanced (high-grade)"),
    (88, _G.AV_CONDUCTION, "三度房室阻滞", "AV block, complete (third-degree)"),
    (89, _G.AV_CONDUCTION, "房室分离", "AV dissociation"),
    (
        100,
        _G.INTRAVENTRICULAR_CONDUCTION,
        "室内差异性传导",
        "Aberrant conduction of supraventricular beat(s)",
    ),
    (101, _G.INTRAVENTRICULAR_CONDUCTION, "左前分支阻滞", "Left anterior fascicular block"),
    (102, _G.INTRAVENTRICULAR_CONDUCTION, "左后分支阻滞", "Left posterior fascicular block"),
    (104, _G.INTRAVENTRICULAR_CONDUCTION, "左束支阻滞", "Left bundle-branch block"),
    (105, _G.INTRAVENTRICULAR_CONDUCTION, "不完全性右束支阻滞", "Incomplete right bundle-branch block"),
    (106, _G.INTRAVENTRICULAR_CONDUCTION, "右束支阻滞", "Right bundle-branch block"),
    (107, _G.INTRAVENTRICULAR_CONDUCTION, "室内传导延迟", "Intraventricular conduction delay"),
    (108, _G.INTRAVENTRICULAR_CONDUCTION, "心室预激", "Ventricular preexcitation"),
    (109, _G.INTRAVENTRICULAR_CONDUCTION, "右心房传导异常", "Right atrial conduction abnormality"),
    (110, _G.INTRAVENTRICULAR_CONDUCTION, "左心房传导异常", "Left atrial conduction abnormality"),
    (111, _G.INTRAVENTRICULAR_CONDUCTION, "Epsilon 波", "Epsilon wave"),
    (120, _G.AXIS_VOLTAGE, "电轴右偏", "Right-axis deviation"),
    (121, _G.AXIS_VOLTAGE, "电轴左偏", "Left-axis deviation"),
    (122, _G.AXIS_VOLTAGE, "电轴极度右偏（西北象限）", "Right superior axis"),
    (123, _G.AXIS_VOLTAGE, "电轴不确定", "Indeterminate axis"),
    (124, _G.AXIS_VOLTAGE, "电交替", "Electrical alternans"),
    (125, _G.AXIS_VOLTAGE, "低电压", "Low voltage"),
    (128, _G.AXIS_VOLTAGE, "胸导联 R 波递增异常", "Abnormal precordial R-wave progression"),
    (131, _G.AXIS_VOLTAGE, "P 波电轴异常", "Abnormal P-wave axis"),
    (140, _G.HYPERTROPHY, "左心房扩大", "Left atrial enlargement"),
    (141, _G.HYPERTROPHY, "右心房扩大", "Right atrial enlargement"),
    (142, _G.HYPERTROPHY, "左心室肥厚", "Left ventricular hypertrophy"),
    (143, _G.HYPERTROPHY, "右心室肥厚", "Right ventricular hypertrophy"),
    (144, _G.HYPERTROPHY, "双侧心室肥厚", "Biventricular hypertrophy"),
    (145, _G.ST_T_U, "ST 段偏移", "ST deviation"),
    (146, _G.ST_T_U, "ST 段偏移伴 T 波改变", "ST deviation with T-wave change"),
    (147, _G.ST_T_U, "T 波异常", "T-wave abnormality"),
    (148, _G.ST_T_U, "QT 间期延长", "Prolonged QT interval"),
    (149, _G.ST_T_U, "QT 间期缩短", "Short QT interval"),
    (150, _G.ST_T_U, "U 波明显", "Prominent U waves"),
    (151, _G.ST_T_U, "U 波倒置", "Inverted U waves"),
    (152, _G.ST_T_U, "TU 融合", "TU fusion"),
    (153, _G.ST_T_U, "心室肥厚继发 ST-T 改变", "ST-T change due to ventricular hypertrophy"),
    (154, _G.ST_T_U, "Osborn 波", "Osborn wave"),
    (155, _G.ST_T_U, "早期复极", "Early repolarization"),
    (160, _G.INFARCTION, "前壁心肌梗死", "Anterior MI"),
    (161, _G.INFARCTION, "下壁心肌梗死", "Inferior MI"),
    (162, _G.INFARCTION, "后壁心肌梗死", "Posterior MI"),
    (163, _G.INFARCTION, "侧壁心肌梗死", "Lateral MI"),
    (165, _G.INFARCTION, "前间壁心肌梗死", "Anteroseptal MI"),
    (166, _G.INFARCTION, "广泛前壁心肌梗死", "Extensive anterior MI"),
    (173, _G.INFARCTION, "左束支阻滞合并心肌梗死", "MI in presence of left bundle-branch block"),
    (174, _G.INFARCTION, "右心室梗死", "Right ventricular MI"),
    (180, _G.PACED, "心房起搏心律", "Atrial-paced complex(es) or rhythm"),
    (181, _G.PACED, "心室起搏心律", "Ventricular-paced complex(es) or rhythm"),
    (182, _G.PACED, "非右心室心尖部起搏", "Ventricular pacing of non-right ventricular apical origin"),
    (183, _G.PACED, "心房感知心室起搏", "Atrial-sensed ventricular-paced complex(es) or rhythm"),
    (184, _G.PACED, "房室顺序起搏", "AV dual-paced complex(es) or rhythm"),
    (185, _G.PACED, "心房失夺获", "Failure to capture, atrial"),
    (186, _G.PACED, "心室失夺获", "Failure to capture, ventricular"),
    (187, _G.PACED, "心房感知不良", "Failure to inhibit, atrial"),
    (188, _G.PACED, "心室感知不良", "Failure to inhibit, ventricular"),
    (189, _G.PACED, "心房未按预期起搏", "Failure to pace, atrial"),
    (190, _G.PACED, "心室未按预期起搏", "Failure to pace, ventricular"),
)

TERMS: tuple[Term, ...] = tuple(
    Term(code=f"AHA-{number}", group=group, zh=zh, en=en) for number, group, zh, en in _LISTED
)
"""Every term, in the order they are listed. 1 to 4 of the table are a report's `Conclusion`."""

_BY_CODE: Mapping[str, Term] = {term.code: term for term in TERMS}


def term_of(code: str) -> Term:
    """The term with this code; raise `RuleBroken` when there is none."""
    found = _BY_CODE.get(code)
    if found is None:
        raise RuleBroken(Rule.NO_SUCH_TERM, "no term of the list has that code")
    return found
