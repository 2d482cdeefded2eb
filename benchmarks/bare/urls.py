"""The bare views."""

from django.urls import path

from benchmarks.bare import views

urlpatterns = [
    path("nothing/", views.nothing),
    path("row/<int:case_id>/", views.row),
    path("page/<int:case_id>/", views.page, name="page"),
    path("list/", views.listing, name="list"),
    path("insert/", views.insert),
    path("insert-signed-in/", views.insert_signed_in),
]
