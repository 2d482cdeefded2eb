"""A signature beside the file: it covers the exact bytes, and the command checks it."""

import json
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.facilities.office.corpus import documents
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.fonts.faces import fonts_in
from yiwang.facilities.office.layout.pdf import write_pdf
from yiwang.facilities.office.layout.signing import SigningKey, check, sign
from yiwang.kernel.base.problems import Problem
from yiwang.site.document_check import verify_document

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def certificate(key: SigningKey, name: str, *, by: SigningKey, issuer: str) -> x509.Certificate:
    def named(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=300))
        .sign(by, hashes.SHA256())
    )


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
ROOT = certificate(ROOT_KEY, "云川县签发机构", by=ROOT_KEY, issuer="云川县签发机构")
KEYS: dict[str, SigningKey] = {
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def signed(kind: str, data: bytes, *, at: datetime = AT) -> bytes:
    own = certificate(KEYS[kind], "周明远", by=ROOT_KEY, issuer="云川县签发机构")
    return sign(data, key=KEYS[kind], certificate=own, at=at)


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_a_signature_covers_exactly_these_bytes(kind: str) -> None:
    signature = signed(kind, b"whole")
    good = check(b"whole", signature, authority=ROOT)
    assert (good.is_good, good.signed_by, good.is_issued_by_authority) == (True, "CN=周明远", True)
    assert check(b"whole.", signature, authority=ROOT).reason == "文件内容与签名时不一致"


def test_another_moment_or_another_authority_is_found_out() -> None:
    signature = signed("ecdsa", b"whole")
    told = json.loads(signature)
    told["signed_at"] = (AT + timedelta(hours=1)).isoformat()
    assert check(b"whole", json.dumps(told).encode()).reason == "签名与证书不符"
    stranger_key = ec.generate_private_key(ec.SECP256R1())
    stranger = certificate(stranger_key, "别的机构", by=stranger_key, issuer="别的机构")
    assert check(b"whole", signature, authority=stranger).is_good is False
    assert check(b"whole", signature).is_issued_by_authority is None
    assert check(b"whole", b"{}").reason == "签名文件已损坏或格式不认识"
    late = signed("ecdsa", b"whole", at=AT + timedelta(days=900))
    assert check(b"whole", late, authority=ROOT).reason == "签名时证书不在有效期内"


def test_the_command_checks_document_and_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_pdf(lay_out(documents()[0]), fonts=fonts_in())
    (tmp_path / "a.pdf").write_bytes(data)
    (tmp_path / "a.sig").write_bytes(signed("ecdsa", data))
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(serialization.Encoding.PEM))
    options = Namespace(
        checks=["document", str(tmp_path / "a.pdf")],
        signature=str(tmp_path / "a.sig"),
        authority=str(tmp_path / "root.pem"),
        json=True,
    )
    assert verify_document(options) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_sound"], told["pages"], told["faults"]) == (True, 6, [])
    assert told["signature"]["is_good"] is True
    (tmp_path / "a.pdf").write_bytes(data + b"\n")
    assert verify_document(options) == 1
    assert json.loads(capsys.readouterr().out)["signature"]["is_good"] is False


def test_what_is_no_document_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("公文")
    for content in (b"\xff\xff", b"%PDF-1.7\nbroken", b"PK\x03\x04broken"):
        (tmp_path / "a.txt").write_bytes(content)
        options = Namespace(
            checks=["document", str(tmp_path / "a.txt")], signature=None, authority=None, json=False
        )
        with pytest.raises(Problem):
            verify_document(options)
