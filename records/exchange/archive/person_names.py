"""Names as DICOM writes them (PS3.5 6.2.1): Latin letters, and after "=" Chinese ones."""

import re

_COMPOUND = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政"
    " 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马"
    " 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌"
    " 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙"
    " 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师".split()
)
"""Surnames of two characters (百家姓 and after)."""

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\^=]")


def person_name(name: str) -> str:
    """王秀英 as `Wang^Xiuying=王^秀英`; what is not wholly Chinese as it stands, in the first component.

    Where a surname ends is told by a table; the Latin letters are pinyin, for devices that show no others.
    """
    plain = " ".join(_CONTROL.sub(" ", name).split())[:64]
    if _CHINESE.fullmatch(plain) is None or len(plain) < 2:
        return plain
    length = 2 if plain[:2] in _COMPOUND and len(plain) > 2 else 1
    surname, given = plain[:length], plain[length:]
    return f"{_latin(surname)}^{_latin(given)}={surname}^{given}"


def _latin(characters: str) -> str:
    from pypinyin import Style, lazy_pinyin  # its tables take a third of a second to load

    spelled = "".join(lazy_pinyin(characters, style=Style.NORMAL, errors="ignore"))
    return spelled.replace("ü", "v").capitalize()
