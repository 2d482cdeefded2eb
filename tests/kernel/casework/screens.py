"""What the tests of the staff's screens share: signing in, counting queries, reading lists."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.kernel.access.locks import acting_as_system, assume
from yiwang.kernel.access.rules import NOBODY
from yiwang.kernel.casework.models import Case

BACKEND = "yiwang.kernel.people.backends.AccountBackend"


def signed_in(client, county, name):
    """The client, signed in as one of the county's people."""
    client.force_login(county.accounts[name], backend=BACKEND)
    return client


def listed(response):
    """The titles of the rows of a list, in order."""
    return [row.title for row in response.context["table"].rows]


def words(response):
    """The page as text, without line breaks."""
    return " ".join(response.content.decode().split())


def queries_of(client, address):
    """How many queries a page costs once caches of the process are warm; what expires in between is let off."""
    assume(NOBODY)
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200
        counts.append(len(captured))
    return min(counts)


def fresh(case):
    """The case as it stands now, whoever asks."""
    with acting_as_system():
        return Case.objects.get(pk=case.pk)


def stepped(client, case, verb, *, seen=1, key="k1", **data):
    """Post a step as its form does."""
    return client.post(
        f"/cases/{case.pk}/steps/{verb}/", {**data, "request_key": key, "seen_length": str(seen)}
    )
