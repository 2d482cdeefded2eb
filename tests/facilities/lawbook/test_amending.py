"""Amending instruments in the lawbook: what each changed is kept, and every text is proved."""

from datetime import date

import pytest

from tests.builders import NOON
from yiwang.facilities.lawbook import actions, amending
from yiwang.facilities.lawbook.amending import proofs, record_changes
from yiwang.facilities.lawbook.models import ArticleChange
from yiwang.facilities.lawbook.sources import Held
from yiwang.site.checks import amendments

pytestmark = pytest.mark.django_db

HEAD = (
    "# 中华人民共和国养犬法{}\n\n{} 第十三届全国人民代表大会常务委员会第十次会议通过\n\n<!-- INFO END -->\n\n"
)
FIRST = (
    HEAD.format("", "2010年1月1日")
    + "第一条 养犬应当登记。\n\n第二条 登记免费。\n\n第三条 本法自2010年5月1日起施行。\n"
)
ACT = (
    HEAD.format("修正案", "2020年1月1日")
    + "一、将养犬法第二条修改为：“登记每年一次。\n\n“登记免费。”\n\n"
    + "二、在养犬法第二条后增加一条，作为第二条之一：“养犬人应当清理粪便。”\n\n三、请酌情办理第一条。\n\n"
    + "四、本修正案自2020年5月1日起施行。\n"
)
SECOND = (
    HEAD.format("", "2020年1月1日")
    + "第一条 养犬应当登记。\n\n第二条 登记每年一次。\n\n登记免费。\n\n第二条之一 养犬人应当清理粪便。\n\n"
    + "第三条 本法自2010年5月1日起施行。\n"
)


def loaded(*texts: tuple[str, str]) -> None:
    """A lawbook with these texts."""
    actions.load([Held(name=name, text=text) for name, text in texts], source="test", at=NOON)


def test_a_text_is_proved_from_the_one_before_it() -> None:
    loaded(("养犬法(2010-01-01).md", FIRST), ("养犬法(2020-01-01).md", SECOND), ("养犬法修正案.md", ACT))
    (proved,) = proofs()
    assert (proved.work.key, proved.before and proved.before.passed_on) == ("养犬法", date(2010, 1, 1))
    assert proved.proof.figures == {
        "instructions": 3,
        "applied": 2,
        "articles_touched": 2,
        "articles_compared": 4,
        "equal": 4,
        "equal_as_far_as_known": 0,
        "different": 0,
        "unproved": 0,
    }


def test_each_article_s_changes_are_kept_and_written_anew() -> None:
    loaded(("养犬法(2010-01-01).md", FIRST), ("养犬法(2020-01-01).md", SECOND), ("养犬法修正案.md", ACT))
    for written in (2, 0):
        assert record_changes() == written
        rows = ArticleChange.objects.order_by("branch").values_list("number", "branch", "label", "effects")
        assert list(rows) == [(2, 0, "一", ["replace"]), (2, 1, "二", ["insert"])]


def test_a_load_works_out_only_what_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = [
        (name.replace("养犬", "养猫"), text.replace("养犬", "养猫"))
        for name, text in (("养犬法(2010-01-01).md", FIRST), ("养犬法修正案.md", ACT))
    ]
    loaded(("养犬法(2010-01-01).md", FIRST), ("养犬法修正案.md", ACT), *other)
    record_changes()
    seen: list[str] = []
    prove = amending.prove
    monkeypatch.setattr(
        amending, "prove", lambda law, *args, **told: seen.append(law) or prove(law, *args, **told)
    )
    written = actions.load(
        [Held(name="养犬法修正案.md", text=ACT.replace("第二条之一", "第二条之二"))], source="x", at=NOON
    )
    assert len(written.versions) == 1
    assert (record_changes(written.versions), seen) == (1, ["养犬法"])
    rows = ArticleChange.objects.order_by("work", "branch").values_list("work__key", "number", "branch")
    assert list(rows) == [("养犬法", 2, 0), ("养犬法", 2, 2), ("养猫法", 2, 0), ("养猫法", 2, 1)]
    assert (record_changes([]), record_changes()) == (0, 0)


def test_the_check_tells_what_was_not_applied_and_fails_for_a_difference() -> None:
    loaded(("养犬法(2010-01-01).md", FIRST), ("养犬法(2020-01-01).md", SECOND), ("养犬法修正案.md", ACT))
    told = amendments.check(lambda done, whole: None)
    assert told.is_sound
    assert "  中华人民共和国养犬法修正案 三: not understood: 请酌情办理第一条" in told.lines
    loaded(("养犬法(2020-01-01).md", SECOND.replace("每年一次", "两年一次")))
    lacking = amendments.check(lambda done, whole: None)
    assert (lacking.is_sound, lacking.figures["different"], lacking.figures["unproved"]) == (True, 0, 1)
    loaded(("养犬法修正案.md", ACT.replace("三、请酌情办理第一条。\n\n", "")))
    different = amendments.check(lambda done, whole: None)
    assert (different.is_sound, different.figures["different"]) == (False, 1)
