"""A form is read as Django reads it, whatever was sent."""

import io
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.base.requests import FORM, Request, plain

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
BODIES = st.one_of(
    st.lists(st.tuples(WORDS, WORDS), max_size=6).map(lambda pairs: urlencode(pairs).encode()),
    st.lists(
        st.sampled_from(["a", "=", "&", "+", "%", "%26", "%3d", "%e4%b8%ad", "%E4", "%ff", "中", "%zz", ";"])
    )
    .map("".join)
    .map(str.encode),
    st.binary(max_size=60),
)


def _sent(body, content_type=FORM):
    return Request(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
        }
    )


@given(BODIES)
def test_a_body_is_read_as_django_reads_it(body):
    assert list(_sent(body).POST.lists()) == list(QueryDict(body, encoding="utf-8").lists())


def test_what_is_chinese_is_undone_and_what_parts_stays():
    assert plain(b"a=%E4%B8%AD%E6%96%87%26%3D&b=%25") == "a=中文%26%3D&b=%25".encode()
    assert plain(b"a=%E4%B8") == b"a=%E4%B8"
    assert plain("a=中%E4".encode()) == "a=中%E4".encode()


def test_a_form_with_files_and_one_in_another_encoding_go_djangos_way():
    parts = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xe4\xb8\xad\r\n--x--\r\n'
    assert _sent(parts, "multipart/form-data; boundary=x").POST["a"] == "中"
    assert _sent(f"a={quote_plus('中')}".encode(), f"{FORM}; charset=utf-8").POST["a"] == "中"
    assert not _sent(b"a=1", "application/json").POST
