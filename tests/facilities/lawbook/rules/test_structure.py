"""A statute's text as a tree, with invented statutes of every form that is met."""

from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.structure import Fault, NodeKind, Statute, parse, parts_of

CODE = """# 中华人民共和国灯会法

2001年3月1日 第九届灯会会议通过

2020年5月6日 《关于修改〈灯会法〉的决定》第一次修正

<!-- INFO END -->

## 第一编 总　则

### 第一章 一般规定

\u200b

第一条 为了办好灯会，制定本法。

第二条 本法所称灯会，是指：

（一）元宵的灯会；

（二）下列日子的灯会：

1．中秋；

2．国庆。

前款以外的，不是灯会。

第二条之一 灯会应当有灯。

## 第二编 分则

### 第一章 罚则

第三条 没有灯的，不得称为灯会。

## 附则

第四条 本法自2001年5月1日起施行。

附件一：

灯的样式（略）
"""


def shape(statute: Statute) -> list[tuple[str, str, str]]:
    return [
        (node.kind.value, node.number.eid if node.number else "", node.heading or node.text.split("\n")[0])
        for node in statute.walk()
    ]


def test_a_code_is_read_into_parts_chapters_and_articles() -> None:
    statute = parse(CODE)
    assert (statute.title, statute.findings) == ("中华人民共和国灯会法", ())
    assert len(statute.preliminaries) == 2
    assert shape(statute) == [
        ("part", "1", "总则"),
        ("chapter", "1", "一般规定"),
        ("article", "1", "为了办好灯会，制定本法。"),
        ("article", "2", "本法所称灯会，是指："),
        ("article", "2.1", "灯会应当有灯。"),
        ("part", "2", "分则"),
        ("chapter", "1", "罚则"),
        ("article", "3", "没有灯的，不得称为灯会。"),
        ("heading", "", "附则"),
        ("article", "4", "本法自2001年5月1日起施行。"),
        ("annex", "", "附件一"),
        ("text", "", "灯的样式（略）"),
    ]


def test_offsets_lead_back_into_the_text() -> None:
    statute = parse(CODE)
    article = next(node for node in statute.articles() if node.number == Number(2))
    cut = statute.source[article.start : article.end]
    assert cut.startswith("第二条 本法所称灯会")
    assert cut.endswith("不是灯会。")
    assert "\u200b" not in statute.source


def test_an_article_has_paragraphs_items_and_sub_items() -> None:
    article = next(node for node in parse(CODE).articles() if node.number == Number(2))
    paragraphs = parts_of(article)
    assert [(part.kind, part.number) for part in paragraphs[0].walk()] == [
        (NodeKind.PARAGRAPH, Number(1)),
        (NodeKind.ITEM, Number(1)),
        (NodeKind.ITEM, Number(2)),
        (NodeKind.SUBITEM, Number(1)),
        (NodeKind.SUBITEM, Number(2)),
    ]
    assert [part.text for part in paragraphs] == ["本法所称灯会，是指：", "前款以外的，不是灯会。"]
    second = paragraphs[0].children[1]
    assert article.text[second.start : second.end] == "（二）下列日子的灯会："


def test_an_amendment_is_read_into_clauses_and_quotes_stay_inside() -> None:
    statute = parse(
        "# 灯会法修正案\n\n2020年5月6日 第十届灯会会议通过\n\n<!-- INFO END -->\n\n为了灯，作如下修改：\n\n"
        "一、将第二条修改为：“灯会应当有灯。\n\n“没有灯的，不得称为灯会。”\n\n二、本修正案自公布之日起施行。\n"
    )
    assert shape(statute) == [
        ("text", "", "为了灯，作如下修改："),
        ("clause", "1", "将第二条修改为：“灯会应当有灯。"),
        ("clause", "2", "本修正案自公布之日起施行。"),
    ]


def test_articles_that_an_amendment_puts_into_another_law_are_not_its_own() -> None:
    statute = parse(
        "# 宪章修正案\n\n<!-- INFO END -->\n\n第五十二条 增加一节；增加二条。内容如下：\n\n第七节 监灯委员会\n\n"
        "第一百二十三条 监灯委员会监灯。\n\n第一百二十四条 监灯委员会由下列人员组成：\n\n主任。\n"
    )
    assert [node.number for node in statute.articles()] == [Number(52)]
    assert "第一百二十四条 监灯委员会由下列人员组成：" in statute.nodes[0].text


def test_a_missing_article_is_told_and_the_rest_keep_their_numbers() -> None:
    statute = parse("# 灯法\n\n第一条 甲。\n\n第二条 乙。\n\n第四条 丁。\n")
    assert [node.number for node in statute.articles()] == [Number(1), Number(2), Number(4)]
    assert [(finding.fault, finding.about) for finding in statute.findings] == [
        (Fault.ARTICLE_MISSING, "第三条")
    ]


def test_a_numbering_that_begins_anew_behind_an_annex_is_another_one() -> None:
    statute = parse("# 灯法\n\n第一条 甲。\n\n第二条 乙。\n\n附件：\n\n第一条 附件的甲。\n")
    assert [(node.annex, node.number) for node in statute.articles()] == [
        (0, Number(1)),
        (0, Number(2)),
        (1, Number(1)),
    ]
    assert statute.findings == ()


def test_a_chapter_on_one_line_is_read_article_by_article() -> None:
    statute = parse(
        "# 飞灯规则\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n第一条 为了灯。 第二条 放灯的人： （一）应当有灯； "
        "（二）应当有火。 夜里放灯。 第三条 " + "灯，" * 100 + "。\n"
    )
    assert [node.text.split("\n") for node in statute.articles()][:2] == [
        ["为了灯。"],
        ["放灯的人：", "（一）应当有灯；", "（二）应当有火。", "夜里放灯。"],
    ]


def test_a_work_without_articles_keeps_its_text() -> None:
    statute = parse(
        "# 灯的通知\n\n<!-- INFO END -->\n\n各灯会：\n\n## 一、灯\n\n要有灯。\n\n## 二、火\n\n要有火。\n"
    )
    assert shape(statute) == [("text", "", "各灯会："), ("clause", "1", "灯"), ("clause", "2", "火")]


def test_plain_text_is_read_without_marks() -> None:
    statute = parse(
        "灯法\n2020年1月1日灯会通过\n第一章　总则\n第一条　甲。\n第二章　附则\n第二条　本法自公布之日起施行。\n"
    )
    assert (statute.title, statute.preliminaries) == ("灯法", ("2020年1月1日灯会通过",))
    assert shape(statute) == [
        ("chapter", "1", "总则"),
        ("article", "1", "甲。"),
        ("chapter", "2", "附则"),
        ("article", "2", "本法自公布之日起施行。"),
    ]


def test_a_chapter_that_is_only_mentioned_is_no_heading() -> None:
    statute = parse("# 灯法\n\n第一条 甲。\n\n第一章 的规定适用于一切灯。\n\n第二条 乙。\n")
    assert [node.kind for node in statute.nodes] == [NodeKind.ARTICLE, NodeKind.ARTICLE]


def test_what_holds_nothing_says_so() -> None:
    assert [one.fault for one in parse("---\nbook: true\n---\n").findings] == [Fault.EMPTY]
    assert [one.fault for one in parse("# 灯法\n\n<!-- INFO END -->\n").findings] == [Fault.NO_TEXT]
    assert not parse("").is_readable
