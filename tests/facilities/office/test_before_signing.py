"""What a document is held against before it goes on, and how its signature is proved elsewhere."""

import json
import os
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from django.urls import reverse

from tests.builders import NOON, a_county
from tests.facilities.office.builders import (
    a_document_to_sign,
    a_draft,
    a_released_document,
    a_signed_document,
    do,
    fresh,
    state,
    take,
    text_of,
)
from tests.facilities.office.test_screens import browser, page, post
from yiwang.facilities.office import actions, checking
from yiwang.facilities.office.layout.signing import check
from yiwang.facilities.office.models import Signature
from yiwang.facilities.office.rendering import blob_of, rendered
from yiwang.facilities.office.seals import house_certificate
from yiwang.facilities.office.secrecy import mark_in, words_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.config import installation
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import JournalEntry
from yiwang.kernel.files.queries import content
from yiwang.site.command import main

pytestmark = pytest.mark.django_db


def test_the_signature_covers_the_exact_kept_bytes_and_is_proved_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county = a_county()
    out = a_released_document(county, "chengguan", title="云川县水务局关于防冻的通知")
    client = browser(county, "water.clerk")
    for form in ("pdf", "sig", "cer"):
        answer = client.get(reverse("office:file", args=[out.pk, form]))
        assert answer.status_code == 200
        (tmp_path / form).write_bytes(answer.getvalue())
    options = ["--signature", str(tmp_path / "sig"), "--authority", str(tmp_path / "cer"), "--json"]
    main(["verify", "document", str(tmp_path / "pdf"), *options])
    told = json.loads(capsys.readouterr().out)
    assert (told["signature"]["is_good"], told["signature"]["is_issued_by_authority"]) == (True, True)
    (tmp_path / "pdf").write_bytes((tmp_path / "pdf").read_bytes() + b"\n")
    assert main(["verify", "document", str(tmp_path / "pdf"), *options]) == 1
    assert json.loads(capsys.readouterr().out)["signature"]["is_good"] is False


def test_every_signature_has_its_seal_of_one_key_that_only_its_owner_reads() -> None:
    county = a_county()
    a_released_document(county, "chengguan")
    authority = x509.load_pem_x509_certificate(house_certificate(at=NOON))
    with acting_as_system():
        for made in Signature.objects.select_related("version"):
            blob = blob_of(made.version.content)
            assert blob is not None
            assert check(content(blob), made.seal.encode(), authority=authority).is_good
        assert Signature.objects.count() == 2
    assert os.stat(installation().data / "document-key.pem").st_mode & 0o777 == 0o600


def test_before_the_signature_there_is_nothing_to_take_along() -> None:
    county = a_county()
    out = a_document_to_sign(county, "chengguan")
    page(county, "water.clerk", "file", out.pk, "sig", status=404)
    signed = a_signed_document(county, "heping")
    assert (
        browser(county, "water.clerk").get(reverse("office:file", args=[signed.pk, "sig"])).status_code == 200
    )


def test_what_the_regulation_forbids_cannot_be_handed_in() -> None:
    county = a_county()
    out = a_draft(county, "county", title="云川县水务局关于报送总结的通知", copy_units=())
    with pytest.raises(GuardFailed) as refused:
        do(county, "water.clerk", actions.submit, out)
    assert dict(refused.value.fault.values)["clause"] == "《党政机关公文处理工作条例》第八条"
    assert state(out) == "drafting"
    shown = page(county, "water.clerk", "document", out.pk)
    assert "下行文种用于上行" in shown


def test_a_request_to_an_equal_is_told_but_left_to_people() -> None:
    county = a_county()
    out = a_draft(
        county, "chengguan", kind="request", title="关于经费的请示", content={"body": "妥否，请批示。"}
    )
    found = checking.findings(fresh(out).document, on=NOON.date())
    assert [(one.code, one.is_forbidding) for one in found] == [("up-to-superior", False)]


def test_other_faults_are_confirmed_by_an_act_and_stand_in_the_history() -> None:
    county = a_county()
    out = a_draft(county, "chengguan", title="第二件")
    assert "标题缺少事由" in post(county, "water.clerk", "document", out.pk, act="submit", status=422)
    assert state(out) == "drafting"
    post(county, "water.clerk", "document", out.pk, act="submit", accepted="1")
    with acting_as_system():
        kept = JournalEntry.objects.get(case_id=out.case_id or 0, verb="submit").data["accepted"]
    assert "标题缺少事由" in kept
    assert "标题缺少事由" in page(county, "water.head", "document", out.pk)


def test_a_sound_document_needs_no_confirmation() -> None:
    county = a_county()
    out = a_draft(
        county,
        "county",
        kind="report",
        title="云川县水务局关于防冻工作的报告",
        content={"body": "现将有关情况报告如下：管网已全部排查。"},
    )
    assert checking.findings(fresh(out).document, on=NOON.date()) == []
    post(county, "water.clerk", "document", out.pk, act="submit")
    take(county, "water.head", "pass", out)
    assert text_of(out).place == 1


def test_a_mark_of_secrecy_is_read_in_a_pdf_too() -> None:
    text = {
        "kind": "notice", "urgency": "", "title": "关于某事的通知", "issuer": "云川县水务局", "main": "", "copy": "",
        "others": "", "attachments": [], "note": "", "body": "一、有关事项。",
    }  # fmt: skip
    file = BytesIO(rendered(text))
    assert "有关事项" in words_in(file)
    assert file.tell() == 0
    assert mark_in("机密★5年\n" + words_in(file)) == "机密★5年"
    assert words_in(BytesIO(b"%PDF-1.7 broken")) == ""
