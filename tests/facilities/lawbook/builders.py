"""Invented statutes, loaded through the action."""

from datetime import UTC, datetime

from yiwang.facilities.lawbook.actions import Summary, load
from yiwang.facilities.lawbook.sources import Held, day_in_name

NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)

FIRST = """# 中华人民共和国灯会法

2001年3月1日 第九届灯会会议通过

<!-- INFO END -->

## 第一章 总则

第一条 为了办好灯会，制定本法。

第二条 本法所称灯会，是指：

（一）元宵的灯会；

（二）下列日子的灯会：

1．中秋；

2．国庆。

前款以外的，不是灯会。

第三条 灯会应当有灯。

## 第二章 附则

第四条 本法自2001年5月1日起施行。《灯会暂行条例》同时废止。
"""
SECOND = """# 中华人民共和国灯会法

2001年3月1日 第九届灯会会议通过

2020年5月6日 《关于修改〈中华人民共和国灯会法〉的决定》第一次修正

<!-- INFO END -->

## 第一章 总则

第一条 为了办好灯会,制定本法。

第二条 本法所称灯会，是指：

（一）元宵的灯会；

（二）下列日子的灯会：

1．中秋；

2．国庆。

前款以外的，不是灯会。

第三条 灯会应当有灯，有火。

第三条之一 火应当有人看守。

## 第二章 附则

第四条 本法自2001年5月1日起施行。《灯会暂行条例》同时废止。
"""
AMENDMENT = """# 关于修改《中华人民共和国灯会法》的决定

2020年5月6日 第十届灯会会议通过

<!-- INFO END -->

一、将第三条修改为：“灯会应当有灯，有火。”

二、增加一条，作为第三条之一：“火应当有人看守。”

本决定自2020年10月1日起施行。
"""
COMING = """# 灯会条例

2026年11月1日 灯会会议通过

<!-- INFO END -->

第一条 灯会应当登记。

第二条 本条例自2027年1月1日起施行。
"""
ENDED = """# 灯会暂行条例

1990年1月1日 灯会会议通过

<!-- INFO END -->

第一条 暂行。

第二条 本条例自1990年2月1日起施行。
"""
SHELF = {
    "行政法/灯会法(2001-03-01).md": FIRST,
    "行政法/灯会法(2020-05-06).md": SECOND,
    "行政法/关于修改灯会法的决定(2020-05-06).md": AMENDMENT,
    "行政法规/灯会条例(2026-11-01).md": COMING,
    "行政法规/灯会暂行条例(1990-01-01).md": ENDED,
}


def held(texts: dict[str, str]) -> list[Held]:
    """Texts as a folder would hold them."""
    return [
        Held(name, text, passed_on=day_in_name(name), field=name.split("/")[0] if "/" in name else "")
        for name, text in texts.items()
    ]


def a_lawbook(texts: dict[str, str] | None = None, *, at: datetime = NOW) -> Summary:
    """A lawbook with these texts, else with the law on lantern fairs in two versions and what belongs to it."""
    return load(held(SHELF if texts is None else texts), source="试验", at=at)


def a_long_statute(*, chapters: int = 6, articles: int = 30) -> str:
    """A statute too long for one page."""
    lines, number = ["# 中华人民共和国长灯法", "2010年1月1日 通过", "<!-- INFO END -->"], 0
    for chapter in range(1, chapters + 1):
        lines.append(f"## 第{'一二三四五六七八九'[chapter - 1]}章 灯")
        for _ in range(articles):
            number += 1
            lines.append(f"第{number}条 " + f"第{number}盏灯应当挂得很高，" * 12 + "不得落下。")
    return "\n\n".join(lines)
