"""Phrases and templates a site reads ECGs with: data that an institution edits, with a list to start from."""

import datetime as dt

from records.ecg_reports import TEXT_LENGTH, ChosenTerm, Conclusion
from records.ecg_terms import term_of
from records.errors import RuleBroken
from records.ids import AccountId, InstitutionId
from records.rules import Rule
from records.values import Value

MOST_PHRASES = 200
NAME_LENGTH = 60


class Phrase(Value):
    """One phrase: what it is called, what it writes, and the terms and conclusion it chooses, if any."""

    name_zh: str
    name_en: str
    text_zh: str = ""
    text_en: str = ""
    terms: tuple[ChosenTerm, ...] = ()
    conclusion: Conclusion | None = None


class PhraseList(Value):
    """An institution's phrases, in its own order."""

    institution_id: InstitutionId
    version: int  # grows with every change; 0: nobody has changed the list the program comes with
    phrases: tuple[Phrase, ...]
    changed_by: AccountId | None = None
    changed_at: dt.datetime | None = None


def _phrase(
    name_zh: str, name_en: str, text_zh: str, text_en: str, conclusion: Conclusion | None, *codes: int
) -> Phrase:
    return Phrase(
        name_zh=name_zh,
        name_en=name_en,
        text_zh=text_zh,
        text_en=text_en,
        conclusion=conclusion,
        terms=tuple(ChosenTerm(code=f"AHA-{code}") for code in codes),
    )


DEFAULT_PHRASES: tuple[Phrase, ...] = (
    _phrase(
        "正常心电图",
        "Normal ECG",
        "窦性心律，正常心电图。",
        "Sinus rhythm, normal ECG.",
        Conclusion.NORMAL,
        20,
    ),
    _phrase(
        "大致正常",
        "Otherwise normal",
        "窦性心律，大致正常心电图。",
        "Sinus rhythm, otherwise normal ECG.",
        Conclusion.OTHERWISE_NORMAL,
        20,
    ),
    _phrase(
        "窦性心动过速", "Sinus tachycardia", "窦性心动过速。", "Sinus tachycardia.", Conclusion.ABNORMAL, 21
    ),
    _phrase(
        "窦性心动过缓", "Sinus bradycardia", "窦性心动过缓。", "Sinus bradycardia.", Conclusion.ABNORMAL, 22
    ),
    _phrase(
        "心房颤动",
        "Atrial fibrillation",
        "心房颤动，心室率快慢不等。",
        "Atrial fibrillation with varying ventricular rate.",
        Conclusion.ABNORMAL,
        50,
    ),
    _phrase(
        "偶发室早",
        "Occasional ventricular premature complexes",
        "窦性心律，偶发室性期前收缩。",
        "Sinus rhythm with occasional ventricular premature complexes.",
        Conclusion.ABNORMAL,
        20,
        60,
    ),
    _phrase(
        "右束支阻滞",
        "Right bundle-branch block",
        "窦性心律，右束支阻滞。",
        "Sinus rhythm, right bundle-branch block.",
        Conclusion.ABNORMAL,
        20,
        106,
    ),
    _phrase(
        "ST-T 改变",
        "ST-T changes",
        "窦性心律，ST-T 改变，请结合临床。",
        "Sinus rhythm, ST-T changes; correlate clinically.",
        Conclusion.ABNORMAL,
        20,
        146,
    ),
    _phrase(
        "与前次比较无明显变化",
        "No change since the last ECG",
        "与前次心电图比较，无明显变化。",
        "No significant change compared with the previous ECG.",
        None,
    ),
    _phrase(
        "建议动态心电图",
        "Advise ambulatory ECG",
        "建议行动态心电图检查。",
        "Ambulatory ECG advised.",
        None,
    ),
    _phrase(
        "建议复查、查心肌标志物",
        "Repeat and markers",
        "建议复查心电图，结合症状及心肌损伤标志物。",
        "Repeat the ECG; correlate with symptoms and cardiac markers.",
        None,
    ),
    _phrase(
        "立即联系急救",
        "Emergency",
        "危急情况，请立即联系急救并转诊。",
        "Emergency: call the ambulance service and refer at once.",
        Conclusion.ABNORMAL,
    ),
    _phrase(
        "图形质量差",
        "Poor quality",
        "图形干扰大，无法判读，建议重新采集。",
        "Too much interference to be interpreted; repeat the ECG.",
        Conclusion.UNINTERPRETABLE,
        15,
    ),
)


def default_list(institution_id: InstitutionId) -> PhraseList:
    """What an institution has before it changes anything."""
    return PhraseList(institution_id=institution_id, version=0, phrases=DEFAULT_PHRASES)


def check_phrases(phrases: tuple[Phrase, ...]) -> None:
    """Raise `RuleBroken` for a list that cannot be used: a name missing, a code that is none, too long."""
    if len(phrases) > MOST_PHRASES:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{len(phrases)} phrases; at most {MOST_PHRASES}")
    for phrase in phrases:
        for name in (phrase.name_zh, phrase.name_en):
            if not 1 <= len(name.strip()) <= NAME_LENGTH:
                raise RuleBroken(Rule.OUT_OF_RANGE, f"a phrase's name has 1 to {NAME_LENGTH} characters")
        if max(len(phrase.text_zh), len(phrase.text_en)) > TEXT_LENGTH:
            raise RuleBroken(Rule.OUT_OF_RANGE, f"a phrase has at most {TEXT_LENGTH} characters")
        for term in phrase.terms:
            term_of(term.code)
