"""A simple map of a community's surroundings, on which a resident points at the place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.institutions.community.queries import is_english, localities
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.orgs.queries import tree

METRES_A_PIXEL = 5
MAP_PIXELS = 300


@page("community:map", roles=EVERYBODY, budget=2)
@require_safe
def community_map(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A simple map of a community's surroundings: its neighbours, a scale, the chosen point."""
    places = localities(on=timezone.localdate())
    here = next((row for unit, row in places if unit.pk == unit_id), None)
    if here is None:
        raise Http404
    half = MAP_PIXELS / 2

    def pixel(x: float, y: float) -> tuple[float, float]:
        return half + (x - here.x) / METRES_A_PIXEL, half - (y - here.y) / METRES_A_PIXEL

    parts = [
        format_html('<path d="M{0} 0V{1}M0 {0}H{1}" stroke="#c9d3d0" fill="none"/>', at, MAP_PIXELS)
        for at in range(50, MAP_PIXELS, 100)
    ]
    language = "en" if is_english() else "zh-hans"
    for unit, row in places:
        across, down = pixel(row.x, row.y)
        if 0 <= across <= MAP_PIXELS and 0 <= down <= MAP_PIXELS:
            name = tree().name(unit.pk, language=language)
            parts.append(_village(round(across), round(down), name))
    try:
        across, down = pixel(float(request.GET["x"]), float(request.GET["y"]))
        parts.append(
            format_html('<path d="M{} {}l-8-18a9 9 0 1 1 16 0z" fill="#a3312a"/>', round(across), round(down))
        )
    except (KeyError, ValueError, OverflowError):
        pass
    scale = format_html('<path d="M10 290h100" stroke="#2c3836" stroke-width="2"/><text x="10" y="284" font-size="12" fill="#2c3836">{}</text>', _("500 m"))  # fmt: skip
    svg = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" viewBox="0 0 {0} {0}"><rect width="{0}" height="{0}" fill="#eef2ef"/>{1}{2}</svg>',
        MAP_PIXELS,
        mark_safe("".join(parts)),
        scale,
    )
    return HttpResponse(svg, content_type="image/svg+xml")


def _village(across: int, down: int, name: str) -> SafeString:
    return format_html(
        '<circle cx="{0}" cy="{1}" r="5" fill="#5b6b67"/>'
        '<text x="{0}" y="{2}" font-size="13" fill="#2c3836" text-anchor="middle">{3}</text>',
        across,
        down,
        down - 9,
        name,
    )
