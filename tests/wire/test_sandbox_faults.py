"""The sandbox can break down, before or after it did as it was asked."""

import aiohttp
import pytest

from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel
from tests.wire.rest import Rest

ROUTE = "/channels/{channel_id}/messages"


async def post(sandbox: Sandbox, text: str) -> int:
    """Say it as the bot; the status of the answer."""
    url = f"{sandbox.api_url}/channels/{Channel(sandbox).id}/messages"
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession() as session, session.post(url, json={"content": text}, headers=headers) as answer:
        return answer.status


async def test_an_answer_is_an_error_so_many_times_and_the_act_done_only_where_it_is_to_be(sandbox: Sandbox) -> None:
    sandbox.faults.plan(Fault("POST", ROUTE, 503, times=2))
    sandbox.faults.plan(Fault("POST", ROUTE, 500, done=True))
    assert [await post(sandbox, text) for text in "abcd"] == [503, 503, 500, 200]
    assert [message["content"] for message in Channel(sandbox).messages()] == ["c", "d"]
    assert sandbox.faults.left == 0


async def test_a_connection_is_cut_after_the_act(sandbox: Sandbox) -> None:
    sandbox.faults.plan(Fault("POST", ROUTE, 0, done=True))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(sandbox, "there")
    assert [message["content"] for message in Channel(sandbox).messages()] == ["there"]


async def test_other_routes_go_on(sandbox: Sandbox, rest: Rest) -> None:
    sandbox.faults.plan(Fault("POST", ROUTE))
    assert await rest.get(f"/channels/{Channel(sandbox).id}")
    assert sandbox.faults.left == 1
