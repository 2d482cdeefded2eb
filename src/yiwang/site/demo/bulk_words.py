"""Words for a great many matters: two topics at a known rate, and sentences that fill a letter of 300 characters."""

from yiwang.kernel.orgs.enums import UnitKind
from yiwang.site.demo.county import DemoUnit
from yiwang.site.demo.matters import DemoMatter

NOISE_RATE = 0.25
NURSE_RATE = 0.003

NOISE = DemoMatter(
    "生态环境/大气与噪声/噪声", "environment", "{place}施工噪音夜间扰民无人管理",
    "{place}北侧工地的施工噪音从早上六点一直响到深夜，打桩和切割的噪音隔着两层玻璃都听得见，老人和孩子没法休息。",
    "夜间实测噪音58分贝，超过夜间限值，施工单位未办理夜间作业手续。", "已责令停止夜间施工并处罚，在工地四周加装隔音屏，由社区每晚巡查。",
    "《噪声污染防治法》第四十三条；《信访工作条例》第三十二条",
)  # fmt: skip
NURSE = DemoMatter(
    "民政与社会救助/社会事务/其他", "civil", "{place}家政公司月嫂预约后无故取消",
    "我在{place}一家家政公司做了月嫂预约，交了三千元定金，临产前一周公司说月嫂来不了，也不肯退定金。",
    "双方签订的月嫂预约合同有效，公司未按约定安排人员。", "公司已退还定金并赔付一千元；已约谈辖区家政公司规范月嫂预约合同。",
    "《消费者权益保护法》第五十三条；《信访工作条例》第三十二条",
)  # fmt: skip

TITLE_ENDS = (
    "请尽快处理",
    "多次反映未果",
    "希望给个说法",
    "请相关部门核实",
    "盼回复",
    "影响生活",
    "请协调解决",
)
WHEN = (
    "今年开春以来，", "上个月中旬，", "从去年腊月起，", "前几天下雨以后，", "国庆放假那几天，", "三月里有一次，", "近半年，", "连着几个星期，",
    "端午前后，", "入冬以后，", "昨天傍晚，", "这两年里，", "去年秋收的时候，", "上周一早上，", "开学以后，", "夏天最热的那阵子，",
)  # fmt: skip
WHO = (
    "我们几户邻居", "村里的老人", "社区网格员", "我爱人", "同楼的住户", "旁边商铺的店主", "接送孩子的家长", "路过的行人",
    "我和父亲", "小组长", "隔壁单元的大姐", "附近上班的人", "送货的师傅", "住在后排的人家", "几个退休职工", "全家人",
)  # fmt: skip
WHAT = (
    "先后跑了{n}趟，每次都说再等等", "写了一份联名材料，有{n}个人按了手印", "拍了照片和视频，可以随时提供", "打过值班电话，对方登记了名字就没有下文",
    "自己凑了{n}百元先垫上，票据都留着", "找过原来的施工队，说人已经撤走了", "去年就提过一次，当时答应{n}天以内解决", "看到有人来量过尺寸，之后再没有动静",
    "担心时间一长出安全事故", "已经影响到{n}户人家的正常生活", "问了好几个窗口，都说不归自己管", "把情况跟村干部说过，村里也没有办法",
    "愿意配合工作，只盼有个明确的答复", "按要求交过{n}份材料，至今没有收到通知", "听说别的乡镇早就办好了", "因为这件事耽误了{n}天工",
    "算了一笔账，前后多花了{n}百多元", "等了{n}个月，还是老样子", "在现场看到标牌已经倒了", "发现公示栏里的内容跟实际对不上",
    "希望公开处理的过程和结果", "觉得同样的事情应当同样对待", "查过有关规定，认为这样做不合适", "请工作人员上门看一看",
)  # fmt: skip
ENDINGS = (
    "以上情况属实，请领导百忙之中过问。", "请按规定办理，并告诉我结果。", "电话白天都能打通，随时可以来现场。", "相信能得到公正的处理，谢谢。",
    "如果需要材料，我可以送到窗口。", "请保护好我的个人信息。",
)  # fmt: skip

_NAMES = (
    ("public_works", "云川县重点工程建设中心", "重点工程中心", "Public Works Centre"),
    ("finance", "云川县财政局", "财政局", "Finance Bureau"),
    ("justice", "云川县司法局", "司法局", "Justice Bureau"),
    ("planning", "云川县发展和改革局", "发改局", "Development and Reform Bureau"),
    ("industry", "云川县工业和信息化局", "工信局", "Industry Bureau"),
    ("commerce", "云川县商务局", "商务局", "Commerce Bureau"),
    ("culture", "云川县文化和旅游局", "文旅局", "Culture and Tourism Bureau"),
    ("emergency", "云川县应急管理局", "应急局", "Emergency Management Bureau"),
    ("veterans", "云川县退役军人事务局", "退役军人局", "Veterans Affairs Bureau"),
    ("insurance", "云川县医疗保障局", "医保局", "Healthcare Security Bureau"),
    ("forestry", "云川县林业局", "林业局", "Forestry Bureau"),
    ("audit_office", "云川县审计局", "审计局", "Audit Office"),
    ("statistics", "云川县统计局", "统计局", "Statistics Bureau"),
    ("sports", "云川县体育中心", "体育中心", "Sports Centre"),
    ("archives", "云川县档案馆", "档案馆", "Archives"),
    ("heating", "云川县供热服务中心", "供热中心", "Heating Service Centre"),
    ("gas", "云川县燃气管理站", "燃气站", "Gas Station Office"),
    ("roads", "云川县公路养护中心", "公路中心", "Road Maintenance Centre"),
    ("housing_fund", "云川县住房公积金管理部", "公积金部", "Housing Fund Office"),
    ("disabled", "云川县残疾人联合会", "县残联", "Disabled Persons' Federation"),
)
_CLERKS = [
    "甘澍",
    "席慎言",
    "丛笑",
    "邰正",
    "戚行",
    "荣与共",
    "鞠躬行",
    "宿雨",
    "阙里",
    "冀北",
    "步青",
    "郎朗",
    "隗然",
    "广益",
    "越山",
    "幸川",
    "晁敏",
    "勾陈",
    "敖东",
    "融雪",
]
_HEADS = [
    "巩固本",
    "蔚然风",
    "束有方",
    "匡正之",
    "国士林",
    "寇平原",
    "司马川",
    "欧阳谷",
    "上官明",
    "夏侯实",
    "诸葛勤",
    "东方晓",
    "皇甫直",
    "尉迟朴",
    "公孙量",
    "慕容静",
    "令狐简",
    "钟离和",
    "宇文信",
    "长孙惠",
]

MORE_UNITS = tuple(
    DemoUnit(code, name, short, english, UnitKind.DEPARTMENT, people=(clerk, head))
    for (code, name, short, english), clerk, head in zip(_NAMES, _CLERKS, _HEADS, strict=True)
)
"""Twenty further departments, so that a county of a million matters has forty units that handle them."""
