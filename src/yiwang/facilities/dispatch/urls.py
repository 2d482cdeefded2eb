"""Addresses of dispatch: the board and its pages for the office, `/team/` for the phone."""

from django.urls import path

from yiwang.facilities.dispatch.pages import board, job, phone, teams

app_name = "dispatch"
mount = ""

urlpatterns = [
    path("dispatch/board/", board.show, name="board"),
    path("dispatch/plan/", board.plan_a_day, name="plan"),
    path("dispatch/jobs/<int:job_id>/", job.show, name="job"),
    path("dispatch/jobs/<int:job_id>/nearest/", board.nearest, name="nearest"),
    path("dispatch/teams/", teams.teams, name="teams"),
    path("dispatch/teams/<int:team_id>/", teams.team, name="team"),
    path("team/", phone.show, name="phone"),
    path("team/jobs/<int:job_id>/", phone.job, name="phone_job"),
    path("team/acts/<slug:kind>/<int:subject_id>/", phone.act, name="phone_act"),
    path("team/position/", phone.position, name="phone_position"),
    path("team/worker.js", phone.worker, name="phone_worker"),
]
