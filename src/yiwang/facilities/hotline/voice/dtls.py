"""Agreeing on keys with a browser: DTLS with `use_srtp`, and the SRTP sessions made of the result (RFC 5764)."""

import asyncio
import datetime
from collections.abc import Callable
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from pylibsrtp import Policy, Session

_LABEL = b"EXTRACTOR-dtls_srtp"
_MTU = 1200
_PROFILES: dict[bytes, tuple[int, int, int]] = {
    b"SRTP_AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}
"""OpenSSL's name → the profile, its key's and its salt's length."""


class Refused(Exception):
    """The other end isn't who its description says, or offers no protection that we know."""


@cache
def _identity() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """This process's key and certificate; browsers know it by its fingerprint alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yiwang")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
    )
    return key, builder.sign(key, hashes.SHA256())


def own_fingerprint() -> str:
    """The fingerprint that our descriptions carry."""
    digest = _identity()[1].fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)


@cache
def _context() -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    key, certificate = _identity()
    context.use_privatekey(key)
    context.use_certificate(certificate)
    # Both certificates are self-signed; the fingerprints in the descriptions say whose they are.
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    context.set_tlsext_use_srtp(b":".join(_PROFILES))
    context.set_options(SSL.OP_NO_QUERY_MTU)
    return context


class Dtls:
    """One handshake; `hear` takes datagrams in, `send` gives them out."""

    def __init__(self, *, is_client: bool, fingerprint: str, send: Callable[[bytes], None]) -> None:
        self._connection = SSL.Connection(_context(), None)
        self._connection.set_ciphertext_mtu(_MTU)
        self._is_client = is_client
        self._fingerprint = fingerprint
        self._send = send
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._timer: asyncio.TimerHandle | None = None
        self.is_closed = False
        """Whether the other end has said goodbye."""
        if is_client:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()

    async def shake_hands(self) -> tuple[Session, Session]:
        """Go through the handshake; return what protects outgoing and opens incoming packets. Raises `Refused`."""
        self._step()
        await self._done
        certificate = self._connection.get_peer_certificate()
        if certificate is None:
            raise Refused("no certificate")
        found = certificate.digest("sha256").decode().upper()
        if found != self._fingerprint:
            raise Refused("the certificate isn't the announced one")
        name = self._connection.get_selected_srtp_profile()
        if name not in _PROFILES:
            raise Refused("no protection of media in common")
        return self._sessions(*_PROFILES[name])

    def hear(self, data: bytes) -> None:
        """Take one datagram in."""
        if self._done.done() and not self._done.cancelled():
            self._hear_late(data)
            return
        self._connection.bio_write(data)
        self._step()

    def close(self) -> None:
        """Say goodbye, and stop repeating."""
        if self._timer is not None:
            self._timer.cancel()
        if self._done.done():
            try:
                self._connection.shutdown()
                self._flush()
            except SSL.Error:
                pass
        else:
            self._done.cancel()

    def _hear_late(self, data: bytes) -> None:
        """After the handshake there is only a goodbye, or a repeated last flight that ours must answer."""
        try:
            self._connection.bio_write(data)
            self._connection.recv(_MTU)
        except SSL.ZeroReturnError:
            self.is_closed = True
        except SSL.Error:
            pass
        self._flush()

    def _step(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            self._flush()
            self._set_timer()
            return
        except SSL.Error as error:
            self._flush()
            if not self._done.done():
                self._done.set_exception(Refused(f"handshake failed: {error}"))
            return
        self._flush()
        if self._timer is not None:
            self._timer.cancel()
        if not self._done.done():
            self._done.set_result(None)

    def _flush(self) -> None:
        while True:
            try:
                flight = self._connection.bio_read(65536)
            except SSL.WantReadError:
                return
            for datagram in _datagrams(flight):
                self._send(datagram)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = self._connection.DTLSv1_get_timeout()
        if delay is not None:
            self._timer = asyncio.get_running_loop().call_later(delay + 0.01, self._repeat)

    def _repeat(self) -> None:
        if self._done.done():
            return
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error as error:
            self._done.set_exception(Refused(f"handshake failed: {error}"))
            return
        self._flush()
        self._set_timer()

    def _sessions(self, profile: int, key: int, salt: int) -> tuple[Session, Session]:
        material = self._connection.export_keying_material(_LABEL, 2 * (key + salt))
        ours, theirs = (0, 1) if self._is_client else (1, 0)
        keys = [
            material[side * key : (side + 1) * key]
            + material[2 * key + side * salt : 2 * key + (side + 1) * salt]
            for side in (0, 1)
        ]
        outgoing = Policy(key=keys[ours], ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
        outgoing.window_size = 1024
        outgoing.allow_repeat_tx = True
        incoming = Policy(key=keys[theirs], ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
        incoming.window_size = 1024
        return Session(outgoing), Session(incoming)


def _datagrams(flight: bytes) -> list[bytes]:
    """A flight of records in datagrams no longer than the path takes."""
    found, start = [b""], 0
    while start + 13 <= len(flight):
        end = start + 13 + int.from_bytes(flight[start + 11 : start + 13], "big")
        if len(found[-1]) + end - start > _MTU:
            found.append(b"")
        found[-1] += flight[start:end]
        start = end
    return [datagram for datagram in found if datagram]
