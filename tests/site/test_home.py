"""Everybody's way home leads to where their work begins."""

import pytest
from django.test import Client

from tests.builders import a_county


@pytest.mark.django_db
def test_each_role_is_led_to_its_first_place() -> None:
    county = a_county()
    client = Client()
    assert client.get("/home/").headers["Location"] == "/"
    led = {}
    for name in ("office.clerk", "county.leader", "admin", "security", "auditor"):
        client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
        led[name] = client.get("/home/").headers["Location"]
        assert client.get(led[name]).status_code == 200
    assert led["office.clerk"] == "/desk/"
    assert len(set(led.values())) >= 4
