"""The names by which texts call statutes: titles in book marks, short names, and what only looks like one."""

import re
from collections.abc import Iterable

from yiwang.facilities.lawbook.rules.titles import STATE, name_key, names_of

_SORTS = "法典|法|条例|办法|规定|细则|规则|决定|解释|批复|规程|通则|准则|修正案|命令|规章|民法总则"
_STATUTE = re.compile(rf"(?:{_SORTS})(?:[（(][^（）()]*[）)]?)*(?:第?[\d.]+版)?$")
_BY_A_LEGISLATOR = re.compile(
    r"人民代表大会|人大常委会|国务院|最高人民|法院|检察院|案件|适用|应用|关于修改|关于废止|关于惩治|关于严惩|关于授权"
)
_LEGISLATOR = re.compile(
    r"(?:代表大会|常务委员会|常委会|国务院|最高人民法院|最高人民检察院)[^。；，》]{0,12}$"
)
_NEVER = re.compile(
    r"(?:做|方|用|想|看|书|语|说|手|合|违|魔|兵|疗)法$"
    # What owners of flats and villages give themselves is no statute, whatever it's called.
    r"|业主|小区|业委会|候选人|议事规则$|^[^农乡]{2,4}村(?!民委|镇|庄|级)|(?:记分|评分|量化)细则$"
    r"|^(?:关于)?(?:咨询|投诉|反映|请求|希望|建议|举报|质疑|求助)|行政处罚决定$|处理决定$|复议决定$|(?:操作|技术)规程$|[?？！!]"
)
_NEEDS_A_LEGISLATOR = ("决定", "解释", "批复", "命令")
_GENERIC = frozenset(
    [
        "法",
        "法典",
        "条例",
        "办法",
        "规定",
        "细则",
        "规则",
        "解释",
        "决定",
        "批复",
        "规程",
        "通则",
        "准则",
        "暂行办法",
        "暂行规定",
        "暂行条例",
        "实施办法",
        "实施细则",
        "实施条例",
        "管理办法",
        "管理条例",
        "管理规定",
    ]
)

COMMON_NAMES = {
    "民诉法": "民事诉讼法",
    "刑诉法": "刑事诉讼法",
    "行诉法": "行政诉讼法",
    "治安处罚法": "治安管理处罚法",
    "治安法": "治安管理处罚法",
    "行政处罚法": "行政处罚法",
    "劳动合同法": "劳动合同法",
    "消法": "消费者权益保护法",
    "消费者权益保障法": "消费者权益保护法",
    "道交法": "道路交通安全法",
    "交通安全法": "道路交通安全法",
    "村组法": "村民委员会组织法",
    "村委会组织法": "村民委员会组织法",
    "居民委员会组织法": "城市居民委员会组织法",
    "土地承包法": "农村土地承包法",
    "信访条例": "信访条例",
    "计生法": "人口与计划生育法",
    "环保法": "环境保护法",
    "公积金条例": "住房公积金管理条例",
    "拆迁条例": "城市房屋拆迁管理条例",
    "招投标法": "招标投标法",
    "知识产权海关保护条例": "知识产权海关保护条例",
}
"""What people call a statute, and the short title that it stands for."""

_ALWAYS = [
    "宪法",
    "刑法",
    "民法典",
    "民法通则",
    "民法总则",
    "物权法",
    "合同法",
    "侵权责任法",
    "担保法",
    "婚姻法",
    "继承法",
    "收养法",
    "公司法",
    "劳动法",
    "劳动合同法",
    "刑事诉讼法",
    "民事诉讼法",
    "行政诉讼法",
    "行政处罚法",
    "行政许可法",
    "行政复议法",
    "行政强制法",
    "国家赔偿法",
    "治安管理处罚法",
    "立法法",
    "监察法",
    "土地管理法",
    "城乡规划法",
    "城市房地产管理法",
    "农村土地承包法",
    "村民委员会组织法",
    "道路交通安全法",
    "消费者权益保护法",
    "环境保护法",
    "食品安全法",
    "产品质量法",
    "招标投标法",
    "政府采购法",
    "教育法",
    "义务教育法",
    "教师法",
    "社会保险法",
    "工会法",
    "兵役法",
    "公务员法",
    "价格法",
    "税收征收管理法",
    "政府信息公开条例",
    "信访条例",
    "信访工作条例",
    "物业管理条例",
    "工伤保险条例",
    "住房公积金管理条例",
]


class NameBook:
    """Statutes by name, for finding those that a text names without book marks."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._by_tail: dict[str, list[str]] = {}
        self.names: set[str] = set()
        for title in (*_ALWAYS, *COMMON_NAMES, *COMMON_NAMES.values(), *titles):
            for name in names_of(title):
                self._take(name)
        for tail in self._by_tail.values():
            tail.sort(key=len, reverse=True)
        before = "".join(
            sorted({name.removesuffix("典")[-2] for name in self.names if name.endswith(("法", "法典"))})
        )
        self.law = re.compile(rf"法(?<=[{before}]法)典?")
        """A pattern of the words that may end the name of a law: a quick sieve before `ending_at`."""

    def _take(self, name: str) -> None:
        if (
            name in self.names
            or len(name) < 2
            or name in _GENERIC
            or not name.endswith(("法", "法典", "条例"))
        ):
            return
        self.names.add(name)
        self._by_tail.setdefault(name[-4:] if len(name) > 3 else name[-2:], []).append(name)

    def ending_at(self, text: str, end: int) -> str:
        """The longest known name that ends at a place in a text, or nothing."""
        for name in self._by_tail.get(text[max(0, end - 4) : end], ()):
            if end >= len(name) and text.startswith(name, end - len(name)):
                return name
        for name in self._by_tail.get(text[max(0, end - 2) : end], ()):
            if end >= len(name) and text.startswith(name, end - len(name)):
                return name
        return ""


KNOWN_NAMES = NameBook()

_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]$")
_STATUTES: dict[str, bool] = {}
_MOST_KEPT = 20_000


def is_statute(title: str) -> bool:
    """Whether a title in book marks is that of a statute, a regulation or an interpretation, by its form."""
    kept = _STATUTES.get(title)
    if kept is None:
        kept = _is_statute(title)
        if len(_STATUTES) < _MOST_KEPT:
            _STATUTES[title] = kept
    return kept


def _is_statute(title: str) -> bool:
    bare = title.strip()
    found = _STATUTE.search(bare)
    if found is None or _NEVER.search(bare):
        return False
    if any(found[0].startswith(sort) for sort in _NEEDS_A_LEGISLATOR):
        return bool(_BY_A_LEGISLATOR.search(bare)) or bare in _GENERIC
    return True


def is_statute_of(before: str, title: str) -> bool:
    """Whether a decision or interpretation is one of a legislator, whom the words before its title name."""
    return title.endswith(_NEEDS_A_LEGISLATOR) and bool(_LEGISLATOR.search(before))


def is_generic(title: str) -> bool:
    """Whether a title only says of what sort a statute is, as 《条例》 does after the full title."""
    return _IN_BRACKETS.sub("", title) in _GENERIC


_PLAIN: dict[str, str] = {}


def plain_title(title: str) -> str:
    """A title without spaces, book marks and 中华人民共和国; a common short name becomes the real one."""
    kept = _PLAIN.get(title)
    if kept is None:
        key = name_key(title)
        kept = COMMON_NAMES.get(key, key)
        if len(_PLAIN) < _MOST_KEPT:
            _PLAIN[title] = kept
    return kept


_BACK = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·、]*?(?:[（(][\u4e00-\u9fff]{1,8}[）)])?$")
_NAME = re.compile(
    r"(?P<name>[\u4e00-\u9fffA-Z0-9]{1,40}(?:法典|法|条例|办法|规定|细则|规则|规程|通则|准则|解释|决定|修正案)(?:[（(][\u4e00-\u9fff\d年版]{1,10}[）)])?)$"
)
_BEFORE_A_NAME = re.compile(
    r".*(?:依照|按照|根据|依据|违反|适用|符合|参照|执行|触犯|构成|以及|或者|同时|我国|国家|修改|删去|删除|其中|所谓|明确|对照|遵守|实施的|现行|有关|关于|规定的"
    r"|\d[年月日](?!\d)|[和与或及将对在按由依据违的以是从因如到至并照了被把为])"
)


def name_before(text: str, end: int) -> str:
    """The name that stands before an article without book marks, read by its form; nothing where there is none."""
    found = _NAME.search(text, max(0, end - 45), end)
    if found is None:
        return ""
    name = found["name"]
    rest = _BEFORE_A_NAME.sub("", name)
    if len(rest) < 3:
        return ""
    return (
        ""
        if rest in _GENERIC
        or rest.startswith(("本", "该", "此", "上述", "下列", "相关", "等"))
        or _NEVER.search(rest)
        else rest
    )


def start_of_state(text: str, start: int) -> int:
    """Where a name really begins that has 中华人民共和国 before it."""
    return start - len(STATE) if text.startswith(STATE, start - len(STATE)) and start >= len(STATE) else start
