"""Forty invented documents of every kind and form, for the proof that three formats say the same."""

from dataclasses import replace
from datetime import date

from yiwang.facilities.office.rules.document import (
    Attachment,
    Attendance,
    Direction,
    Form,
    Kind,
    Number,
    OfficialDocument,
    Sealing,
    Signer,
    Urgency,
)

COUNTY = "云川县人民政府"
OFFICE = "云川县人民政府办公室"
DAY = date(2026, 3, 5)

OPENINGS = (
    "为贯彻落实《中华人民共和国政府信息公开条例》和市政府第12次常务会议精神，进一步提高全县政务公开工作水平，经县政府同意，现将有关事项明确如下，请结合实际认真贯彻执行。",
    "2025年以来，全县各级各部门坚持以人民为中心，攻坚克难、真抓实干，全年地区生产总值增长5.8%，城乡居民人均可支配收入分别增长4.9%和7.2%，各项工作取得明显成效。",
    "今年入汛以来，我县连续遭遇3轮强降雨，最大小时雨强达68.5毫米，14个乡镇、126个行政村不同程度受灾，农作物受灾面积2.37万亩，损毁农村公路41公里、小型水利设施89处。",
    "根据《党政机关公文处理工作条例》（中办发〔2012〕14号）有关规定，结合我县实际，制定本意见。",
    "“一件事一次办”改革是优化营商环境、方便企业群众办事的重要举措；各单位要提高认识，强化协同，把实事办实、好事办好！",
)
SECTIONS = (
    "一、总体要求",
    "坚持问题导向和目标导向相统一，聚焦群众反映的“急难愁盼”问题，健全制度、压实责任、强化监督，确保各项任务按期保质完成。到2026年底，全县行政许可事项网上可办率达到100%，平均办理时限压缩65%以上，群众满意度达到98.5%。",
    "二、重点任务",
    "（一）完善工作机制。建立县级统筹、部门负责、乡镇落实的工作机制，每月召开1次调度会，每季度通报1次进展情况。",
    "（二）提升服务能力。依托全国一体化政务服务平台（网址：www.gov.example.cn），推动线上线下深度融合，实现“一网通办”“跨域通办”。",
    "1. 规范事项清单。各单位应于4月30日前完成事项梳理，逐项编制办事指南。",
    "2. 优化办理流程。能共享的不再提交，能合并的不再分设，能压减的坚决压减：",
    "（1）减环节，平均不超过3个；",
    "（2）减材料，平均不超过4份。",
    "（三）强化数据支撑。加快电子证照归集应用，推广PDF、OFD等版式文件格式，严格执行GB/T 9704-2012等标准，做到同源、同质、同步。",
    "三、组织实施",
    "各乡镇人民政府、县政府各部门要加强组织领导，明确专人负责，将落实情况纳入年度绩效考核；对工作推进不力、群众反映强烈的，依规依纪依法严肃问责。",
)
TABLE = (
    "| 序号 | 主要任务 | 牵头单位 | 完成时限 |",
    "|---|---|---|---|",
    "| 1 | 编制基层政务公开标准目录并在门户网站公布 | 县政务服务和数据局 | 6月30日前 |",
    "| 2 | 开展“政府开放日”活动，邀请代表委员、群众参加 | 各乡镇人民政府 | 全年 |",
    "| 3 | 完成行政规范性文件清理 | 县司法局 | 9月底前 |",
)


def text(first: int, sections: int = 0, *, rounds: int = 1, closing: str = "", table: bool = False) -> str:
    """A body: an opening, so many of the sections, a table, a closing phrase."""
    lines = [OPENINGS[first % len(OPENINGS)]]
    for _ in range(rounds):
        lines += SECTIONS[:sections]
    if table:
        lines += TABLE
    if closing:
        lines.append(closing)
    return "\n".join(lines)


def general(kind: Kind, title: str, body: str, serial: int, **more: object) -> OfficialDocument:
    """A document in the general form, by the county government unless said otherwise."""
    basis = OfficialDocument(
        kind=kind,
        title=title,
        units=(COUNTY,),
        body=body,
        signed_on=DAY,
        number=Number("云政发", 2026, serial),
        recipients=("各乡镇人民政府", "县政府各部门"),
        copies=("县委各部门", "县人大常委会办公室", "县政协办公室", "县监委", "县法院", "县检察院"),
        printed_by=OFFICE,
        printed_on=date(2026, 3, 6),
    )
    return replace(basis, **more)  # type: ignore[arg-type]


def going_up(kind: Kind, title: str, body: str, serial: int, **more: object) -> OfficialDocument:
    """A document to the city government, with who signs it."""
    return general(
        kind,
        title,
        body,
        serial,
        **{
            "direction": Direction.UP,
            "recipients": ("江州市人民政府",),
            "signers": (Signer("周明远"),),
            "number": Number("云政", 2026, serial),
            "copies": (),
            **more,
        },
    )


def letter(title: str, body: str, serial: int, **more: object) -> OfficialDocument:
    """A document in the form of a letter."""
    return general(
        Kind.LETTER,
        title,
        body,
        serial,
        **{
            "form": Form.LETTER,
            "direction": Direction.LEVEL,
            "number": Number("云政函", 2026, serial),
            "recipients": ("清河县人民政府",),
            "copies": (),
            "printed_by": "",
            "printed_on": None,
            **more,
        },
    )


def notices() -> list[OfficialDocument]:
    """通知 of many lengths and with every element."""
    plan = Attachment("云川县2026年度政务公开工作要点", text(3, 12, table=True))
    table = Attachment("任务分工表", "\n".join(TABLE))
    both = {"attachments": (plan, table), "note": "此件公开发布"}
    title = "云川县人民政府关于印发《云川县2026年度政务公开工作要点》的通知"
    office = {"units": (OFFICE,), "number": Number("云政办发", 2026, 7)}
    return [
        general(Kind.NOTICE, title, text(0), 12, **both, copy_number=12, urgency=Urgency.SPEEDY),
        general(Kind.NOTICE, title, text(0, 12, rounds=2), 13, **both),
        general(Kind.NOTICE, title, text(0, 12, rounds=4, table=True), 14),
        general(Kind.NOTICE, "云川县人民政府关于2026年清明节放假的通知", text(4), 15, is_duplex=False),
        general(
            Kind.NOTICE,
            "云川县人民政府办公室关于进一步做好冬季安全生产工作的紧急通知",
            text(2, 7),
            7,
            **office,
            urgency=Urgency.TOP,
        ),
        general(Kind.NOTICE, "云川县人民政府办公室关于做好防汛工作的通知", text(2, 9), 8, **office),
        *[
            general(Kind.NOTICE, f"云川县人民政府关于做好第{rows}批试点工作的通知", text(1, rows), 20 + rows)
            for rows in (3, 4, 5, 6)
        ],
    ]


def joint() -> list[OfficialDocument]:
    """Documents of several units, with seals and without."""
    two = ("云川县教育局", "云川县财政局")
    four = (*two, "云川县人力资源和社会保障局", "云川县卫生健康局")
    title = "关于调整义务教育学校公用经费标准的通知"
    common = {"number": Number("云教发", 2026, 9), "recipients": ("各中小学校",)}
    return [
        general(Kind.NOTICE, title, text(0, 6), 9, units=two, **common),
        general(Kind.NOTICE, title, text(0, 8), 9, units=four, **common),
        general(Kind.NOTICE, title, text(1, 3), 9, units=two, sealing=Sealing.NONE, **common),
        going_up(
            Kind.REQUEST,
            "云川县教育局云川县财政局关于核定学校建设资金的请示",
            text(1, 2, closing="妥否，请批示。"),
            3,
            units=two,
            number=Number("云教发", 2026, 3),
            signers=(Signer("陈静怡", unit=two[0]), Signer("李卫", unit=two[1])),
            note="联系人：赵青，电话：0000-1234567",
        ),
    ]


def by_kind() -> list[OfficialDocument]:
    """Every one of the fifteen kinds in the general form, where it has it."""
    people = {"recipients": (), "copies": ()}
    return [
        general(
            Kind.RESOLUTION,
            "云川县第十八届人民代表大会第五次会议关于政府工作报告的决议",
            text(1),
            1,
            **people,
        ),
        general(
            Kind.DECISION, "云川县人民政府关于表彰2025年度全县信访工作先进集体和先进个人的决定", text(1, 4), 2
        ),
        general(
            Kind.COMMUNIQUE, "云川县2025年国民经济和社会发展统计公报", text(1, 11, table=True), 3, **people
        ),
        general(
            Kind.PROCLAMATION,
            "云川县人民政府关于划定禁牧区域的公告",
            text(4),
            4,
            sealing=Sealing.NONE,
            **people,
        ),
        general(Kind.ANNOUNCEMENT, "云川县人民政府关于森林防火戒严的通告", text(2, 5), 5, **people),
        general(Kind.OPINION, "云川县人民政府关于加快推进现代农业高质量发展的实施意见", text(3, 12), 6),
        general(Kind.CIRCULAR, "云川县人民政府关于2025年度绩效考核结果的通报", text(1, 3, table=True), 7),
        going_up(
            Kind.REPORT,
            "云川县人民政府关于2025年法治政府建设情况的报告",
            text(1, 12, closing="特此报告。"),
            8,
        ),
        going_up(
            Kind.REQUEST,
            "云川县人民政府关于请求拨付防汛救灾资金的请示",
            text(2, closing="妥否，请批示。"),
            9,
            note="联系人：赵青，电话：0000-1234567",
        ),
        general(
            Kind.REPLY,
            "云川县人民政府关于同意城关镇国土空间总体规划的批复",
            text(0, 2, closing="此复。"),
            10,
            recipients=("城关镇人民政府",),
        ),
        going_up(
            Kind.BILL,
            "云川县人民政府关于提请审议2026年县级预算调整方案的议案",
            text(1, closing="请予审议。"),
            11,
            recipients=("云川县人民代表大会常务委员会",),
            sealing=Sealing.SIGNATURE,
            signers=(Signer("周明远", post="县长"),),
        ),
        going_up(Kind.OPINION, "云川县人民政府关于城区学位建设的意见", text(3, 5, closing="请审定。"), 12),
    ]


def forms() -> list[OfficialDocument]:
    """Letters, orders and minutes."""
    order = {
        "form": Form.ORDER,
        "number": None,
        "recipients": (),
        "copies": (),
        "sealing": Sealing.SIGNATURE,
        "signers": (Signer("周明远", post="县长"),),
    }
    minutes = {
        "form": Form.MINUTES,
        "letterhead": ("云川县人民政府常务会议纪要",),
        "recipients": (),
        "sealing": Sealing.NONE,
        "number": Number("云政纪", 2026, 3),
    }
    names = ("周明远", "陈静怡", "李卫", "欧阳春晓", "赵青", "孙立国", "吴桂兰", "郑小满", "何大川", "冯玉")
    return [
        letter("云川县人民政府关于商请联合开展河道整治的函", text(0, 2, closing="请予支持为盼。"), 1),
        letter("云川县人民政府关于共建跨界水质监测站的函", text(4, 9, rounds=2, closing="盼复。"), 2),
        letter(
            "云川县人民政府办公室关于征求《云川县城市更新办法》意见的函",
            text(0, 1, closing="请于3月20日前反馈。"),
            3,
            units=(OFFICE,),
            urgency=Urgency.SPEEDY,
            copies=("县司法局",),
            attachments=(Attachment("云川县城市更新办法（征求意见稿）", text(3, 12)),),
        ),
        letter("关于复核土地权属意见的复函", text(0, closing="特此函复。"), 4, copy_number=3),
        general(Kind.ORDER, "云川县人民政府令", text(3, 4), 1, **order, order_number=3),
        general(Kind.ORDER, "云川县人民政府令", text(2, closing="此令。"), 2, **order, order_number=4),
        general(
            Kind.MINUTES,
            "县政府第12次常务会议纪要",
            text(1, 8),
            1,
            **minutes,
            attendance=(
                Attendance("出席", names),
                Attendance("请假", names[:1]),
                Attendance("列席", names[3:7]),
            ),
        ),
        general(
            Kind.MINUTES,
            "县政府专题会议纪要",
            text(2, 12, rounds=2),
            2,
            **minutes,
            attendance=(Attendance("出席", names * 3),),
        ),
    ]


def several() -> list[OfficialDocument]:
    """More lengths, so that ends fall on every row of a page."""
    filling = "各单位要切实提高思想认识，加强组织领导，密切协作配合，抓好工作落实。"
    return [
        general(
            Kind.NOTICE,
            "云川县人民政府关于开展爱国卫生运动的通知",
            "\n".join([OPENINGS[0], *[filling] * count]),
            40 + count,
            sealing=sealing,
        )
        for count, sealing in (
            (3, Sealing.SEAL),
            (4, Sealing.NONE),
            (5, Sealing.SEAL),
            (6, Sealing.NONE),
            (14, Sealing.SEAL),
            (15, Sealing.SEAL),
        )
    ]


def documents() -> list[OfficialDocument]:
    """All forty."""
    return [*notices(), *joint(), *by_kind(), *forms(), *several()]
