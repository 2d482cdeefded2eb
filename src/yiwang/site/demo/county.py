"""The invented county of 云川县: its units and the people who work there. Nobody in it exists."""

from dataclasses import dataclass
from datetime import date

from yiwang.kernel.orgs.enums import UnitKind

FOUNDED_ON = date(2001, 1, 1)
MERGED_ON = date(2025, 3, 1)
PASSWORD = "yunchuan-demo"
"""Everybody's password in the demo county. An installation outside demo mode has no account from here."""


@dataclass(frozen=True)
class DemoUnit:
    """A unit of the demo county; `people` are the names of its clerk and its head."""

    code: str
    name: str
    short: str
    english: str
    kind: UnitKind
    parent: str | None = "county"
    people: tuple[str, str] | None = None
    functions: tuple[str, ...] = ()
    phone: str = ""
    address: str = ""
    hours: str = ""


WORKDAY = "工作日 8:30–12:00，14:30–18:00"
EVERY_DAY = "每天 8:00–20:00，热线24小时"
OFFICE, DEPARTMENT, TOWNSHIP, VILLAGE, COMPANY = (
    UnitKind.OFFICE,
    UnitKind.DEPARTMENT,
    UnitKind.TOWNSHIP,
    UnitKind.VILLAGE,
    UnitKind.COMPANY,
)

UNITS = (
    DemoUnit("county", "云川县人民政府", "云川县", "Yunchuan County", UnitKind.COUNTY, None),
    DemoUnit("office", "云川县信访局", "信访局", "Petition Office", OFFICE, people=("沈若兰", "纪长河"),
             functions=("petitions.intake",), phone="0000-0000001", address="云川县城关镇政通路1号 群众来访接待中心", hours=WORKDAY),
    DemoUnit("inspection", "云川县督查考核办公室", "督查办", "Inspection Office", OFFICE, people=("祁一鸣", "尚文渊"),
             functions=("petitions.supervision",), phone="0000-0000002", address="云川县城关镇政通路1号", hours=WORKDAY),
    DemoUnit("water", "云川县水务局", "水务局", "Water Bureau", DEPARTMENT, people=("柏青松", "汤怀远")),
    DemoUnit("housing", "云川县住房和城乡建设局", "住建局", "Housing and Construction Bureau", DEPARTMENT, people=("鲁小满", "岑立夫")),
    DemoUnit("labour", "云川县人力资源和社会保障局", "人社局", "Human Resources and Social Security Bureau", DEPARTMENT, people=("单玉琴", "费国梁")),
    DemoUnit("education", "云川县教育局", "教育局", "Education Bureau", DEPARTMENT, people=("曾雨桐", "康启明")),
    DemoUnit("health", "云川县卫生健康局", "卫健局", "Health Bureau", DEPARTMENT, people=("翟静姝", "伍思源")),
    DemoUnit("land", "云川县自然资源局", "自然资源局", "Natural Resources Bureau", DEPARTMENT, people=("卓远帆", "骆成山")),
    DemoUnit("transport", "云川县交通运输局", "交通局", "Transport Bureau", DEPARTMENT, people=("景行之", "万里程")),
    DemoUnit("farming", "云川县农业农村局", "农业农村局", "Agriculture and Rural Affairs Bureau", DEPARTMENT, people=("谷雨田", "苗春生")),
    DemoUnit("environment", "云川县生态环境局", "生态环境局", "Ecology and Environment Bureau", DEPARTMENT, people=("林澄江", "水清源")),
    DemoUnit("civil", "云川县民政局", "民政局", "Civil Affairs Bureau", DEPARTMENT, people=("慈惠芳", "安济民")),
    DemoUnit("market", "云川县市场监督管理局", "市场监管局", "Market Regulation Bureau", DEPARTMENT, people=("成平安", "权正衡")),
    DemoUnit("city", "云川县城市管理局", "城管局", "Urban Management Bureau", DEPARTMENT, people=("路明亮", "井然序")),
    DemoUnit("chengguan", "城关镇人民政府", "城关镇", "Chengguan Town", TOWNSHIP, people=("穆清源", "解怀瑾")),
    DemoUnit("qingshi", "青石镇人民政府", "青石镇", "Qingshi Town", TOWNSHIP, people=("石磊落", "罗翠屏")),
    DemoUnit("liuhe", "柳河镇人民政府", "柳河镇", "Liuhe Town", TOWNSHIP, people=("柳依然", "河东升")),
    DemoUnit("heping", "和平乡人民政府", "和平乡", "Heping Township", TOWNSHIP, people=("宁致远", "时和顺")),
    DemoUnit("shuangqiao", "双桥乡人民政府", "双桥乡", "Shuangqiao Township", TOWNSHIP, people=("乔木深", "桑梓情")),
    DemoUnit("baiyang", "白杨乡人民政府", "白杨乡", "Baiyang Township", TOWNSHIP, people=("杨树林", "木青青")),
    DemoUnit("donggou", "东沟乡人民政府", "东沟乡", "Donggou Township", TOWNSHIP),
    DemoUnit("nanguan", "城关镇南关社区", "南关社区", "Nanguan Community", VILLAGE, "chengguan"),
    DemoUnit("beiguan", "城关镇北关社区", "北关社区", "Beiguan Community", VILLAGE, "chengguan"),
    DemoUnit("shiyan", "青石镇石崖村", "石崖村", "Shiya Village", VILLAGE, "qingshi"),
    DemoUnit("liuwan", "柳河镇柳湾村", "柳湾村", "Liuwan Village", VILLAGE, "liuhe"),
    DemoUnit("heying", "和平乡河营村", "河营村", "Heying Village", VILLAGE, "heping"),
    DemoUnit("qiaotou", "双桥乡桥头村", "桥头村", "Qiaotou Village", VILLAGE, "shuangqiao"),
    DemoUnit("baishui", "白杨乡白水村", "白水村", "Baishui Village", VILLAGE, "baiyang"),
    DemoUnit("centre", "云川县社区服务中心", "社区服务中心", "Community Service Centre", OFFICE, people=("慕容静好", "虞善邻"),
             functions=("community.centre",), phone="96519", address="云川县城关镇政通路3号", hours=EVERY_DAY),
    DemoUnit("anju", "云川县安居修缮有限公司", "安居修缮", "Anju Repairs", COMPANY, "centre", people=("鄢听雨", "戚守业")),
    DemoUnit("jiehe", "云川县洁和家政服务有限公司", "洁和家政", "Jiehe Housekeeping", COMPANY, "centre", people=("逯文绣", "濮阳勤")),
    DemoUnit("kanghu", "云川县康护照料服务中心", "康护照料", "Kanghu Care", COMPANY, "centre", people=("晁知暖", "郗春晖")),
    DemoUnit("suida", "云川县速达搬运有限公司", "速达搬运", "Suida Moving", COMPANY, "centre", people=("麴行舟", "钭致远")),
)  # fmt: skip

MERGERS = (("donggou", "liuhe"),)
"""东沟乡 went into 柳河镇 on `MERGED_ON`: its matters and its history are the successor's."""

GUARDIANS = (
    ("leader", "高瞻远", "leader", "分管副县长"),
    ("admin", "管成章", "administrator", "系统管理员"),
    ("security", "严守正", "security_officer", "安全保密员"),
    ("auditor", "审知微", "auditor", "审计员"),
)
"""People at the county itself: sign-in name, name, role, title."""

STAFF = (
    ("gov", "文知秋", "county", "clerk", "县政府办公室秘书"),
    ("gov.head", "章若谷", "county", "head", "县政府办公室主任"),
    ("agent", "佘婉清", "centre", "agent", "话务员"),
    ("agent.two", "亓官晴", "centre", "agent", "话务员"),
    ("dispatcher", "阚知途", "centre", "dispatcher", "调度员"),
    ("anju.one", "郏水生", "anju", "worker", "水电维修员"),
    ("anju.two", "璩开元", "anju", "worker", "管道疏通员"),
    ("jiehe.one", "桓素云", "jiehe", "worker", "保洁员"),
    ("jiehe.two", "鞠小满", "jiehe", "worker", "家政员"),
    ("kanghu.one", "宓怀仁", "kanghu", "worker", "护理员"),
    ("suida.one", "竺大力", "suida", "worker", "搬运员"),
)
"""People beside clerk and head: sign-in name, name, unit, role, title."""

NEWCOMERS = (
    ("heping.new", "时新雨", "heping", "clerk", "经办人"),
    ("office.two", "纪小舟", "office", "clerk", "来访接待员"),
)
"""People whose posts the administrator has proposed and nobody has granted yet."""

SIGN_INS = (
    ("office", "信访局经办 · petition office clerk"),
    ("office.head", "信访局负责人 · petition office head"),
    ("inspection", "督查办经办(监督信箱) · supervision mailbox"),
    ("water", "水务局经办 · department clerk"),
    ("water.head", "水务局负责人 · department head"),
    ("chengguan", "城关镇经办 · township clerk"),
    ("chengguan.head", "城关镇负责人 · township head"),
    ("agent", "96519话务员 · hotline agent"),
    ("dispatcher", "96519调度员 · dispatcher"),
    ("centre.head", "社区服务中心负责人 · centre head"),
    ("anju", "加盟企业经办 · company clerk"),
    ("anju.one", "服务人员 · service worker"),
    ("gov", "县政府办经办(公文) · county office clerk"),
    ("gov.head", "县政府办主任 · county office head"),
    ("leader", "分管领导 · leader"),
    ("admin", "系统管理员 · administrator"),
    ("security", "安全保密员 · security officer"),
    ("auditor", "审计员 · auditor"),
)
"""Whom the demo county offers for a look around."""

SURNAMES = "闻牧苗冉戈燕蒲楚晏简封池厉双原丰祝宓羿"
GIVEN = (
    "春生",
    "秀兰",
    "建国",
    "玉芳",
    "志远",
    "小梅",
    "大山",
    "海燕",
    "文博",
    "桂香",
    "立秋",
    "冬梅",
    "长顺",
    "雪莲",
    "永福",
    "金凤",
    "思齐",
    "晓东",
    "巧云",
    "家和",
)
"""Of these the demo's petitioners get their names; rare surnames, so that none is met by chance."""
