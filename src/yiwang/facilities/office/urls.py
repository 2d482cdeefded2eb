"""Addresses of the office: registers, a document, drafting, reading, numbers."""

app_name = "office"
mount = "office/"

urlpatterns: list[object] = []
