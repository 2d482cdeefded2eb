"""The house's key, with which signatures under documents are made and later proved without any network.

Who signed, and in whose name, stands in the register and the log; the key vouches that this house saw it done.
"""

import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from yiwang.facilities.office.layout.signing import digest, sign
from yiwang.facilities.office.models import DocumentVersion
from yiwang.facilities.office.rendering import blob_of
from yiwang.kernel.base.config import installation
from yiwang.kernel.files.queries import content

NAME = "一网公文签名"
YEARS = 30
"""So long the certificate holds: as long as documents are kept."""
_YEAR = timedelta(days=366)


class BytesMoved(Exception):
    """The kept bytes of a version aren't those of its digest; nothing is signed then."""


def seal_over(version: DocumentVersion, *, at: datetime) -> str:
    """A detached signature over the exact bytes kept of a version. Raises `BytesMoved`."""
    blob = blob_of(version.content)
    data = content(blob) if blob is not None else b""
    if digest(data) != version.digest:
        raise BytesMoved(version.pk)
    key, certificate = _house(installation().data, at=at)
    return sign(data, key=key, certificate=certificate, at=at).decode()


def house_certificate(*, at: datetime) -> bytes:
    """The certificate against which every signature of this house is checked."""
    return _house(installation().data, at=at)[1].public_bytes(serialization.Encoding.PEM)


def _house(data: Path, *, at: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    path = data / "document-key.pem"
    try:
        return _read(path)
    except FileNotFoundError:
        _make(path, at=at)
        return _read(path)


@cache
def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    both = path.read_bytes()
    key = serialization.load_pem_private_key(both, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, x509.load_pem_x509_certificate(both)


def _make(path: Path, *, at: datetime) -> None:
    """Make key and certificate in one file, readable by its owner only; of two makers the first one wins."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _YEAR)
        .not_valid_after(at + YEARS * _YEAR)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    both = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    both += certificate.public_bytes(serialization.Encoding.PEM)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(both)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
