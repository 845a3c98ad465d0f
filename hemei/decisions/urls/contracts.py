"""Addresses of the lift contract and its signatures."""

from django.urls import path

from hemei.decisions.views import contracts

urlpatterns = [
    path("drives/<int:pk>/contract", contracts.contract, name="contract"),
    path("drives/<int:pk>/contract/write", contracts.write_contract, name="write_contract"),
    path("contracts/<int:pk>/open", contracts.open_contract, name="open_contract"),
    path("contracts/<int:pk>/sign", contracts.sign_contract, name="sign_contract"),
    path("contracts/<int:pk>/enter", contracts.enter_signature, name="enter_signature"),
    path("contracts/<int:pk>/end", contracts.end_contract, name="end_contract"),
    path("contracts/signatures/<int:pk>/confirm", contracts.confirm_signature, name="confirm_signature"),
    path("contracts/signatures/<int:pk>/photo", contracts.signature_photo, name="signature_photo"),
]
