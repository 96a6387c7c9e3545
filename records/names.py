"""Names as they are searched: one spelling, and pinyin initials with surnames read as surnames."""

import re
import unicodedata

# Surnames that are read otherwise than the same character in a word; pypinyin reads 单 as dan, 曾 as ceng.
# Surname readings of 现代汉语词典; those whose initial differs from pypinyin's plain reading matter here.
SURNAME_INITIALS = {
    "单": "s",  # shan
    "曾": "z",  # zeng
    "解": "x",  # xie
    "仇": "q",  # qiu
    "查": "z",  # zha
    "区": "o",  # ou
    "盖": "g",  # ge
    "翟": "z",  # zhai
    "种": "c",  # chong
    "缪": "m",  # miao
    "覃": "q",  # qin (tan is the rarer reading)
    "秘": "b",  # bi
    "员": "y",  # yun
    "召": "s",  # shao
    "祭": "z",  # zhai
    "繁": "p",  # po
    "朴": "p",  # piao
    "佴": "n",  # nai
    "隗": "w",  # wei
    "晟": "c",  # cheng
    "么": "y",  # yao
    "尉": "w",  # wei
    "乐": "y",  # yue
    "折": "s",  # she
    "洗": "x",  # xian
    "长": "z",  # zhang
    "重": "c",  # chong
    "郇": "x",  # xun
    "宓": "m",  # mi
    "卜": "b",  # bu
    "薄": "b",  # bo
    "黑": "h",  # he
    "过": "g",  # guo
    "能": "n",  # nai
    "那": "n",  # na
    "曲": "q",  # qu
    "石": "s",  # shi
    "车": "c",  # che
    "贾": "j",  # jia
    "谌": "c",  # chen
    "逄": "p",  # pang
    "冼": "x",  # xian
    "妫": "g",  # gui
    "华": "h",  # hua
    "任": "r",  # ren
    "纪": "j",  # ji
    "沈": "s",  # shen
    "葛": "g",  # ge
    "柏": "b",  # bai
    "藏": "z",  # zang
    "褚": "c",  # chu
    "适": "k",  # kuo
}
DOUBLE_SURNAME_INITIALS = {
    "尉迟": "yc",  # yuchi
    "单于": "cy",  # chanyu
    "万俟": "mq",  # moqi
    "长孙": "zs",  # zhangsun
    "澹台": "tt",  # tantai
    "令狐": "lh",
    "乐正": "yz",  # yuezheng
    "宰父": "zf",
}
_LATIN_WORD = re.compile(r"[a-z0-9]+")


def search_key(text: str) -> str:
    """One spelling for comparing: NFKC, case folded, spaces single and none between Chinese characters."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", folded)


def name_initials(name: str) -> str:
    """Make the pinyin initials of a name: 王秀英 -> wxy, 单雄信 -> sxx, Anna Schmidt -> as."""
    key = search_key(name)
    for length, table in ((2, DOUBLE_SURNAME_INITIALS), (1, SURNAME_INITIALS)):
        if key[:length] in table:
            return table[key[:length]] + _plain_initials(key[length:])
    return _plain_initials(key)


def _plain_initials(text: str) -> str:
    # Its dictionaries take a third of a second to load: not before the first resident is registered.
    from pypinyin import Style, lazy_pinyin

    def latin(other: str) -> str:
        return " ".join(_LATIN_WORD.findall(other))

    spelled = " ".join(lazy_pinyin(text, style=Style.NORMAL, errors=latin))
    return "".join(word[0] for word in spelled.split())
