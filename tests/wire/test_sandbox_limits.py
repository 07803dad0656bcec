"""Rate limits, told and hidden, on a clock the test turns."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from rooms_bot.sandbox.clock import HandClock
from rooms_bot.sandbox.server import Sandbox
from tests.wire.openapi import Ledger
from tests.wire.rest import Response, Rest


@pytest.fixture
def clock() -> HandClock:
    return HandClock(1_800_000_000.0)


@pytest.fixture
async def sandbox(clock: HandClock, ledger: Ledger | None) -> AsyncIterator[Sandbox]:
    """With Discord's own limits."""
    async with Sandbox(clock=clock) as opened:
        opened.observe = ledger
        yield opened


@pytest.fixture
async def rest(sandbox: Sandbox) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(session, sandbox.api_url, sandbox.token)


def lounge(sandbox: Sandbox) -> str:
    return str(sandbox.people.channels(sandbox.people.named("You"))[0]["id"])


async def test_five_messages_in_five_seconds(sandbox: Sandbox, rest: Rest, clock: HandClock) -> None:
    at = f"/channels/{lounge(sandbox)}/messages"
    answers = [await rest("POST", at, {"content": "x"}) for _ in range(6)]
    assert [a.status for a in answers] == [200] * 5 + [429]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["4", "3", "2", "1", "0", "0"]
    limited = answers[-1]
    told = {"message": "You are being rate limited.", "retry_after": 5.0, "global": False, "code": 0}
    assert limited.body == told
    assert limited.headers["X-RateLimit-Scope"] == "user"
    assert limited.headers["Retry-After"] == "5"
    assert float(limited.headers["X-RateLimit-Reset-After"]) == 5.0
    assert float(limited.headers["X-RateLimit-Reset"]) == clock.now() + 5
    assert "Via" in limited.headers
    assert "X-RateLimit-Global" not in limited.headers
    clock.turn(5)
    assert (await rest("POST", at, {"content": "x"})).status == 200
    assert sandbox.world.tally.limited == {"user": 1}


async def test_a_channel_takes_thirty_posts_a_minute_and_no_header_says_so(
    sandbox: Sandbox, rest: Rest, clock: HandClock
) -> None:
    hook = await rest.webhook(lounge(sandbox))

    async def post() -> Response:
        clock.turn(0.5)
        return await rest("POST", hook, {"content": "x"})

    assert {(await post()).status for _ in range(30)} == {204}
    limited = await post()
    assert (limited.status, limited.headers["X-RateLimit-Scope"]) == (429, "shared")
    assert limited.body["message"] == "The resource is being rate limited."
    assert limited.body["retry_after"] >= 40
    assert int(limited.headers["X-RateLimit-Remaining"]) > 0
    clock.turn(limited.body["retry_after"])
    assert (await post()).status == 204


async def test_more_webhooks_in_the_channel_do_not_help(sandbox: Sandbox, rest: Rest, clock: HandClock) -> None:
    hooks = [await rest.webhook(lounge(sandbox)) for _ in range(3)]
    for n in range(30):
        clock.turn(0.5)
        assert (await rest("POST", hooks[n % 3], {"content": "x"})).status == 204
    assert (await rest("POST", hooks[0], {"content": "x"})).status == 429


async def test_buckets_are_each_channels_own_under_one_name(sandbox: Sandbox, rest: Rest) -> None:
    first, second = [c["id"] for c in sandbox.people.channels(sandbox.people.named("You"))[:2]]
    one = await rest("POST", f"/channels/{first}/messages", {"content": "x"})
    two = await rest("POST", f"/channels/{second}/messages", {"content": "x"})
    assert one.headers["X-RateLimit-Bucket"] == two.headers["X-RateLimit-Bucket"]
    assert two.headers["X-RateLimit-Remaining"] == "4"


async def test_fifty_requests_a_second_over_all(rest: Rest) -> None:
    paths = [f"/channels/{n}" for n in range(51)]
    answers = [await rest("GET", path) for path in paths]
    limited = answers[-1]
    assert [a.status for a in answers[:50]] == [404] * 50
    assert (limited.status, limited.body["global"]) == (429, True)
    assert limited.headers["X-RateLimit-Global"] == "true"
