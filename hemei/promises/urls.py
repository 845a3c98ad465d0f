from django.urls import path

from hemei.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.promises, name="promises"),
    path("new", views.make_promise, name="make_promise"),
    path("<int:pk>", views.promise, name="promise"),
    path("<int:pk>/photo", views.photo, name="photo"),
    path("<int:pk>/keep", views.keep_promise, name="keep_promise"),
    path("<int:pk>/extend", views.extend_promise, name="extend_promise"),
    path("<int:pk>/withdraw", views.withdraw_promise, name="withdraw_promise"),
    path("<int:pk>/dispute", views.dispute_promise, name="dispute_promise"),
    path("<int:pk>/answer", views.answer_dispute, name="answer_dispute"),
]
