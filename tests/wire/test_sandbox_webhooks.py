"""Webhooks over plain HTTP: names, faces, threads, and what only they are told."""

import base64
from typing import Any

import pytest

from rooms_bot.sandbox.images import plain_face
from rooms_bot.sandbox.server import Sandbox
from tests.wire.rest import Rest

PNG = "data:image/jpg;base64," + base64.b64encode(plain_face(1).data).decode()


@pytest.fixture
def places(sandbox: Sandbox) -> dict[str, str]:
    """Channels by name."""
    return {channel["name"]: channel["id"] for channel in sandbox.people.channels(sandbox.people.named("You"))}


async def test_each_message_has_a_name_and_a_face_of_its_own(rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["lounge"])
    body = {"content": "forms", "username": "Plato", "avatar_url": "https://cdn.example/1.png"}
    made = await rest.post(f"{hook}?wait=true", body)
    assert (made["author"]["username"], made["author"]["bot"]) == ("Plato", True)
    assert made["author"]["avatar"]
    assert made["webhook_id"] == made["author"]["id"] == hook.split("/")[2]
    assert "member" not in made


async def test_a_face_that_is_an_application_emoji_is_served(
    sandbox: Sandbox, rest: Rest, places: dict[str, str]
) -> None:
    emoji = await rest.post(f"/applications/{sandbox.world.bot_id}/emojis", {"name": "plato", "image": PNG})
    hook = await rest.webhook(places["lounge"])
    address = f"{sandbox.cdn_url}/emojis/{emoji['id']}.webp"
    made = await rest.post(f"{hook}?wait=true", {"content": "x", "avatar_url": address})
    author = made["author"]
    async with rest.session.get(f"{sandbox.cdn_url}/avatars/{author['id']}/{author['avatar']}.png") as served:
        assert (await served.read(), served.content_type) == (plain_face(1).data, "image/png")


async def test_without_wait_nothing_is_told(rest: Rest, places: dict[str, str]) -> None:
    answer = await rest("POST", await rest.webhook(places["lounge"]), {"content": "x"})
    assert (answer.status, answer.body) == (204, "")


@pytest.mark.parametrize("name", ["Clyde", "my discord bot", "everyone", "", " ", "x" * 81])
async def test_names_discord_keeps_are_refused(rest: Rest, places: dict[str, str], name: str) -> None:
    made = await rest("POST", f"/channels/{places['lounge']}/webhooks", {"name": name})
    used = await rest("POST", await rest.webhook(places["lounge"]), {"content": "x", "username": name})
    assert (made.code, set(made.faults)) == (50035, {"name"})
    assert (used.code, set(used.faults)) == (50035, {"username"})


async def test_a_channel_has_fifteen_webhooks(rest: Rest, places: dict[str, str]) -> None:
    for _ in range(15):
        await rest.webhook(places["lounge"])
    assert (await rest("POST", f"/channels/{places['lounge']}/webhooks", {"name": "one more"})).code == 30007
    assert len(await rest.get(f"/channels/{places['lounge']}/webhooks")) == 15


async def test_its_token_is_all_it_takes(sandbox: Sandbox, rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["lounge"])
    for stranger in (Rest(rest.session, sandbox.api_url), Rest(rest.session, sandbox.api_url, "wrong")):
        assert "user" not in (await stranger("GET", hook)).body
    wrong = await rest("POST", f"{hook}x", {"content": "x"})
    assert (wrong.status, wrong.code) == (401, 50027)
    assert len(hook.split("/")[3]) == 68


async def test_a_deleted_webhook_is_unknown(rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["lounge"])
    assert (await rest("DELETE", hook)).status == 204
    gone = await rest("POST", hook, {"content": "x"})
    assert (gone.status, gone.code) == (404, 10015)


async def test_it_edits_and_deletes_only_its_own(sandbox: Sandbox, rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["lounge"])
    own = (await rest.post(f"{hook}?wait=true", {"content": "x", "username": "Plato"}))["id"]
    other = sandbox.people.say(sandbox.people.named("Sam"), places["lounge"], "x")["id"]
    edited = (await rest("PATCH", f"{hook}/messages/{own}", {"content": "y"})).body
    assert (edited["content"], edited["author"]["username"]) == ("y", "Plato")
    assert edited["edited_timestamp"]
    assert (await rest("PATCH", f"{hook}/messages/{other}", {"content": "y"})).code == 10008
    assert (await rest("DELETE", f"{hook}/messages/{own}")).status == 204


async def test_a_forum_takes_a_thread_or_a_name_for_one(rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["ideas"])
    assert (await rest("POST", hook, {"content": "x"})).code == 220001
    made = await rest.post(f"{hook}?wait=true", {"content": "x", "thread_name": "An idea"})
    thread = made["channel_id"]
    assert (await rest.get(f"/channels/{thread}"))["name"] == "An idea"
    both = await rest("POST", f"{hook}?thread_id={thread}", {"content": "x", "thread_name": "Two"})
    assert both.code == 220002


async def test_a_thread_is_reached_through_its_parents_webhook(rest: Rest, places: dict[str, str]) -> None:
    hook = await rest.webhook(places["lounge"])
    thread = await rest.post(f"/channels/{places['lounge']}/threads", {"name": "aside", "type": 11})
    query = f"?wait=true&thread_id={thread['id']}"
    await rest("PATCH", f"/channels/{thread['id']}", {"archived": True})
    made = await rest.post(hook + query, {"content": "x"})
    assert made["channel_id"] == thread["id"]
    assert not (await rest.get(f"/channels/{thread['id']}"))["thread_metadata"]["archived"]
    await rest("PATCH", f"/channels/{thread['id']}", {"locked": True})
    assert (await rest("POST", hook + query, {"content": "x"})).code == 160005
    library = await rest.webhook(places["library"])
    assert (await rest("POST", library + query, {"content": "x"})).code == 10003


async def test_an_archived_thread_is_not_changed(rest: Rest, places: dict[str, str]) -> None:
    thread = await rest.post(f"/channels/{places['lounge']}/threads", {"name": "aside", "type": 11})
    message = await rest.post(f"/channels/{thread['id']}/messages", {"content": "x"})
    await rest("PATCH", f"/channels/{thread['id']}", {"archived": True})
    at = f"/channels/{thread['id']}/messages/{message['id']}"
    assert (await rest("PATCH", at, {"content": "y"})).code == 50083
    listed: Any = await rest.get(f"/channels/{places['lounge']}/threads/archived/public")
    assert [found["id"] for found in listed["threads"]] == [thread["id"]]


async def test_webhooks_ping_people_but_nobody_else_unless_told(
    sandbox: Sandbox, rest: Rest, places: dict[str, str]
) -> None:
    hook, sam = await rest.webhook(places["lounge"]), sandbox.people.named("Sam")
    loud = await rest.post(f"{hook}?wait=1", {"content": f"<@{sam}> @everyone"})
    quiet = await rest.post(f"{hook}?wait=1", {"content": f"<@{sam}>", "allowed_mentions": {"parse": []}})
    assert ([user["id"] for user in loud["mentions"]], loud["mention_everyone"]) == ([sam], False)
    assert quiet["mentions"] == []
