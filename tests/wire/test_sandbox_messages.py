"""Messages over plain HTTP: what is kept, how it is paged, what is refused."""

import json
from typing import Any

import aiohttp
import pytest

from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.wire.rest import Rest


@pytest.fixture
def lounge(sandbox: Sandbox) -> str:
    return str(sandbox.people.channels(sandbox.people.named("You"))[0]["id"])


async def test_a_message_comes_back_as_it_was_sent(rest: Rest, lounge: str) -> None:
    made = await rest.post(f"/channels/{lounge}/messages", {"content": "hello", "nonce": "7"})
    found = await rest.get(f"/channels/{lounge}/messages/{made['id']}")
    assert (found["content"], found["type"], made["nonce"]) == ("hello", 0, "7")
    assert found == made


async def test_history_is_newest_first_whichever_way_it_is_paged(rest: Rest, lounge: str) -> None:
    ids = [(await rest.post(f"/channels/{lounge}/messages", {"content": str(n)}))["id"] for n in range(7)]
    page = f"/channels/{lounge}/messages?limit=3"

    async def contents(query: str) -> list[str]:
        return [message["content"] for message in await rest.get(page + query)]

    assert await contents("") == ["6", "5", "4"]
    assert await contents(f"&before={ids[4]}") == ["3", "2", "1"]
    assert await contents(f"&after={ids[1]}") == ["4", "3", "2"]
    assert await contents(f"&around={ids[3]}") == ["4", "3", "2"]
    assert (await rest("GET", f"/channels/{lounge}/messages?limit=101")).faults == {"limit": "NUMBER_TYPE_MAX"}


def row(*components: Any) -> list[Any]:
    return [{"type": 1, "components": list(components)}]


LABEL = "components.0.components.0.label"
URL = "components.0.components.0.url"
MALFORMED: list[tuple[Any, str, str]] = [
    ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"fields": [{"name": "a"}]}]}, "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
    ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ({"message_reference": {"message_id": "1"}}, "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"),
    ({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions",
     "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
    ({"components": row({"type": 2, "style": 1, "custom_id": "a", "label": "x" * 81})}, LABEL, "BASE_TYPE_MAX_LENGTH"),
    ({"components": row({"type": 2, "style": 5, "label": "a"})}, URL, "BUTTON_COMPONENT_INVALID_URL_FIELDS"),
    ({"components": [{"type": 10, "content": "no flag"}]}, "components.0.type", "UNION_TYPE_CHOICES"),
    ({"flags": 1 << 15, "components": [{"type": 10, "content": "a"}]}, "content",
     "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "path", "fault"), MALFORMED)
async def test_a_malformed_message_is_refused_with_the_path_to_its_fault(
    rest: Rest, lounge: str, body: dict[str, Any], path: str, fault: str
) -> None:
    refused = await rest("POST", f"/channels/{lounge}/messages", {"content": "x"} | body)
    assert (refused.status, refused.code, refused.faults) == (400, 50035, {path: fault})


async def test_an_empty_message_is_refused(rest: Rest, lounge: str) -> None:
    assert (await rest("POST", f"/channels/{lounge}/messages", {"content": "  "})).code == 50006


async def test_what_is_not_there_is_unknown(rest: Rest, lounge: str) -> None:
    assert (await rest("GET", "/channels/1")).code == 10003
    assert (await rest("GET", f"/channels/{lounge}/messages/1")).code == 10008
    assert (await rest("GET", "/webhooks/1/x")).code == 10015
    assert (await rest("GET", "/guilds/1")).code == 10004


async def test_a_path_that_discord_does_not_have_is_not_found(sandbox: Sandbox, rest: Rest) -> None:
    sandbox.observe = None
    assert (await rest("GET", "/nowhere")).body == {"message": "404: Not Found", "code": 0}
    assert (await rest("PUT", "/users/@me")).status == 405


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox, rest: Rest) -> None:
    refused = await Rest(rest.session, sandbox.api_url, "wrong")("GET", "/users/@me")
    assert (refused.status, refused.body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_permissions_come_from_roles_and_overwrites(sandbox: Sandbox, rest: Rest, lounge: str) -> None:
    channel, own = sandbox.world.channels[lounge], sandbox.world.guild.members[sandbox.world.bot_id]["roles"][0]
    channel["permission_overwrites"] = [{"id": own, "type": 0, "allow": "0", "deny": str(int(Can.SEND_MESSAGES))}]
    assert (await rest("POST", f"/channels/{lounge}/messages", {"content": "x"})).code == 50013
    channel["permission_overwrites"] = [{"id": own, "type": 0, "allow": "0", "deny": str(int(Can.VIEW_CHANNEL))}]
    assert (await rest("POST", f"/channels/{lounge}/messages", {"content": "x"})).code == 50001
    channel["permission_overwrites"].append(
        {"id": sandbox.world.bot_id, "type": 1, "allow": str(int(Can.VIEW_CHANNEL)), "deny": "0"}
    )
    assert (await rest("POST", f"/channels/{lounge}/messages", {"content": "x"})).status == 200


async def test_only_whom_allowed_mentions_names_is_pinged(sandbox: Sandbox, rest: Rest, lounge: str) -> None:
    sam, kim = sandbox.people.named("Sam"), sandbox.people.named("Kim")
    body: dict[str, Any] = {"content": f"<@{sam}> <@{kim}> @everyone"}
    loud = await rest.post(f"/channels/{lounge}/messages", body)
    quiet = await rest.post(f"/channels/{lounge}/messages", body | {"allowed_mentions": {"users": [int(sam)]}})
    assert [user["id"] for user in loud["mentions"]] == [sam, kim]
    assert [user["id"] for user in quiet["mentions"]] == [sam]
    assert loud["mention_everyone"] is False  # the bot lacks Mention Everyone


async def test_an_enforced_nonce_gives_the_first_message_again(rest: Rest, lounge: str) -> None:
    body = {"content": "once", "nonce": "n", "enforce_nonce": True}
    first = await rest.post(f"/channels/{lounge}/messages", body)
    assert (await rest.post(f"/channels/{lounge}/messages", body))["id"] == first["id"]


async def test_files_are_uploaded_described_and_served(rest: Rest, lounge: str) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"attachments": [{"id": 0, "description": "a note"}]}))
    form.add_field("files[0]", b"body", filename="note.txt", content_type="text/plain")
    made = (await rest("POST", f"/channels/{lounge}/messages", data=form)).body
    [attachment] = made["attachments"]
    assert (attachment["filename"], attachment["size"], attachment["description"]) == ("note.txt", 4, "a note")
    async with rest.session.get(attachment["url"]) as served:
        assert await served.read() == b"body"
    edited = (
        await rest("PATCH", f"/channels/{lounge}/messages/{made['id']}", {"content": "x", "attachments": []})
    ).body
    assert edited["attachments"] == []


async def test_components_are_numbered_and_come_back(rest: Rest, lounge: str) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "A", "emoji": None}]}
    made = await rest.post(f"/channels/{lounge}/messages", {"content": "x", "components": [row]})
    button = {"type": 2, "style": 1, "custom_id": "a", "label": "A", "id": 2}
    assert made["components"] == [{"type": 1, "id": 1, "components": [button]}]


async def test_a_message_of_components_holds_nothing_else(rest: Rest, lounge: str) -> None:
    inner = [{"type": 10, "content": "text"}, {"type": 14}]
    body = {"flags": 1 << 15, "components": [{"type": 17, "components": inner}]}
    made = await rest.post(f"/channels/{lounge}/messages", body)
    assert made["flags"] & 1 << 15
    many = {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41}
    assert (await rest("POST", f"/channels/{lounge}/messages", many)).code == 50035


async def test_reactions_count_and_page(sandbox: Sandbox, rest: Rest, lounge: str) -> None:
    message = (await rest.post(f"/channels/{lounge}/messages", {"content": "x"}))["id"]
    at = f"/channels/{lounge}/messages/{message}/reactions/%F0%9F%91%8D"
    assert (await rest("PUT", f"{at}/@me")).status == 204
    sandbox.people.react(sandbox.people.named("Sam"), message, "👍")
    [reaction] = (await rest.get(f"/channels/{lounge}/messages/{message}"))["reactions"]
    assert (reaction["count"], reaction["me"], reaction["emoji"]["name"]) == (2, True, "👍")
    users = await rest.get(at)
    assert await rest.get(f"{at}?after={users[0]['id']}") == users[1:]
    assert (await rest("PUT", f"/channels/{lounge}/messages/{message}/reactions/nope:1/@me")).code == 10014


async def test_only_the_author_edits_and_bulk_deletion_takes_two(sandbox: Sandbox, rest: Rest, lounge: str) -> None:
    said = sandbox.people.say(sandbox.people.named("Sam"), lounge, "mine")["id"]
    own = (await rest.post(f"/channels/{lounge}/messages", {"content": "x"}))["id"]
    assert (await rest("PATCH", f"/channels/{lounge}/messages/{said}", {"content": "yours"})).code == 50005
    assert (await rest("POST", f"/channels/{lounge}/messages/bulk-delete", {"messages": [own]})).code == 50016
    assert (await rest("POST", f"/channels/{lounge}/messages/bulk-delete", {"messages": [own, said]})).status == 204
    assert await rest.get(f"/channels/{lounge}/messages") == []


async def test_a_reply_carries_what_it_answers_and_loses_it_when_that_is_deleted(
    sandbox: Sandbox, rest: Rest, lounge: str
) -> None:
    said = sandbox.people.say(sandbox.people.named("Sam"), lounge, "question")["id"]
    body = {"content": "answer", "message_reference": {"message_id": said}}
    reply = await rest.post(f"/channels/{lounge}/messages", body)
    assert (reply["type"], reply["referenced_message"]["content"]) == (19, "question")
    sandbox.people.delete(sandbox.people.named("Sam"), said)
    assert (await rest.get(f"/channels/{lounge}/messages/{reply['id']}"))["referenced_message"] is None


async def test_invalid_json_is_told_apart(rest: Rest, lounge: str) -> None:
    refused = await rest("POST", f"/channels/{lounge}/messages", data=b"{")
    assert (refused.status, refused.code) == (400, 50109)
