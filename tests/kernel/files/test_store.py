"""Taking in, reading back, serving, and finding what was lost."""

import errno
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from blake3 import blake3
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory
from django.utils import translation

from yiwang.kernel.files import actions, queries, storage
from yiwang.kernel.files.faults import FileEmpty, FileTooLarge, KindNotAllowed, NoRoom
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)
ANSWERS: list[HttpResponseBase] = []
TEXT = "我要反映问题。".encode() * 10


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "文件 folder"
    for module in (actions, queries):
        monkeypatch.setattr(module, "storage", lambda: storage.Folder(root))
    yield root
    while ANSWERS:
        ANSWERS.pop().close()


def store(content: bytes = TEXT, *, limit_bytes: int = 10_000_000, filename: str = "a.txt") -> Blob:
    return actions.store(BytesIO(content), filename=filename, at=NOON, limit_bytes=limit_bytes)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_hash_with_what_is_known_of_it(folder: Path) -> None:
    blob = store()
    digest = blake3(TEXT).hexdigest()
    assert (blob.digest, blob.size, blob.media_type, blob.created_at) == (
        digest,
        len(TEXT),
        "text/plain",
        NOON,
    )
    assert files_in(folder) == [folder / digest[:2] / digest[2:4] / digest]
    assert queries.content(blob) == TEXT


def test_the_same_bytes_are_kept_once(folder: Path) -> None:
    assert store().pk == store(filename="b.txt").pk
    assert len(files_in(folder)) == 1


@pytest.mark.parametrize(
    ("content", "limit_bytes", "fault", "sentence"),
    [
        (b"", 100, FileEmpty, "此文件是空的，请另选一个。"),
        (TEXT, 100, FileTooLarge, "文件太大，最多可以上传 1 MB。"),
        (b"MZ\x90\x00", 100, KindNotAllowed, None),
        (b"<html>", 100, KindNotAllowed, None),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence_and_leaves_nothing(
    content: bytes, limit_bytes: int, fault: type[Exception], sentence: str | None, folder: Path
) -> None:
    with pytest.raises(fault) as refused:
        store(content, limit_bytes=limit_bytes, filename="photo.jpg")
    with translation.override("zh-hans"):
        assert sentence is None or str(refused.value) == sentence
    assert (Blob.objects.count(), files_in(folder)) == (0, [])


def test_the_limit_itself_is_allowed() -> None:
    assert store(limit_bytes=len(TEXT)).size == len(TEXT)


def test_a_narrower_choice_of_kinds_is_named_in_the_refusal() -> None:
    with pytest.raises(KindNotAllowed) as refused, translation.override("en"):
        actions.store(
            BytesIO(TEXT), filename="a", at=NOON, limit_bytes=1000, allowed={"image/png", "application/pdf"}
        )
    with translation.override("en"):
        assert str(refused.value) == "Files of this kind can't be taken. You can send: pdf, png."


def test_a_full_disk_leaves_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom):
        store()
    assert (Blob.objects.count(), files_in(folder)) == (0, [])


def test_a_photo_is_kept_without_its_place() -> None:
    place = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00 28.2N 112.9E"
    photo = (
        b"\xff\xd8\xff\xe1" + (len(place) + 2).to_bytes(2, "big") + place + b"\xff\xda\x00\x02picture\xff\xd9"
    )
    assert queries.content(store(photo)) == b"\xff\xd8\xff\xda\x00\x02picture\xff\xd9"
    kept = actions.store(BytesIO(photo), filename="a", at=NOON, limit_bytes=1000, keeps_place=True)
    assert queries.content(kept) == photo


def test_a_large_file_is_read_back_in_parts() -> None:
    content = b"%PDF-1.7" + os.urandom(5_000_000)
    blob = store(content)
    assert b"".join(queries.open_range(blob, start=1_000_000, end=4_000_001)) == content[1_000_000:4_000_001]


def test_the_check_names_what_is_missing_or_altered(folder: Path) -> None:
    kept, lost, altered = store(b"one text"), store(b"two texts"), store(b"three texts")
    place = storage.Folder(folder)
    place.path(lost.digest).unlink()
    place.path(altered.digest).write_bytes(b"forged text")
    place.put(BytesIO(b"nobody knows me"), blake3(b"nobody knows me").hexdigest())
    seen: list[tuple[int, int]] = []
    result = queries.inspect(lambda done, whole: seen.append((done, whole)))
    assert (result.blobs, result.missing, result.altered) == (3, [lost.digest], [altered.digest])
    assert (result.unknown, result.is_sound, seen[-1]) == (1, False, (3, 3))
    assert kept.digest not in result.missing + result.altered


# --- serving ----------------------------------------------------------------------------------------------


def answer(
    blob: Blob,
    *,
    filename: str = "信.txt",
    inline: bool = True,
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/", headers=headers)
    response = serve(request, blob, filename=filename, inline=inline)
    ANSWERS.append(response)
    return response


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def test_a_whole_file_is_sent_guarded() -> None:
    response = answer(store())
    assert (response.status_code, body(response)) == (200, TEXT)
    assert {
        name: response[name]
        for name in (
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
            "Accept-Ranges",
        )
    } == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(TEXT)),
        "Content-Disposition": "attachment; filename=\"_.txt\"; filename*=UTF-8''%E4%BF%A1.txt",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=300",
        "Accept-Ranges": "bytes",
    }


def test_a_part_is_sent_as_a_part() -> None:
    response = answer(store(), headers={"range": "bytes=3-11"})
    assert (response.status_code, body(response)) == (206, TEXT[3:12])
    assert (response["Content-Range"], response["Content-Length"]) == (f"bytes 3-11/{len(TEXT)}", "9")


def test_a_part_outside_is_refused_with_the_size() -> None:
    response = answer(store(), headers={"range": "bytes=9999-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(TEXT)}")


def test_what_the_browser_has_is_not_sent_again() -> None:
    blob = store()
    response = answer(blob, headers={"if-none-match": f'"x", W/"{blob.digest}"'})
    assert (response.status_code, body(response), response["ETag"]) == (304, b"", f'"{blob.digest}"')


def test_a_part_of_another_version_is_answered_with_the_whole() -> None:
    assert answer(store(), headers={"range": "bytes=0-1", "if-range": '"old"'}).status_code == 200


def test_a_head_request_gets_no_body() -> None:
    response = answer(store(), method="HEAD")
    assert (response.status_code, body(response), response["Content-Length"]) == (200, b"", str(len(TEXT)))


@pytest.mark.parametrize(
    ("content", "inline", "kind", "policy"),
    [
        (b"\x89PNG\r\n\x1a\n0000", True, "inline", "sandbox"),
        (b"\x89PNG\r\n\x1a\n0000", False, "attachment", "sandbox"),
        (b"%PDF-1.7 0000", True, "inline", "default-src 'self'"),
        (b"\x00\x00\x00\x18ftypheic0000", True, "attachment", "sandbox"),
    ],
)
def test_only_harmless_kinds_are_shown_in_the_browser(
    content: bytes, inline: bool, kind: str, policy: str
) -> None:
    response = answer(store(content), inline=inline, filename="a")
    assert response["Content-Disposition"].split(";")[0] == kind
    assert response["Content-Security-Policy"] == policy


def test_a_lost_file_is_not_found(folder: Path) -> None:
    blob = store()
    storage.Folder(folder).path(blob.digest).unlink()
    with pytest.raises(Http404):
        answer(blob)


def test_serving_costs_no_query(django_assert_num_queries: Callable[..., object]) -> None:
    blob = store()
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert body(answer(blob)) == TEXT
