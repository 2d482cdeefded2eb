"""Addresses of the office: registers, a document, drafting, reading, signing, numbers."""

from django.urls import path

from yiwang.facilities.office.pages import (
    circulation,
    document,
    numbers,
    registers,
    reports,
    signing,
    tasks,
    text,
)

app_name = "office"
mount = "office/"

urlpatterns = [
    path("incoming/", registers.incoming, name="incoming"),
    path("incoming/new/", registers.receive, name="receive"),
    path("outgoing/", registers.outgoing, name="outgoing"),
    path("outgoing/new/", registers.new, name="new"),
    path("documents/<int:handling_id>/", document.document, name="document"),
    path("documents/<int:handling_id>/text/", text.text, name="text"),
    path("documents/<int:handling_id>/circulation/", circulation.circulation, name="circulation"),
    path("documents/<int:handling_id>/file.<slug:form>", document.file, name="file"),
    path("of-case/<int:case_id>/", document.of_case, name="of_case"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/new/", tasks.give, name="give"),
    path("tasks/of-case/<int:case_id>/", tasks.tasks_of_case, name="tasks_of_case"),
    path("tasks/<int:case_id>/source/", tasks.task_source, name="task_source"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.write_report, name="write_report"),
    path("reports/<int:case_id>/marks/", reports.report_marks, name="report_marks"),
    path("reading/", circulation.reading, name="reading"),
    path("astray/", circulation.astray, name="astray"),
    path("signing/", signing.signing, name="signing"),
    path("away/", signing.away, name="away"),
    path("numbers/", numbers.numbers, name="numbers"),
]
