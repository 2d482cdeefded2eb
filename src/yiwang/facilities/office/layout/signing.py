"""A signature over a document's exact bytes, kept beside it and checked without any network.

The key stays with whoever signs; here are only the two pure functions. RSA (PSS) and ECDSA keys are known.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

FORMAT = "yiwang-signature-1"
SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


@dataclass(frozen=True)
class Checked:
    """What a signature turned out to be worth: whether it holds, who signed and when, and why not."""

    is_good: bool
    signed_by: str = ""
    signed_at: str = ""
    is_issued_by_authority: bool | None = None
    reason: str = ""


def digest(data: bytes) -> str:
    """The SHA-256 of a file's bytes: what a signature covers and what a register of documents keeps."""
    return hashlib.sha256(data).hexdigest()


def sign(data: bytes, *, key: SigningKey, certificate: x509.Certificate, at: datetime) -> bytes:
    """Sign a file's exact bytes and the moment of signing; the signature carries the certificate."""
    words = _statement(digest(data), at.isoformat())
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(words, _PSS, hashes.SHA256())
    else:
        signature = key.sign(words, ec.ECDSA(hashes.SHA256()))
    return json.dumps(
        {
            "format": FORMAT,
            "digest": digest(data),
            "signed_at": at.isoformat(),
            "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
            "signature": base64.b64encode(signature).decode(),
        },
        sort_keys=True,
        indent=1,
    ).encode()


def check(data: bytes, signature: bytes, *, authority: x509.Certificate | None = None) -> Checked:
    """Whether a signature covers exactly these bytes, and whether the authority issued its certificate.

    Without an authority the signature may hold and yet nobody vouches for the signer; the answer says so.
    """
    try:
        told = json.loads(signature)
        certificate = x509.load_pem_x509_certificate(told["certificate"].encode())
        raw = base64.b64decode(told["signature"], validate=True)
        at, covered = str(told["signed_at"]), str(told["digest"])
        if told["format"] != FORMAT:
            return Checked(False, reason="签名格式不认识")
    except (ValueError, KeyError, TypeError, AttributeError):
        return Checked(False, reason="签名文件已损坏或格式不认识")
    who = certificate.subject.rfc4514_string()
    if covered != digest(data):
        return Checked(False, who, at, reason="文件内容与签名时不一致")
    if not _holds(certificate, raw, _statement(covered, at)):
        return Checked(False, who, at, reason="签名与证书不符")
    moment = datetime.fromisoformat(at)
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        return Checked(False, who, at, reason="签名时证书不在有效期内")
    if authority is None:
        return Checked(True, who, at, None, "未提供签发机构证书，未核对签名人身份")
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return Checked(False, who, at, False, "证书不是由该机构签发")
    return Checked(True, who, at, True)


def _statement(covered: str, at: str) -> bytes:
    return f"{FORMAT}\n{covered}\n{at}\n".encode()


def _holds(certificate: x509.Certificate, signature: bytes, words: bytes) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, words, _PSS, hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, words, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True
