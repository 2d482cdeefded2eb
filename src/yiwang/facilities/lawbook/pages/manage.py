"""What was loaded into the lawbook, from where, and what of it couldn't be read."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, words
from yiwang.kernel.base.pages import page

MOST_TOLD = 200


@page("lawbook:loads", roles={"administrator"}, budget=6)
@require_safe
def loads(request: HttpRequest) -> HttpResponse:
    """The last loadings with their figures, and each file that wasn't read or lacks something, with the reason."""
    works, versions, articles = queries.holdings()
    found = [
        {
            "load": load,
            "counts": {key: f"{value:,}" for key, value in load.counts.items()},
            "reasons": [
                (words.fault_words(reason), f"{count:,}")
                for reason, count in Counter(str(one["reason"]) for one in load.findings).most_common()
            ],
            "findings": [
                {**one, "words": words.fault_words(str(one["reason"]))} for one in load.findings[:MOST_TOLD]
            ],
            "more": max(0, len(load.findings) - MOST_TOLD),
        }
        for load in queries.loads()
    ]
    held = {"works": f"{works:,}", "versions": f"{versions:,}", "articles": f"{articles:,}"}
    context = {**held, "loads": found}
    return render(request, "lawbook/loads.html", context)
