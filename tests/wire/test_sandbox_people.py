"""What members do and see, and what may not happen between them."""

import json

import aiohttp
import pytest

from rooms_bot.sandbox.furnish import invite
from rooms_bot.sandbox.images import plain_face
from rooms_bot.sandbox.permissions import EVERYBODY
from rooms_bot.sandbox.refusals import Refusal
from rooms_bot.sandbox.server import Sandbox
from tests.wire.rest import Rest


@pytest.fixture
def sam(sandbox: Sandbox) -> str:
    return sandbox.people.named("Sam")


@pytest.fixture
def lounge(sandbox: Sandbox, sam: str) -> str:
    return str(sandbox.people.channels(sam)[0]["id"])


def test_the_sandbox_is_furnished(sandbox: Sandbox) -> None:
    people = sandbox.people
    assert [user["global_name"] for user in people.users] == ["You", "Sam", "Robin", "Kim"]
    assert people.guild["owner_id"] == people.named("You")
    assert [c["name"] for c in people.channels(people.named("Kim"))] == ["lounge", "library", "news", "ideas"]
    assert sum(1 for member in people.members() if member["user"].get("bot")) == 1


async def test_others_watch_what_one_does(sandbox: Sandbox, sam: str, lounge: str) -> None:
    kim = sandbox.people.named("Kim")
    with sandbox.people.watch(kim) as seen:
        said = sandbox.people.say(sam, lounge, "one")
        sandbox.people.edit(sam, said["id"], "two")
        sandbox.people.react(kim, said["id"], "🎲")
        sandbox.people.unreact(kim, said["id"], "🎲")
        sandbox.people.typing(sam, lounge)
        sandbox.people.delete(sam, said["id"])
        events = [await seen.get() for _ in range(6)]
    assert [event["t"] for event in events] == [
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_REACTION_ADD",
        "MESSAGE_REACTION_REMOVE",
        "TYPING_START",
        "MESSAGE_DELETE",
    ]
    assert events[1]["d"]["edited_timestamp"]
    assert sandbox.world.listeners == []


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> int:
    return refused.value.code


def test_people_are_refused_what_discord_refuses(sandbox: Sandbox, sam: str, lounge: str) -> None:
    people = sandbox.people
    robins = people.say(people.named("Robin"), lounge, "x")["id"]
    news = people.channels(sam)[3]["id"]
    with pytest.raises(Refusal) as long:
        people.say(sam, lounge, "x" * 2001)
    with pytest.raises(Refusal) as empty:
        people.say(sam, lounge, " ")
    with pytest.raises(Refusal) as foreign:
        people.edit(sam, robins, "y")
    with pytest.raises(Refusal) as deleting:
        people.delete(sam, robins)
    with pytest.raises(Refusal) as forum:
        people.say(sam, news, "x")
    assert [code_of(r) for r in (long, empty, foreign, deleting, forum)] == [50035, 50006, 50005, 50013, 50008]


def test_the_owner_may_delete_anything(sandbox: Sandbox, sam: str, lounge: str) -> None:
    said = sandbox.people.say(sam, lounge, "x")["id"]
    sandbox.people.delete(sandbox.people.named("You"), said)
    assert sandbox.people.history(sam, lounge) == []


async def test_a_thread_and_a_forum_post_are_channels_of_their_own(
    sandbox: Sandbox, rest: Rest, sam: str, lounge: str
) -> None:
    said = sandbox.people.say(sam, lounge, "start here")
    thread = await rest.post(f"/channels/{lounge}/messages/{said['id']}/threads", {"name": "aside"})
    sandbox.people.say(sam, thread["id"], "inside")
    ideas = sandbox.people.channels(sam)[3]["id"]
    post = await rest.post(f"/channels/{ideas}/threads", {"name": "Tea", "message": {"content": "Let us"}})
    refused = await rest("POST", f"/channels/{ideas}/threads", {"name": "No", "message": {"content": ""}})
    assert thread["id"] == said["id"]
    assert sandbox.people.history(sam, thread["id"])[-1]["content"] == "inside"
    assert post["message"]["id"] == post["id"]
    assert refused.code == 50006
    assert [c["name"] for c in sandbox.people.channels(sam)[4:]] == ["aside", "Tea"]
    members = await rest.get(f"/channels/{thread['id']}/thread-members?with_member=true")
    assert {m["user_id"] for m in members} == {sam, sandbox.world.bot_id}


async def test_a_second_server_has_channels_of_its_own(sandbox: Sandbox, rest: Rest) -> None:
    owner = sandbox.world.add_user("Olga")
    guild = sandbox.world.add_guild("Elsewhere", owner, EVERYBODY)
    hall = sandbox.world.add_channel(guild, "hall")
    assert (await rest("GET", f"/guilds/{guild.id}")).code == 50001
    invite(sandbox.world, guild)
    assert (await rest.post(f"/channels/{hall['id']}/messages", {"content": "x"}))["channel_id"] == hall["id"]
    assert len(await rest.get("/users/@me/guilds")) == 2
    assert (await rest("DELETE", f"/users/@me/guilds/{guild.id}")).status == 204
    assert (await rest("POST", f"/channels/{hall['id']}/messages", {"content": "x"})).code == 50001


async def test_pins_need_a_permission_of_their_own(sandbox: Sandbox, rest: Rest, sam: str, lounge: str) -> None:
    said = sandbox.people.say(sam, lounge, "remember")["id"]
    at = f"/channels/{lounge}/messages/pins"
    assert (await rest("PUT", f"{at}/{said}")).code == 50013
    own = sandbox.world.guild.members[sandbox.world.bot_id]["roles"][0]
    role = sandbox.world.guild.roles[own]
    role["permissions"] = str(int(role["permissions"]) | 1 << 51)
    assert (await rest("PUT", f"{at}/{said}")).status == 204
    assert [item["message"]["id"] for item in (await rest.get(at))["items"]] == [said]
    assert sandbox.people.history(sam, lounge)[-1]["type"] == 6


async def test_a_deleted_channel_takes_its_webhooks_along(sandbox: Sandbox, rest: Rest, lounge: str) -> None:
    hook = await rest.webhook(lounge)
    assert (await rest("DELETE", f"/channels/{lounge}")).code == 50013
    own = sandbox.world.guild.members[sandbox.world.bot_id]["roles"][0]
    sandbox.world.guild.roles[own]["permissions"] = str(1 << 3)
    assert (await rest("DELETE", f"/channels/{lounge}")).status == 200
    assert (await rest("POST", hook, {"content": "x"})).code == 10015
    assert (await rest("GET", f"/channels/{lounge}")).code == 10003


async def test_an_announcement_channel_publishes_and_has_threads_of_its_kind(
    sandbox: Sandbox, rest: Rest, sam: str
) -> None:
    news = sandbox.people.channels(sam)[2]["id"]
    made = await rest.post(f"/channels/{news}/messages", {"content": "read all about it"})
    published = await rest.post(f"/channels/{news}/messages/{made['id']}/crosspost")
    assert published["flags"] & 1
    assert (await rest("POST", f"/channels/{news}/messages/{made['id']}/crosspost")).code == 40033
    assert (await rest.post(f"/channels/{news}/threads", {"name": "aside"}))["type"] == 10


async def test_media_of_components_and_embeds_get_addresses(rest: Rest, sandbox: Sandbox, lounge: str) -> None:
    picture = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}
    shown = [picture, {"type": 13, "file": {"url": "attachment://a.png"}}]
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"flags": 1 << 15, "components": shown}))
    form.add_field("files[0]", plain_face(0).data, filename="a.png", content_type="image/png")
    made = (await rest("POST", f"/channels/{lounge}/messages", data=form)).body
    [gallery, file] = made["components"]
    assert gallery["items"][0]["media"]["url"].startswith(f"{sandbox.cdn_url}/attachments/{lounge}/")
    assert (file["name"], file["size"]) == ("a.png", len(plain_face(0).data))
    missing = await rest("POST", f"/channels/{lounge}/messages", {"flags": 1 << 15, "components": [picture]})
    assert missing.faults == {"components.0.items.0.media.url": "MEDIA_ATTACHMENT_NOT_FOUND"}


@pytest.mark.parametrize("query", ["after=x", "limit=x", "limit=0"])
async def test_a_malformed_query_is_told_by_its_name(rest: Rest, sandbox: Sandbox, query: str) -> None:
    refused = await rest("GET", f"/guilds/{sandbox.world.guild.id}/members?{query}")
    assert (refused.code, list(refused.faults)) == (50035, [query.split("=")[0]])
