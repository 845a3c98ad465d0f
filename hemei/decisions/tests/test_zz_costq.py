import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hemei.decisions.tests.test_cost_pages import *
from hemei.decisions.tests.conftest import *
import re


def show(client, name, pk, **q):
    with CaptureQueriesContext(
        connection,
    ) as c:
        page(client, name, pk, **q)
    print("=====", name)
    for one in c.captured_queries:
        s = one["sql"]
        print(re.sub(r"SELECT .*? FROM", "SELECT … FROM", s)[:230])


def test_q(cast, contract):
    put_wishes(cast, contract.drive, RANGES)
    signed(cast, contract, "0101")
    entered(cast, contract, "0201")

    show(signed_in(cast.second_clerk, "en"), "contract", contract.drive_id)
