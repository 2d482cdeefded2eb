"""The words by which a text names a statute or a place in it, as patterns for `citations`.

Those that begin with one letter are looked for at the speed of memory: together they cost less than one
pattern of all of them.
"""

import re

from yiwang.facilities.lawbook.rules.numerals import NUMERAL
from yiwang.facilities.lawbook.rules.provisions import CHAIN, CHAIN_WITHOUT, DEEPER, ITEMS_BEFORE

_BRACKETED = r"[（(\[［〔](?:[^（）()\n]|[（(][^（）()\n]*[）)]){1,80}[）)\]］〕]"
_SORT = "法典|法|条例|办法|规定|细则|规则|解释|决定|规程|准则|通则|规范"
_STATUTE_SORT = (
    rf"(?P<sort>(?:实施|暂行)?(?:{_SORT}))(?!律|人|定|规[^定])(?:[（(](?:试行|暂行)[）)])?"
    rf"(?:(?:中的|中|的|之)?(?P<of_sort>{CHAIN}))?"
)
_PLACE = r"[条款项章节编](?!例|目|约|件|项|程)"
TITLE = re.compile(
    r"《(?P<title>(?:[^《》\n]|《[^《》\n]{1,80}》){1,150})》"
    rf"(?:(?P<bracket>{_BRACKETED}(?:第?\d+号)?)?[ 　\u00a0]?(?:中的|中关于|中|的|之)?[ 　\u00a0]?(?P<of_title>{CHAIN}|(?<=》){CHAIN_WITHOUT}))?"
)
# Most of what begins with 第 are the headings of a statute, told apart at once.
_HEADING = rf"(?<=\n第){NUMERAL}条(?:之[一二三四五六七八九十]+)?(?=[ 　])"
BARE = re.compile(rf"第(?:{_HEADING}|{CHAIN.removeprefix('第')})")
# A chapter with its heading, copied into the middle of a line.
CHAPTER_HEADING = re.compile(rf"第{NUMERAL}[编章节][ 　\u00a0]+[\u4e00-\u9fff]")
UNCLOSED = re.compile(
    rf"《(?P<title>[^《》。；！？\n]{{2,40}}?(?:{_SORT}))(?:[（(\[［〔][^《》。；\n]{{0,24}})?(?:的|中)?"
)
ITEMS = re.compile(r"项(?<=[）)]项)(?!目)")
ITEMS_FROM = re.compile(ITEMS_BEFORE)
FORMER = re.compile(
    rf"前(?P<count>[一二两三四五])?(?P<level>[款条项])(?!例|项|件|目|约)(?P<deeper>{DEEPER})?"
)
THIS = re.compile(rf"本(?:{_STATUTE_SORT}|(?P<unit>{_PLACE})(?P<deeper>{DEEPER})?)")
THAT = re.compile(
    rf"该(?:{_STATUTE_SORT}|(?P<unit>条(?!例|约|件|款)|[款项](?=第|规定|所))(?P<deeper>{DEEPER})?)"
)
SAME = re.compile(rf"同(?:{_STATUTE_SORT}|(?P<unit>条(?!例|约|件|款))(?P<deeper>{DEEPER})?)")
ABOVE = re.compile(rf"上述{_STATUTE_SORT}")
REGULATION = re.compile("条例")
ARTICLE = re.compile(rf"(?!第|一条|一项|一款|几|两){CHAIN_WITHOUT}")
AFTER_TITLE = re.compile(_BRACKETED)
SHORT_FOR = re.compile(
    r"(?:简称|统称)[为:：]?\s*[“\"《〈<‘「【]?(?P<short>[^”\"》〉>’」】，,；;）)\]]{1,30})"
)
NUMBERED = re.compile(r"号|令$")
HEADINGS = re.compile(rf"(?:^|\n)[#*\s　]*第{NUMERAL}条[\s　]")
ITEM_LINE = re.compile(r"[（(]?[一二三四五六七八九十\d]+[）)、.．]")
ITEM = re.compile(rf"\n\s*[（(](?P<number>{NUMERAL})[）)]")
NOT_A_STATUTE = re.compile(
    r"(?:合同|协议|协定|章程|公约|条约|宪章|规约|公告|通知|通告|意见|方案|标准|规范|文件|纪要|公报|议定书|附件[一二三四五六七八九十\d]*|指南|目录|计划|纲要|内容|事项|措施|\d号令"
    r"|声明|招标书|说明书|说明|附录|附表|号|[^令]》|上述|以上)(?:的|中|中的|之)?$"
)
JOINED = re.compile(r"[、，,和及与或以者\s；;]*(?:同时)?(?:第)?")
GLUE = re.compile(rf"[”\"’]?(?:{_BRACKETED})?[ 　\u00a0]?(?:总则|分则)?(?:中的|中|的|之)?[ 　\u00a0]?")
NOT_BEFORE_OWN = "基根日资成样版文"
A_VERB = re.compile("[造构完达组形变促]成$")
NOT_BEFORE_FORMER = "目提"
REGION = "省市县区州"
BEFORE_A_HEADING = '#*“" \n　\u00a0\t。；：:！”'
AFTER_A_HEADING = " 　\u00a0\n\t：:*【（("
# A document that has articles of its own; a form or a certificate has none.
HAS_ARTICLES = re.compile(
    r"(?:通知|通告|公告|公报|意见|方案|合同|协议|协定|章程|公约|条约|标准|规范|规程|规划|计划|纲要|指南|纪要|制度|守则|规约|规则"
    r"|细则|办法|规定|决定|解释|批复|函|书)(?:[（(][^（）()]*[）)])?$"
)
THE_LAW_S_RULES = re.compile(r"^[》”\"]?[及和与](?:其)?$")
LONGER_WORD = re.compile(
    r"日(?![常益前起])|[人律制学官院庭警医令案盲子师系定]|规[^定]|宣誓|委员会|和法律委员会|工作委员会"
)
ITS_RULES = re.compile(r"实施(?:条例|细则|办法)")
CARRIED_ON = re.compile(r"[和、及或者与]")
QUOTED_HEADING = re.compile(r"[^的之规、，,和及与或（(“\"：:至到第中款项条等以应。；;）)》均都所就只也有]")
TOO_GENERIC = frozenset(("决定", "解释", "批复", "规定", "办法", "法"))
ON_CHANGES = re.compile(r"关于(?:修改|废止|修订)")
FAR = 1500
