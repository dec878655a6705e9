"""What people remember goes to its service once and into no fingerprint."""

from __future__ import annotations

from gateway.client import Client, RequestContext


class Recorder:
    def __init__(self):
        self.calls = []

    async def request(self, call):
        self.calls.append(call)
        return {"body": {}, "replayed": False}


async def test_a_passphrase_leaves_no_trace_in_the_fingerprint():
    bus = Recorder()
    client, context = Client(bus), RequestContext(request_id="x")

    for secret in ("satu", "dua", None):
        body = {"method": "bsre", "passphrase": secret, "password": secret}
        await client.command(
            context, "letters", "sign_letter", key="k", letter_id="1", body=body
        )
    await client.command(
        context, "letters", "sign_letter", letter_id="1", body={"method": "none"}
    )

    first, second, third, other = bus.calls
    assert first.kwargs["body"]["passphrase"] == "satu"
    assert first.idempotency.fingerprint == second.idempotency.fingerprint
    assert first.idempotency.fingerprint == third.idempotency.fingerprint
    assert first.idempotency.fingerprint != other.idempotency.fingerprint


async def test_a_signature_is_waited_for_longer_than_other_commands():
    bus = Recorder()
    client, context = Client(bus), RequestContext(request_id="x")

    for method in ("sign_letter", "submit_letter"):
        await client.command(context, "letters", method, letter_id="1")

    assert [call.seconds for call in bus.calls] == [60.0, 5.0]
