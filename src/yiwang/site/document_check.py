"""`yiwang verify document`: a file of an official document against the standard; needs no database."""

import argparse
from pathlib import Path
from typing import Any

from cryptography import x509

from yiwang.facilities.office.layout.read_pdf import Unreadable
from yiwang.facilities.office.layout.signing import check, digest
from yiwang.facilities.office.layout.verifying import verify
from yiwang.kernel.base.problems import Problem
from yiwang.site.command import report


def verify_document(options: argparse.Namespace) -> int:
    """Print what was found in one file; exit code 1 when anything but advice was."""
    if len(options.checks) != 2:
        raise Problem("Name one file: yiwang verify document FILE. 请指定一个文件。")
    data = _read(options.checks[1])
    try:
        verdict = verify(data)
    except Unreadable as error:
        raise Problem(f"{options.checks[1]}: {error}") from error
    result: dict[str, Any] = {"digest": digest(data), **verdict.record()}
    is_sound = verdict.is_sound
    if options.signature:
        signed = _signature(data, options)
        result["signature"] = signed
        is_sound = is_sound and bool(signed["is_good"])

    def lines() -> list[str]:
        told = [f"{options.checks[1]}: {verdict.kind.upper()}, {verdict.pages}页, SHA-256 {digest(data)}"]
        told += [f"  {name}：{words}" for name, words in verdict.elements.items()]
        told += [
            ("建议 " if fault.rule.is_advice else "问题 ") + fault.sentence() for fault in verdict.faults
        ]
        told += [f"未核验：{words}" for words in verdict.unseen]
        if "signature" in result:
            told.append(f"签名：{result['signature']}")
        told.append("符合" if is_sound else "不符合")
        return told

    report(result, options=options, lines=lines)
    return 0 if is_sound else 1


def _signature(data: bytes, options: argparse.Namespace) -> dict[str, Any]:
    authority = None
    if options.authority:
        try:
            authority = x509.load_pem_x509_certificate(_read(options.authority))
        except ValueError as error:
            raise Problem(f"{options.authority}: not a certificate. 不是证书文件。") from error
    return vars(check(data, _read(options.signature), authority=authority)).copy()


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Problem(f"{name}: {error.strerror}") from error
