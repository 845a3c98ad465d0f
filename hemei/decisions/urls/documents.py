"""Addresses of papers, and the one that a ballot's code carries."""

from django.urls import URLPattern, path

from hemei.decisions.views import documents as views

urlpatterns: list[URLPattern] = [
    path("b/<str:serial>", views.scan, name="scan"),
    path("<int:pk>/ballots/<int:run>.pdf", views.ballots_pdf, name="ballots_pdf"),
    path("<int:pk>/ballots/<int:run>/typeset", views.typeset_ballots, name="typeset_ballots"),
    path("<int:pk>/ballots/<int:run>/made/<uuid:upload>.pdf", views.made_ballots, name="made_ballots"),
    path("<int:pk>/deliveries.pdf", views.service_list_pdf, name="service_list_pdf"),
    path("<int:pk>/receipts/<str:serial>.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("<int:pk>/notice.pdf", views.notice_pdf, name="notice_pdf"),
    path("<int:pk>/authority.pdf", views.authority_pdf, name="authority_pdf"),
    path("<int:pk>/co-owners.pdf", views.co_owners_pdf, name="co_owners_pdf"),
    path("<int:pk>/result.pdf", views.result_pdf, name="result_pdf"),
    path("<int:pk>/result-with-numbers.pdf", views.result_copy_pdf, name="result_copy_pdf"),
    path("<int:pk>/public-notice.pdf", views.posting_pdf, name="posting_pdf"),
    path("<int:pk>/objection.pdf", views.objection_form_pdf, name="objection_form_pdf"),
    path("<int:pk>/objections/<int:number>/answer.pdf", views.objection_answer_pdf, name="objection_answer_pdf"),
    path("<int:pk>/objections/<int:number>/mediation.pdf", views.mediation_pdf, name="mediation_pdf"),
    path("drives/<int:pk>/wishes.pdf", views.wish_sheet_pdf, name="wish_sheet_pdf"),
    path("drives/<int:pk>/visits.pdf", views.visit_sheet_pdf, name="visit_sheet_pdf"),
    path("drives/<int:pk>/contract.pdf", views.contract_pdf, name="contract_pdf"),
    path("sheets/<int:pk>.pdf", views.policy_sheet_pdf, name="policy_sheet_pdf"),
]
