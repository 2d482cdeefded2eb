"""A document's citations are looked up in the lawbook before it is signed."""

import pytest

from tests.builders import a_county
from tests.facilities.lawbook.builders import a_lawbook
from tests.facilities.office.builders import a_draft
from tests.facilities.office.test_screens import page

pytestmark = pytest.mark.django_db


def test_a_citation_that_leads_nowhere_is_told_before_the_signature() -> None:
    a_lawbook()
    county = a_county()
    title = "中华人民共和国灯会法"
    out = a_draft(county, "chengguan", content={"body": f"依照《{title}》第九十九条办理。"})
    assert "第九十九条" in page(county, "water.clerk", "document", out.pk)
    assert "引用的法条不存在或已失效" in page(county, "water.clerk", "document", out.pk)
