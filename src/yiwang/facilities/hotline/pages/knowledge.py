"""The knowledge base: found while talking, kept up by the head, each article with a day of review."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import actions, queries, shown
from yiwang.facilities.hotline.forms import ArticleForm
from yiwang.facilities.hotline.models import Article
from yiwang.facilities.hotline.policies import SERVICE_ROLES
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.states import state
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

REVIEWED_FOR = timedelta(days=180)


def _may_write(standing: Standing) -> bool:
    """Whether somebody heads a unit that answers a line."""
    return queries.has_lines(post.unit_id for post in standing.posts if post.role == "head")


@page("hotline:knowledge", roles=SERVICE_ROLES, budget=8)
def knowledge(request: HttpRequest) -> HttpResponse:
    """Every article, or those that hold the words."""
    words = request.GET.get("q", "")[:200]
    context = {
        "q": words,
        "table": _table(queries.articles(words, limit=200)),
        "may_write": _may_write(shown.standing_of(request)),
    }
    return render(request, "hotline/knowledge.html", context)


def _table(rows: object) -> Table:
    today = timezone.localdate()

    def review(article: Article) -> str:
        return (
            state("late", words=when(article.review_on))
            if article.review_on <= today
            else when(article.review_on)
        )

    return Table(
        caption=_("Knowledge base"),
        rows=list(rows),  # type: ignore[call-overload]
        columns=[
            Column(_("Question or subject"), lambda article: article.title, is_main=True),
            Column(_("Subject area"), lambda article: article.section or "–"),
            Column(_("Changed"), lambda article: when(article.changed_at)),
            Column(_("To be checked again on"), review),
        ],
        row_url=lambda article: reverse("hotline:article", args=[article.pk]),
        empty_title=_("No article"),
        empty_words=_("No article holds these words."),
    )


@page("hotline:knowledge_found", roles=SERVICE_ROLES, budget=6)
def knowledge_found(request: HttpRequest) -> HttpResponse:
    """The articles beside a call's form, found as one types."""
    found = queries.articles(request.GET.get("q", "")[:200], limit=6)
    return render(request, "hotline/found.html", {"articles": found})


@page("hotline:article_new", roles={"head"}, budget=8)
def article_new(request: HttpRequest) -> HttpResponse:
    """Write a new article."""
    return _write(request, None)


@page("hotline:article", roles=SERVICE_ROLES, budget=8)
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    """One article; its head may change it, find it right again, or withdraw it."""
    held = get_object_or_404(Article, pk=article_id, withdrawn_at__isnull=True)
    return _write(request, held)


def _write(request: HttpRequest, held: Article | None) -> HttpResponse:
    standing, now = shown.standing_of(request), timezone.now()
    may_write = _may_write(standing)
    review_on = timezone.localdate(now) + REVIEWED_FOR
    initial = {"review_on": review_on}
    if held is not None:
        initial |= {name: getattr(held, name) for name in ("title", "section", "text", "source")}
    form = ArticleForm(request.POST if request.POST.get("do") == "write" else None, initial=initial)
    if request.method == "POST":
        if standing.account_id is None or not may_write:
            raise Http404
        if held is not None and request.POST.get("do") == "review":
            actions.review_article(held.pk, review_on=review_on, by=standing.account_id, at=now)
            say(request, _("Checked. It comes up again in half a year."))
            return HttpResponseRedirect(reverse("hotline:article", args=[held.pk]))
        if held is not None and request.POST.get("do") == "withdraw":
            actions.withdraw_article(held.pk, at=now)
            say(request, _("Withdrawn. Its wordings are kept."))
            return HttpResponseRedirect(reverse("hotline:knowledge"))
        if form.is_valid():
            written = actions.write_article(
                **form.cleaned_data,
                by=standing.account_id,
                at=now,
                article_id=held.pk if held is not None else None,
            )
            say(request, _("The article is kept, and found from now on."))
            return HttpResponseRedirect(reverse("hotline:article", args=[written.pk]))
    context = {
        "article": held,
        "form": form,
        "may_write": may_write,
        "versions": list(held.versions.select_related("by")) if held is not None and may_write else [],
        "is_due": held is not None and held.review_on <= timezone.localdate(now),
    }
    return render(request, "hotline/article.html", context, status=422 if form.errors else 200)
