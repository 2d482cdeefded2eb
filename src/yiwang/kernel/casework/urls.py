"""Addresses of the staff's desk and of cases."""

from django.urls import include, path

from yiwang.kernel.casework.pages import (
    bulk,
    case,
    desk,
    dossier_files,
    procedure,
    search,
    steps,
    suggest,
    terms,
    views,
    why,
)

app_name = "casework"
mount = ""

urlpatterns = [
    path("", include("yiwang.kernel.casework.receipt_urls")),
    path("desk/", desk.desk, name="desk"),
    path("desk/unit/", desk.unit, name="unit"),
    path("desk/watched/", desk.watched, name="watched"),
    path("desk/all/", desk.everything, name="all"),
    path("desk/news/", desk.news, name="news"),
    path("desk/several/", bulk.bulk, name="bulk"),
    path("desk/views/", views.save, name="view_save"),
    path("desk/views/<int:view_id>/", views.delete, name="view_delete"),
    path("search/", search.search, name="search"),
    path("cases/<int:case_id>/", case.show, name="case"),
    path("cases/<int:case_id>/print/", case.on_paper, name="print"),
    path("cases/<int:case_id>/watch/", case.toggle_watch, name="watch"),
    path("cases/<int:case_id>/steps/<str:verb>/", steps.step, name="step"),
    path("cases/<int:case_id>/undo/<int:length>/", steps.undo, name="undo"),
    path("cases/<int:case_id>/why/<str:key>/<int:node>/", why.why, name="why"),
    path("cases/<int:case_id>/files/<int:attachment_id>/", dossier_files.file, name="file"),
    path("cases/<int:case_id>/letters/<int:letter_id>/", dossier_files.letter, name="letter"),
    path("cases/<int:case_id>/letters/<int:letter_id>/pdf/", dossier_files.letter_pdf, name="letter_pdf"),
    path("suggest/units/", suggest.units, name="suggest_units"),
    path("suggest/accounts/", suggest.accounts, name="suggest_accounts"),
    path("suggest/cases/", suggest.cases, name="suggest_cases"),
    path("terms/", terms.terms, name="terms"),
    path("procedures/", procedure.procedures, name="procedures"),
    path("procedures/<str:key>/<str:version>/", procedure.procedure, name="procedure"),
]
