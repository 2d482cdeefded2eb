"""What is answered, once as XML and once as JSON, with the names and the nesting of GeoReport v2."""

import json
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

JSON = "json"
XML = "xml"
MEDIA_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}

Value = str | int | float | bool | None | Mapping[str, "Value"] | Sequence["Value"]

_MEMBERS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""The name that each member of a list bears in XML; JSON has none for it."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: str, value: Value, *, form: str) -> bytes:
    """A document in UTF-8: `root` names the outermost element in XML and vanishes in JSON."""
    if form == JSON:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, value)}\n'.encode()


def _element(name: str, value: Value) -> str:
    if value is None:
        return f"<{name}/>"
    return f"<{name}>{_inside(name, value)}</{name}>"


def _inside(name: str, value: Value) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(key, inner) for key, inner in value.items())
    if isinstance(value, str):
        return escape(_NOT_IN_XML.sub("", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence):
        return "".join(_element(_MEMBERS[name], inner) for inner in value)
    return str(value)
