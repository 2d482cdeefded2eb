"""Addresses of the notices: one's own news, the board of announcements, the public, the lobby's screen."""

from django.urls import path

from yiwang.kernel.notices.pages import board, news, public, readers, steps, writing

app_name = "notices"
mount = ""

urlpatterns = [
    path("notices/", news.show, name="news"),
    path("announcements/", board.show, name="board"),
    path("announcements/own/", writing.own, name="own"),
    path("announcements/write/", writing.write, name="write"),
    path("announcements/<int:announcement_id>/", board.announcement, name="announcement"),
    path("announcements/<int:announcement_id>/edit/", writing.edit, name="edit"),
    path("announcements/<int:announcement_id>/act/", steps.act, name="act"),
    path("announcements/<int:announcement_id>/readers/", readers.show, name="readers"),
    path("announcements/<int:announcement_id>/print/", board.printed, name="print"),
    path("announcements/<int:announcement_id>/files/<int:file_id>/", board.file, name="file"),
    path("public/", public.show, name="public"),
    path("public/<int:announcement_id>/", public.announcement, name="public_announcement"),
    path("public/<int:announcement_id>/files/<int:file_id>/", public.file, name="public_file"),
    path("lobby/", public.lobby, name="lobby"),
    path("lobby/worker.js", public.lobby_worker, name="lobby_worker"),
]
