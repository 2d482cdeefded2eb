"""What rank a work has and to which field of law it belongs, from its title and the folder it came in."""

import re
from enum import StrEnum

from yiwang.facilities.lawbook.rules.titles import short_title


class Rank(StrEnum):
    """What a work is, in the order in which it prevails over others."""

    CONSTITUTION = "constitution"
    LAW = "law"
    REGULATION = "regulation"
    INTERPRETATION = "interpretation"
    RULE = "rule"
    LOCAL = "local"
    AMENDMENT = "amendment"
    OTHER = "other"


ORDER = {rank: place for place, rank in enumerate(Rank)}
FIELDS = (
    "宪法",
    "宪法相关法",
    "刑法",
    "民法典",
    "民法商法",
    "行政法",
    "经济法",
    "社会法",
    "诉讼与非诉讼程序法",
)
"""The fields of law as the legislature divides them, by the names of the folders that laws come in."""
_FOLDERS = {
    "行政法规": Rank.REGULATION,
    "司法解释": Rank.INTERPRETATION,
    "部门规章": Rank.RULE,
    "地方性法规": Rank.LOCAL,
} | dict.fromkeys(FIELDS, Rank.LAW)
_AMENDMENT = re.compile(r"修正案(?:（.*）)?$|关于修改.*的决定$|修改.*的补充规定$")


def rank_of(title: str, *, folder: str = "") -> Rank:
    """The rank of a work: its title first (an amendment is one wherever it lies), then its folder."""
    name = short_title(title)
    if _AMENDMENT.search(name):
        return Rank.AMENDMENT
    if name == "宪法":
        return Rank.CONSTITUTION
    if re.search(r"^(?:最高人民法院|最高人民检察院).*(?:解释|规定|批复|意见)|的解释$", name):
        return Rank.INTERPRETATION
    known = _FOLDERS.get(folder)
    if known is not None:
        return known
    if name.endswith(("法", "法典")):
        return Rank.LAW
    return Rank.REGULATION if name.endswith("条例") else Rank.OTHER


def field_of(folder: str) -> str:
    """The field of law that a folder stands for; 民法典 belongs to 民法商法."""
    return "民法商法" if folder == "民法典" else folder if folder in FIELDS else ""
