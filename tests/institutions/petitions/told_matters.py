"""Pairs of petitions with the right answer, made anew from a seed: is the second a repeat of the first?

People and places are invented. A matter is told in clauses, each in two wordings; telling it again drops
clauses, changes wordings and order, and adds a sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from yiwang.institutions.petitions.repeat_search import accused_keys, person
from yiwang.institutions.petitions.repeats import EarlierMatter, NewMatter, Person

MATTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "供水|村口水管漏水": (
        "村口水管漏水无人修",
        (
            "村口主水管接头漏水已有半月|主水管从村口接头处漏水半个多月",
            "夜里路面结冰老人摔倒|路面夜里结冰有老人摔倒",
            "打过自来水厂电话没人来|自来水厂电话打过多次没人来",
            "请尽快派人修理水管|希望派人来把水管修好",
            "每月水费照样上涨|水费每个月还在上涨",
        ),
    ),
    "供水|小区水质浑浊": (
        "小区自来水发黄有异味",
        (
            "小区自来水发黄有铁锈味|家里放出的自来水发黄带铁锈味",
            "二十多户居民都不敢饮用|二十多户人家不敢喝",
            "物业说管道老化要自己出钱|物业答复管道老化需住户出钱",
            "要求检测水质并更换管道|请求检测水质更换老化管道",
            "孩子喝了拉肚子|有孩子喝水后拉肚子",
        ),
    ),
    "土地|征地补偿未到账": (
        "修公路征地补偿款一直没发",
        (
            "去年修公路占了我家两亩水田|我家两亩水田去年被修公路占用",
            "签了协议说三个月付补偿款|协议写明三个月内付补偿款",
            "至今一分钱没有到账|到现在补偿款一分没到账",
            "村干部说钱在乡里|问村里说款项在乡政府",
            "请查清补偿款去向并发放|要求查明款项去向尽快发放",
        ),
    ),
    "土地|承包地被侵占": (
        "承包地被邻居圈占种树",
        (
            "我家承包地东头被邻居圈了三分|邻居圈走我家承包地东头三分",
            "在上面栽了杨树|圈占的地上种了杨树",
            "确权证上面积写得清楚|有确权证写明面积四至",
            "村里调解两次都没结果|经村里两次调解没有解决",
            "请求恢复原界|要求退还并恢复地界",
        ),
    ),
    "劳动|拖欠工资": (
        "工地拖欠农民工工资",
        (
            "我们在新城工地做木工五个月|在新城工地干木工活五个月",
            "包工头欠十二个人工资二十万元|包工头拖欠十二人工资共二十万",
            "年底说好结清又推到明年|答应年底结清又往后推",
            "打电话不接人也找不到|现在电话不接找不到人",
            "请帮忙讨回工资过年|希望讨回血汗钱回家过年",
        ),
    ),
    "劳动|社保断缴": (
        "企业停缴职工社会保险",
        (
            "纺织厂从三月起停缴养老保险|养老保险从三月份起厂里停缴",
            "工资里照样扣个人部分|个人部分每月照扣",
            "五十名职工受影响|影响五十名职工",
            "影响退休办理和看病报销|退休和医保报销都受影响",
            "要求补缴并给个说法|请督促补缴断缴月份",
        ),
    ),
    "教育|校车超载": (
        "乡小学校车严重超载",
        (
            "乡中心小学校车核载十九人拉四十个孩子|核载十九人的校车挤了四十个学生",
            "冬天山路陡很危险|山路陡坡冬天非常危险",
            "家长向学校反映没有回应|家长多次找学校没有答复",
            "希望增加车辆和照管人员|请增派车辆配备照管人员",
            "上周急刹车有孩子碰伤|上周急刹车碰伤两个孩子",
        ),
    ),
    "教育|违规收补课费": (
        "初中老师收费补课",
        (
            "初二班主任周末在家办补习班|班主任利用周末在家里给初二学生补习",
            "每人每学期收一千八百元|每学期每人交一千八百元",
            "不参加的孩子被调到后排|没交钱的学生座位排到最后",
            "请教育部门调查退费|要求查处并退还费用",
            "收钱都用微信转账有记录|微信转账记录可以提供",
        ),
    ),
    "环保|养殖场臭味": (
        "养猪场污水直排臭气熏天",
        (
            "村西养猪场粪水直接排进沟里|粪水从村西养猪场直排沟渠",
            "夏天臭得不敢开窗|天热时臭气大不敢开窗户",
            "下游鱼塘死了很多鱼|下游鱼塘成片死鱼",
            "环保来过一次走后照旧|环保检查走了又照样排",
            "要求停排整治|请责令停止排污限期整治",
        ),
    ),
    "环保|石料厂噪声粉尘": (
        "石料厂昼夜开工粉尘大",
        (
            "石料厂离村子不到两百米|石料厂距住户不足二百米",
            "半夜十二点还在放炮碎石|凌晨还在碎石放炮",
            "粉尘落满庄稼和屋顶|庄稼屋顶落满粉尘",
            "老人咳嗽孩子睡不着|老人咳嗽加重孩子无法入睡",
            "请限制作业时间安装除尘|希望限时作业并装除尘设备",
        ),
    ),
    "交通|路灯不亮": (
        "东环路路灯半年不亮",
        (
            "东环路桥头到医院一段路灯全灭|桥头到医院这段东环路没有一盏路灯亮",
            "已经半年多没人修|半年多来一直没修",
            "上夜班的护士经过很害怕|护士夜班经过提心吊胆",
            "上个月撞了一个骑车的|前不久骑车人被撞伤",
            "请住建部门修复照明|请求尽快恢复照明",
        ),
    ),
    "交通|道路塌方": (
        "进村公路塌方车辆不能通行",
        (
            "七月暴雨后进村公路塌了三十米|进村公路七月暴雨塌方约三十米",
            "现在只能走人不能过车|车辆过不去只能步行",
            "苹果熟了拉不出去|苹果成熟运不出去要烂",
            "乡里说等项目资金|乡上答复等资金下来",
            "请先抢通一条便道|希望先修便道保证通车",
        ),
    ),
}  # fmt: skip
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "建国秀英志强桂兰永福春梅海龙玉珍文斌小燕"
OPENINGS = ("您好。", "尊敬的领导,", "我是本村村民,", "再次反映,", "")
ENDINGS = ("谢谢。", "盼复。", "上次反映后一直没有答复。", "等待您的回音。", "")


@dataclass(frozen=True)
class Pair:
    """An earlier and a new petition; `kind` says how they were made."""

    kind: str
    earlier: EarlierMatter
    new: NewMatter
    is_repeat: bool


def pairs(seed: int, *, number: int) -> Iterator[Pair]:
    """So many pairs of every kind."""
    random = Random(seed)
    for _ in range(number):
        for kind in KINDS:
            yield _pair(kind, random)


KINDS = {
    "same person, told again": True,
    "same person by identity number": True,
    "principal through an agent": True,
    "a co-signer comes alone": True,
    "anonymous, same accused": True,
    "same person, other matter": False,
    "same person, other matter of the class": False,
    "other person, same matter": False,
    "namesake, same matter": False,
    "family telephone, same matter": False,
    "same agent, other principal": False,
    "anonymous, other accused": False,
}


def _somebody(random: Random) -> Person:
    name = random.choice(SURNAMES) + "".join(random.sample(GIVEN, 2))
    return person(
        name=name,
        phone=f"13{random.randrange(10**8, 10**9)}",
        identity_number=f"622{random.randrange(10**14, 10**15)}",
        address=f"云川县{random.choice('东西南北')}街{random.randrange(1, 900)}号",
    )


def _told(matter: str, random: Random) -> tuple[str, str]:
    title, clauses = MATTERS[matter]
    chosen = random.sample(clauses, random.randint(len(clauses) - 1, len(clauses)))
    words = [random.choice(clause.split("|")) for clause in chosen]
    return title, random.choice(OPENINGS) + ",".join(words) + "。" + random.choice(ENDINGS)


def _pair(kind: str, random: Random) -> Pair:
    matter = random.choice(list(MATTERS))
    group = matter.partition("|")[0]
    second = matter
    if kind == "same person, other matter":
        second = random.choice([m for m in MATTERS if m.partition("|")[0] != group])
    elif kind == "same person, other matter of the class":
        second = next(m for m in MATTERS if m != matter and m.partition("|")[0] == group)
    one, other, agent = _somebody(random), _somebody(random), _somebody(random)
    people: dict[str, tuple[tuple[Person, ...], tuple[Person, ...]]] = {
        "same person by identity number": (
            (one,),
            (person(name=one.name, phone="", identity_number=one.identity_number),),
        ),
        "a co-signer comes alone": ((other, one), (one,)),
        "other person, same matter": ((one,), (other,)),
        "namesake, same matter": ((one,), (person(name=one.name, phone=other.phone, address=other.address),)),
        "family telephone, same matter": ((one,), (person(name=other.name, phone=one.phone),)),
        "same agent, other principal": ((one,), (other,)),
    }
    before, now = people.get(kind, ((one,), (person(name=one.name, phone=one.phone),)))
    agents = (agent,) if "agent" in kind else ()
    accused = accused_keys(unit_ids=[7])
    accused_now = accused if kind != "anonymous, other accused" else accused_keys(unit_ids=[8])
    is_anonymous = kind.startswith("anonymous")
    title, text = _told(matter, random)
    new_title, new_text = _told(second, random)
    return Pair(
        kind,
        EarlierMatter(
            case_id=1,
            number="信访2026-000001",
            title=title,
            text=text,
            category=group,
            received_on=date(2026, 11, 1),
            state="registered",
            people=() if is_anonymous else before,
            agents=agents if kind == "same agent, other principal" else (),
            accused=accused if is_anonymous else frozenset(),
        ),
        NewMatter(
            title=new_title,
            text=new_text,
            category=random.choice(("", second.partition("|")[0])),
            people=() if is_anonymous else now,
            agents=agents,
            accused=accused_now if is_anonymous else frozenset(),
        ),
        KINDS[kind],
    )
