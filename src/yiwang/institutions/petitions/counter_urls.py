"""Addresses of the counter, included by `urls`."""

from django.urls import path

from yiwang.institutions.petitions.pages import counter, repeats

urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/compare/", counter.compare, name="counter_compare"),
    path("counter/places/", counter.places, name="counter_places"),
    path("counter/<int:case_id>/", counter.done, name="counter_done"),
    path("counter/<int:case_id>/receipt/", counter.receipt, name="counter_receipt"),
    path("cases/<int:case_id>/repeats/", repeats.repeats, name="repeats"),
]
