from django.urls import path

from hemei.consultations.views import reading, taking_part

app_name = "consultations"
urlpatterns = [
    path("", reading.consultations, name="consultations"),
    path("<int:pk>", reading.consultation, name="consultation"),
    path("<int:pk>/votes", taking_part.cast_vote, name="cast_vote"),
    path("<int:pk>/statements", reading.statements, name="statements"),
    path("<int:pk>/statements/<int:number>", reading.statement, name="statement"),
    path("<int:pk>/mine", reading.mine, name="mine"),
    path("<int:pk>/log", reading.log, name="log"),
    path("<int:pk>/documents/<int:paper>", reading.document, name="document"),
]
