"""Application commands over plain HTTP: how they are kept and what makes one invalid."""

from typing import Any

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.wire.rest import Rest


@pytest.fixture
def at(sandbox: Sandbox) -> str:
    return f"/applications/{sandbox.world.bot_id}/commands"


def slash(name: str = "room", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": 1, "description": "Rooms"} | more


def option(name: str = "topic", kind: int = 3, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "description": "About"} | more


async def test_sending_the_same_list_again_changes_nothing(rest: Rest, at: str) -> None:
    commands = [slash(options=[option(max_length=300, required=True)]), slash("agent"), {"name": "Quote", "type": 3}]
    first = (await rest("PUT", at, commands)).body
    again = (await rest("PUT", at, commands)).body
    assert again == first == await rest.get(at)
    assert first[0]["options"] == commands[0]["options"]


async def test_a_command_keeps_its_id_when_it_changes(rest: Rest, at: str) -> None:
    [first] = (await rest("PUT", at, [slash()])).body
    [second] = (await rest("PUT", at, [slash(description="Other")])).body
    posted = await rest.post(at, slash(description="Third"))
    assert first["id"] == second["id"] == posted["id"]
    assert first["version"] != second["version"]


async def test_nulls_are_left_out_of_answers(rest: Rest, at: str) -> None:
    sent = option("n", 4, min_value=None, choices=[], name_localizations=None)
    made = await rest.post(at, slash(options=[sent]))
    assert made["options"] == [option("n", 4, choices=[])]


async def test_commands_of_a_guild_are_its_own(sandbox: Sandbox, rest: Rest, at: str) -> None:
    guild = at.replace("/commands", f"/guilds/{sandbox.world.guild.id}/commands")
    made = await rest.post(guild, slash("here"))
    assert made["guild_id"] == sandbox.world.guild.id
    assert await rest.get(at) == []
    assert (await rest("DELETE", f"{guild}/{made['id']}")).status == 204
    assert (await rest("GET", f"{guild}/{made['id']}")).code == 10063


WRONG: list[tuple[dict[str, Any], str]] = [
    (slash("Room"), "0.name"),
    (slash("a b"), "0.name"),
    (slash("x" * 33), "0.name"),
    (slash(description=""), "0.description"),
    (slash(description="x" * 101), "0.description"),
    (slash(options=[option(f"o{n}") for n in range(26)]), "0.options"),
    (slash(options=[option(description="x" * 101)]), "0.options.0.description"),
    (slash(options=[option(), option()]), "0.options.1.name"),
    (slash(options=[option(), option("b", required=True)]), "0.options.1.required"),
    (slash(options=[option(choices=[{"name": "x" * 101, "value": "a"}])]), "0.options.0.choices.0.name"),
    (slash(options=[option(choices=[{"name": "x", "value": "a"}], autocomplete=True)]), "0.options.0.autocomplete"),
    (slash(options=[option(description="y" * 90) | {"name": f"o{n}"} for n in range(2)]) | {"options": [
        option(f"g{n}", 2, options=[option(f"s{k}", 1, description="y" * 100) for k in range(25)]) for n in range(4)
    ]}, "0"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "path"), WRONG)
async def test_a_wrong_command_is_refused_with_the_path_to_its_fault(
    rest: Rest, at: str, command: dict[str, Any], path: str
) -> None:
    refused = await rest("PUT", at, [command])
    assert (refused.code, set(refused.faults)) == (50035, {path})
    assert await rest.get(at) == []


async def test_a_hundred_commands_are_the_most(rest: Rest, at: str) -> None:
    assert (await rest("PUT", at, [slash(f"c{n}") for n in range(100)])).status == 200
    assert (await rest("POST", at, slash("one-more"))).code == 30032


async def test_the_intents_given_show_in_the_applications_flags(sandbox: Sandbox, rest: Rest) -> None:
    given = await rest.get("/applications/@me")
    sandbox.world.privileged = 0
    taken = await rest.get("/oauth2/applications/@me")
    assert given["flags"] & (1 << 19 | 1 << 15 | 1 << 13)
    assert not taken["flags"] & (1 << 19 | 1 << 15 | 1 << 13)


async def test_guilds_members_and_roles_are_listed(sandbox: Sandbox, rest: Rest) -> None:
    guild = f"/guilds/{sandbox.world.guild.id}"
    assert (await rest.get(f"{guild}?with_counts=1"))["approximate_member_count"] == 5
    members = await rest.get(f"{guild}/members?limit=3")
    rest_of = await rest.get(f"{guild}/members?limit=3&after={members[-1]['user']['id']}")
    assert len({m["user"]["id"] for m in [*members, *rest_of]}) == 5
    assert await rest.get(f"{guild}/members?after={max(int(m['user']['id']) for m in rest_of)}") == []
    [kim] = await rest.get(f"{guild}/members/search?query=ki")
    assert await rest.get(f"{guild}/members/{kim['user']['id']}") == kim
    assert {role["name"] for role in await rest.get(f"{guild}/roles")} == {"@everyone", "Hosts", "Rooms"}
    [own] = await rest.get("/users/@me/guilds?with_counts=true")
    assert await rest.get(f"/users/@me/guilds?after={own['id']}") == []
    assert (await rest.get(f"{guild}/threads/active"))["threads"] == []
    assert len(await rest.get(f"{guild}/channels")) == 4
    assert (await rest.get("/users/@me"))["id"] == sandbox.world.bot_id


async def test_application_emojis_come_and_go(sandbox: Sandbox, rest: Rest) -> None:
    at = f"/applications/{sandbox.world.bot_id}/emojis"
    assert (await rest("POST", at, {"name": "plato", "image": "data:image/png;base64,AAAA"})).faults.keys() == {"image"}
    assert await rest.get(at) == {"items": []}
    assert (await rest("GET", f"{at}/1")).code == 10014
