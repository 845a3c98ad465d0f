"""Addresses of the count, of what is certified, and of the objections to it."""

from django.urls import URLPattern, path

from hemei.decisions.views import counting, objections

urlpatterns: list[URLPattern] = [
    path("<int:pk>/count", counting.count, name="count"),
    path("<int:pk>/count/sign", counting.sign_count, name="sign_count"),
    path("<int:pk>/files", counting.files, name="files"),
    path("<int:pk>/files/complete", counting.file_complete, name="file_complete"),
    path("<int:pk>/files/own", counting.file_for_owner, name="file_for_owner"),
    path("<int:pk>/summary", counting.summary, name="summary"),
    path("<int:pk>/summary.json", counting.summary_json, name="summary_json"),
    path("<int:pk>/posted/new", objections.post_result, name="post_result"),
    path("<int:pk>/posted/<int:posted>/photo", objections.posted_photo, name="posted_photo"),
    path("<int:pk>/objections", objections.objections, name="objections"),
    path("<int:pk>/objections/new", objections.object_to_result, name="object"),
    path("<int:pk>/objections/enter", objections.enter_objection, name="enter_objection"),
    path("<int:pk>/objections/<int:number>/answer", objections.answer_objection, name="answer_objection"),
    path("<int:pk>/objections/<int:number>/close", objections.close_objection, name="close_objection"),
    path("<int:pk>/objections/<int:number>/evidence", objections.objection_evidence, name="objection_evidence"),
]
