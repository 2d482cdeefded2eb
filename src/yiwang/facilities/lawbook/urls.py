"""Addresses of the lawbook; they are permanent: /law/刑法@2024-03-01#art_133.1/para_1."""

from django.urls import path, register_converter

from yiwang.facilities.lawbook.converters import ArticleConverter, ReferenceConverter
from yiwang.facilities.lawbook.pages import article, compare, manage, search, shelf, statute

register_converter(ReferenceConverter, "lawref")
register_converter(ArticleConverter, "eid")

app_name = "lawbook"
mount = "law/"

urlpatterns = [
    path("", shelf.shelf, name="shelf"),
    path("search/", search.search, name="search"),
    path("loads/", manage.loads, name="loads"),
    path("<lawref:ref>", statute.statute, name="statute"),
    path("<lawref:ref>/from_<int:place>", statute.piece, name="piece"),
    path("<lawref:ref>/art_<eid:eid>", statute.article, name="article"),
    path("<lawref:ref>/art_<eid:eid>/card", article.card, name="card"),
    path("<lawref:ref>/art_<eid:eid>/history", article.history, name="history"),
    path("<lawref:ref>/compare", compare.compare, name="compare"),
]
