"""Addresses of the service centre: its public catalogue and booking, and the work of its people."""

from django.urls import include, path

from yiwang.institutions.community.pages import booked, booking, catalogue, place_map

app_name = "community"
mount = "community/"

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("how/", catalogue.how, name="how"),
    path("classes/<slug:key>/", catalogue.one_class, name="class"),
    path("services/<slug:code>/", catalogue.item, name="item"),
    path("services/<slug:code>/book/", booking.begin_booking, name="begin"),
    path("map/<int:unit_id>.svg", place_map.community_map, name="map"),
    path("book/done/", booked.booked, name="booked"),
    path("book/noted/", booked.noted, name="noted"),
    path("book/<slug:question>/", booking.book, name="book"),
    path("", include("yiwang.institutions.community.staff_urls")),
    path("", include("yiwang.institutions.community.company_urls")),
]
