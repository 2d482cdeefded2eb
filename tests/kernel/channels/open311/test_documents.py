"""One answer in two formats: the names and the nesting of the specification."""

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.channels.open311.documents import written

DEFINITION = {
    "service_code": "DMV66",
    "attributes": [
        {
            "variable": True,
            "order": 1,
            "datatype_description": None,
            "values": [{"key": "123", "name": "Ford & Söhne"}, {"key": "124", "name": "<b>"}],
        }
    ],
}


def test_xml_names_the_members_of_lists() -> None:
    assert written("service_definition", DEFINITION, form="xml").decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<service_definition><service_code>DMV66</service_code><attributes><attribute><variable>true</variable>"
        "<order>1</order><datatype_description/><values><value><key>123</key><name>Ford &amp; Söhne</name></value>"
        "<value><key>124</key><name>&lt;b&gt;</name></value></values></attribute></attributes>"
        "</service_definition>\n"
    )


def test_json_has_no_root_and_no_names_of_members() -> None:
    assert json.loads(written("service_definition", DEFINITION, form="json")) == DEFINITION
    assert written("errors", [{"code": 403, "description": "密钥"}], form="json").decode() == (
        '[{"code": 403, "description": "密钥"}]'
    )


def test_an_empty_list_stays_a_list() -> None:
    assert written("service_requests", [], form="xml").decode().splitlines()[1] == (
        "<service_requests></service_requests>"
    )
    assert written("service_requests", [], form="json") == b"[]"


@given(st.text())
def test_whatever_people_write_stays_well_formed(words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    document = written("errors", [{"code": 400, "description": words}], form="xml")
    found = ElementTree.fromstring(document).findtext("error/description") or ""
    kept = "".join(
        c for c in words if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    assert found == kept.replace("\r\n", "\n").replace("\r", "\n")
