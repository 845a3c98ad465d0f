"""Addresses of signing in and of one's own page."""

from django.urls import path

from hemei.people.views import account, passkeys, signing_in

urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-in/code", signing_in.code, name="code"),
    path("sign-in/staff", signing_in.staff, name="staff"),
    path("sign-in/passkey", passkeys.sign_in, name="sign_in_with_passkey"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("slip", signing_in.slip, name="slip"),
    path("first", signing_in.first, name="first"),
    path("demo", signing_in.demo, name="demo"),
    path("demo/<int:pk>", signing_in.enter_demo, name="enter_demo"),
    path("me", account.me, name="me"),
    path("me/welcome", account.welcome, name="welcome"),
    path("me/profile", account.profile, name="profile"),
    path("me/act-as", account.act_as, name="act_as"),
    path("me/phone", account.change_phone, name="change_phone"),
    path("me/phone/confirm", account.confirm_phone, name="confirm_phone"),
    path("me/export", account.export, name="export"),
    path("me/close", account.close, name="close"),
    path("me/ways", account.ways, name="ways"),
    path("me/ways/password", account.choose_password, name="choose_password"),
    path("me/ways/app", account.set_up_app, name="set_up_app"),
    path("me/ways/app/remove", account.remove_app, name="remove_app"),
    path("me/ways/passkeys/add", passkeys.add, name="add_passkey"),
    path("me/ways/passkeys/<int:pk>/remove", passkeys.remove, name="remove_passkey"),
    path("me/sessions/end", account.end_other_sessions, name="end_other_sessions"),
    path("seats/<int:pk>/begin-anew", account.begin_anew, name="begin_anew"),
]
