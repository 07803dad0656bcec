"""The sandbox can break down, before or after it did as it was asked."""

import asyncio

import aiohttp
import pytest

from rooms_bot.sandbox.faults import Fault, limited, refusal
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


async def test_it_refuses_and_limits_as_discord_does_and_only_there(sandbox: Sandbox, rest: Rest) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    sandbox.faults.plan(refusal("POST", ROUTE, 403, 50013, path=lounge.id))
    sandbox.faults.plan(limited("POST", ROUTE, 40, "shared", path=lounge.id))
    assert (await rest("POST", f"/channels/{library.id}/messages", {"content": "a"})).status == 200
    refused = await rest("POST", f"/channels/{lounge.id}/messages", {"content": "b"})
    assert (refused.status, refused.code) == (403, 50013)
    full = await rest("POST", f"/channels/{lounge.id}/messages", {"content": "c"})
    assert (full.status, full.body["retry_after"], full.headers["X-RateLimit-Remaining"]) == (429, 40, "4")
    assert lounge.messages() == []


@pytest.mark.parametrize("late", [False, True])
async def test_an_answer_is_held_back_and_the_act_with_it_where_it_is_to_be_late(sandbox: Sandbox, late: bool) -> None:
    held, lounge = asyncio.Event(), Channel(sandbox)
    sandbox.faults.plan(Fault("POST", ROUTE, held=held, done=not late, late=late))
    async with asyncio.TaskGroup() as tasks:
        posting = tasks.create_task(post(sandbox, "there"))
        while sandbox.faults.left:  # noqa: ASYNC110 - nothing tells that it was met
            await asyncio.sleep(0)
        if not late:
            await lounge.until(lounge.messages)
        assert await post(sandbox, "meanwhile") == 200
        assert not posting.done()
        held.set()
    assert posting.result() == 502
    said = [message["content"] for message in lounge.messages()]
    assert said == (["meanwhile", "there"] if late else ["there", "meanwhile"])
