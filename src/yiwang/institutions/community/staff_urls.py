"""Addresses of the centre's own people, included by `urls`."""

from django.urls import path

from yiwang.institutions.community.pages import call_backs, editing, orders, section

urlpatterns = [
    path("orders/new/", orders.new_order, name="new_order"),
    path("orders/services/", orders.services, name="order_services"),
    path("orders/<int:case_id>/taken/", orders.taken, name="taken"),
    path("orders/<int:case_id>/section/", section.order_section, name="order_section"),
    path("call-backs/", call_backs.call_backs, name="call_backs"),
    path("call-backs/<int:case_id>/", call_backs.call_back, name="call_back"),
    path("catalogue/", editing.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", editing.edit_item, name="edit_item"),
]
