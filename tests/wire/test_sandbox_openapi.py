"""The check against Discord's description finds what it is there to find."""

from typing import Any

import pytest

from rooms_bot.sandbox.rest.api import Exchange
from tests.wire.openapi import Description


@pytest.fixture
def described(description: Description | None) -> Description:
    if description is None:
        pytest.skip("Discord's OpenAPI description is not at hand")
    return description


def exchange(request: Any, *, status: int = 204, response: Any = None, template: str = "", **query: str) -> Exchange:
    path = template or "/webhooks/{webhook_id}/{webhook_token}"
    return Exchange("POST", path, query, request, status, response, {})


def test_a_valid_exchange_has_no_fault(described: Description) -> None:
    sent = {"content": "x", "allowed_mentions": {"parse": [], "users": [7]}, "tts": False}
    assert list(described.faults(exchange(sent, wait="true"))) == []


@pytest.mark.parametrize(
    ("request_", "word"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": 5}, "content"),
        ({"content": "x", "colour": 1}, "unknown field /colour"),
        ({"embeds": [{"title": "x", "color": 1 << 24}]}, "embeds"),
        ({"embeds": [{"titel": "x"}]}, "unknown field /embeds/0/titel"),
        ({"components": [{"type": 1, "components": [{"type": 2, "style": 1, "labl": "x"}]}]}, "labl"),
        (None, "body missing"),
    ],
)
def test_what_a_bot_sends_wrongly_is_found(described: Description, request_: Any, word: str) -> None:
    assert any(word in fault for fault in described.faults(exchange(request_)))


def test_what_is_not_described_is_found(described: Description) -> None:
    assert "not described" in next(described.faults(exchange({}, template="/rooms")))
    assert "unknown query parameter waiting" in next(described.faults(exchange({"content": "x"}, waiting="1")))


def test_a_wrong_answer_is_found(described: Description) -> None:
    short = exchange({"content": "x"}, status=200, response={"id": 5})
    refused = exchange({"content": "x"}, status=400, response={"message": "no", "code": "50035"})
    assert any("required" in fault for fault in described.faults(short))
    assert any("code" in fault for fault in described.faults(refused))
