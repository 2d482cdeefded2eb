"""Addresses of receipts: pages that open with a code instead of an account."""

from django.urls import path

from yiwang.kernel.casework.pages import receipt, receipt_acts, receipt_papers

urlpatterns = [
    path("r/", receipt.lookup, name="receipt_lookup"),
    path("r/<str:code>/", receipt.receipt, name="receipt"),
    path("r/<str:code>/add/", receipt_acts.add, name="receipt_add"),
    path("r/<str:code>/do/<slug:verb>/", receipt_acts.act, name="receipt_act"),
    path("r/<str:code>/evaluate/", receipt_acts.evaluate, name="receipt_evaluate"),
    path("r/<str:code>/letters/<int:letter_id>/", receipt_papers.letter, name="receipt_letter"),
    path("r/<str:code>/letters/<int:letter_id>/pdf/", receipt_papers.letter_pdf, name="receipt_letter_pdf"),
    path("r/<str:code>/receipt.pdf", receipt_papers.receipt_pdf, name="receipt_pdf"),
    path("r/<str:code>/files/<int:attachment_id>/", receipt_papers.attachment, name="receipt_file"),
    path("r/<str:code>/proof.json", receipt_papers.proof, name="receipt_proof"),
    path("r/<str:code>/check/", receipt_papers.how_to_check, name="receipt_check"),
]
