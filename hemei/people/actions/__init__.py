from hemei.people.actions.account import (
    ask_phone_change,
    change_phone,
    change_profile,
    close_account,
    end_other_sessions,
    export_own_data,
)
from hemei.people.actions.first import give_first_code, make_first_administrator
from hemei.people.actions.second_factor import (
    add_passkey,
    choose_password,
    remove_app,
    remove_passkey,
    set_up_app,
)
from hemei.people.actions.signing_in import (
    ask_code,
    sign_in_first,
    sign_in_with_code,
    sign_in_with_passkey,
    sign_in_with_password,
    sign_in_with_slip,
)

__all__ = [
    "add_passkey",
    "ask_code",
    "ask_phone_change",
    "change_phone",
    "change_profile",
    "choose_password",
    "close_account",
    "end_other_sessions",
    "export_own_data",
    "give_first_code",
    "make_first_administrator",
    "remove_app",
    "remove_passkey",
    "set_up_app",
    "sign_in_first",
    "sign_in_with_code",
    "sign_in_with_passkey",
    "sign_in_with_password",
    "sign_in_with_slip",
]
