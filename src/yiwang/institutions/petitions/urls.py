"""Addresses of the county's public portal."""

from django.urls import include, path

from yiwang.institutions.petitions.pages import check, files, home, write

app_name = "petitions"
mount = ""

urlpatterns = [
    path("", home.home, name="home"),
    path("how/", home.how, name="how"),
    path("", include("yiwang.institutions.petitions.counter_urls")),
    path("topics/", write.topics, name="topics"),
    path("write/<slug:kind>/", write.write, name="write"),
    path("write/<slug:kind>/files/", files.files, name="files"),
    path("write/<slug:kind>/check/", check.check, name="check"),
    path("write/<slug:kind>/done/", check.done, name="done"),
    path("write/<slug:kind>/noted/", check.noted, name="noted"),
    path("write/<slug:kind>/discard/", write.throw_away, name="discard"),
    path("write/<slug:kind>/<slug:question>/", write.question, name="question"),
]
