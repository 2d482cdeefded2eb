"""Addresses about companies, included by `urls`."""

from django.urls import path

from yiwang.institutions.community.pages import (
    company_apply,
    company_coverage,
    company_desk,
    company_office,
    company_public,
    company_terms,
)

urlpatterns = [
    path("companies/", company_public.companies, name="public_companies"),
    path("companies/rules/", company_public.rules, name="company_rules"),
    path("companies/<int:unit_id>/", company_public.company, name="public_company"),
    path("companies/acts/<int:act_id>.pdf", company_public.act_pdf, name="company_act"),
    path("companies/apply/", company_apply.begin_application, name="apply"),
    path("companies/apply/files/", company_apply.files, name="apply_files"),
    path("companies/apply/check/", company_apply.check, name="apply_check"),
    path("companies/apply/done/", company_apply.done, name="applied"),
    path("companies/apply/noted/", company_apply.noted, name="apply_noted"),
    path("companies/apply/<slug:question>/", company_apply.question, name="apply_question"),
    path("company/", company_desk.own, name="own_company"),
    path("company/certificates/", company_desk.certificates, name="own_certificates"),
    path("company/staff/", company_desk.staff, name="own_staff"),
    path("company/teams/", company_desk.teams, name="own_teams"),
    path("company/teams/<int:team_id>/", company_desk.team, name="own_team"),
    path("company/orders/", company_desk.orders, name="own_orders"),
    path("company/prices/", company_terms.own_prices, name="own_prices"),
    path("company/figures/<slug:figure>/", company_desk.figure, name="own_figure"),
    path("office/companies/", company_office.companies, name="companies"),
    path("office/companies/<int:unit_id>/", company_office.company, name="company"),
    path(
        "office/companies/<int:unit_id>/figures/<slug:figure>/", company_office.figure, name="company_figure"
    ),
    path("office/certificates/<int:certificate_id>/proof/", company_office.proof, name="certificate_proof"),
    path(
        "office/applications/<int:case_id>/section/",
        company_office.application_section,
        name="application_section",
    ),
    path("office/approvals/", company_terms.approvals, name="approvals"),
    path("office/coverage/", company_coverage.coverage, name="coverage"),
]
