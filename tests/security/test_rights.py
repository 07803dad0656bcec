"""Every command, menu and button, for everybody, in every kind of channel: who may not is told so, and nothing is done.

A new command, menu or button without a line in `rights` fails here.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.buttons import LABELS
from rooms_bot.domain.rooms import Member
from rooms_bot.errors import RoomsError
from rooms_bot.sandbox import entities
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.server import Sandbox
from tests.security.hand import Hand, menus, paths
from tests.security.rights import (
    ANYWHERE,
    BUTTONS,
    COMMANDS,
    DIRECT,
    FEW,
    HOST,
    MEMBER,
    MENUS,
    PEOPLE,
    REFUSALS,
    ROLES,
)
from tests.wire.channel import Channel, bot_in, words
from tests.wire.places import at

FUTURE = "2999-01-01T00:00:00+00:00"
KINDS = ("text", "thread", "post", "announcements", "direct")
WITH_ROOMS = ("text", "thread", "post")
PLAIN = ("end", "keep", "more", "discard")
"""Buttons of plain messages and not of a panel."""
RULES: dict[str, Any] = {"topic": "Bread", "agents": "Ada,Kenji", "agents_answer": "people", "pace": 0, "turns": 500}


class Stage:
    """A server with everybody on it, and rooms in all channels that can have one."""

    def __init__(self, sandbox: Sandbox, bot: RoomsBot) -> None:
        self.sandbox, self.bot, self.world = sandbox, bot, sandbox.world
        self.roles = {name: self.world.add_role(self.world.guild, name, can) for name, can in ROLES.items()}
        self.people = {name: self._person(name, held) for name, (held, _) in PEOPLE.items()}
        self.channels: dict[str, str] = {}
        self.outcome, self.done = "", asyncio.Event()
        self._watch()

    def _person(self, name: str, held: tuple[str, ...]) -> str:
        if name == "the owner":
            return self.sandbox.people.named("You")
        made = self.world.add_user(name)
        member = self.world.add_member(self.world.guild, made, *(self.roles[role] for role in held))
        if "timeout" in name:
            member["communication_disabled_until"] = FUTURE
        return str(made["id"])

    async def set(self) -> None:
        roles = {name: int(role["id"]) for name, role in self.roles.items()}
        wanted = {"member_role": roles["crew"], "muted_role": roles["silenced"], "host_role": roles["helpers"]}
        await self.bot.house.servers.change(int(self.world.guild.id), introduced=True, **wanted)
        lounge = Channel(self.sandbox)
        self.channels["text"] = lounge.id
        await lounge.do("room start", **RULES)
        self.channels["thread"] = await self._opened(lounge, thread=True)
        ideas = next(one["id"] for one in self.world.channels.values() if one["type"] == entities.FORUM)
        self.channels["post"] = await self._opened(lounge, forum=ideas)
        self.channels["announcements"] = Channel(self.sandbox, channel="news").id

    async def _opened(self, lounge: Channel, **where: Any) -> str:
        told = await lounge.do("room start", **RULES, **where)
        found = re.search(r"<#(\d+)>", told)
        assert found, told
        return found[1]

    def channel(self, kind: str, person: str) -> str:
        if kind == "direct":
            return str(self.world.direct_channel(self.world.users[person])["id"])
        return self.channels[kind]

    async def reopened(self, kind: str) -> None:
        """The room of this channel, which somebody may have ended or had forgotten."""
        there = at(self.sandbox, self.channels[kind])
        if all(room.over or room.state.opened.place.channel != int(there.id) for room in self.bot.house.rooms()):
            await there.do("room start", **RULES)

    # What came of a press

    def _watch(self) -> None:
        """A press may be answered by a mere change of the panel: what it ended with is noted instead."""
        presses, pressed = self.bot.furniture.presses, self.bot.pressed
        for act, press in list(presses.items()):
            presses[act] = self._noting(press)

        async def noted(interaction: Any, act: str, room: int) -> None:
            self.outcome = DIRECT[1]
            await pressed(interaction, act, room)
            self.done.set()

        self.bot.pressed = noted  # type: ignore[method-assign] # nothing else of it is changed

    def _noting(self, press: Callable[[Any, int], Awaitable[None]]) -> Callable[[Any, int], Awaitable[None]]:
        async def carried_out(interaction: Any, room: int) -> None:
            self.outcome = "done"
            try:
                await press(interaction, room)
            except RoomsError as error:
                self.outcome = str(error)
                raise

        return carried_out


def verdict(text: str) -> str:
    """What this answer says is lacking; "" where nothing is."""
    if text.startswith(DIRECT):
        return "direct"
    assert "went wrong" not in text, text
    return next((lacks for start, lacks in REFUSALS.items() if text.startswith(start)), "")


def told(reply: Reply) -> str:
    assert reply.kind != "failed", reply.error
    return words(reply.message) if reply.message is not None else ""


async def outcomes(stage: Stage, kind: str, name: str) -> dict[str, tuple[str, str]]:
    """What is lacking, by what was tried; and who may do that."""
    person = stage.people[name]
    channel, found = stage.channel(kind, person), dict[str, tuple[str, str]]()
    for command, (needed, options) in COMMANDS.items():
        if command == "room stop":
            found |= await menu_outcomes(stage, kind, person, channel)
            found |= await button_outcomes(stage, kind, person, channel)
        filled = {key: _filled(stage, value) for key, value in options.items()}
        if kind == "direct":
            reply = await Hand(stage.sandbox, person, channel).command(command, **dict.fromkeys(options, "1"))
        else:
            reply = await stage.sandbox.people.command(person, channel, command, filled)
        found[f"/{command}"] = verdict(told(await reply.settled(15))), needed
    return found


def _filled(stage: Stage, value: Any) -> Any:
    known = {"{lounge}": stage.channels["text"], "{helpers}": stage.roles["helpers"]["id"]}
    return known.get(value, value) if isinstance(value, str) else value


async def menu_outcomes(stage: Stage, kind: str, person: str, channel: str) -> dict[str, tuple[str, str]]:
    if kind == "announcements":
        return {}  # without a room there, some menus say so first
    owner = stage.people["the owner"] if kind != "direct" else person
    message = stage.sandbox.people.say(owner, channel, "Rye is a grass.")
    found = {}
    for menu, needed in MENUS.items():
        reply = await stage.sandbox.people.context(person, channel, menu, message["id"])
        found[menu] = verdict(told(await reply.settled(15))), needed
    return found


async def button_outcomes(stage: Stage, kind: str, person: str, channel: str) -> dict[str, tuple[str, str]]:
    """All of them pressed on one message, as if it had them all."""
    if kind == "announcements":
        return {}
    who, there = (person, channel) if kind in WITH_ROOMS else (stage.people["the owner"], stage.channels["text"])
    number = stage.bot.house.room(int(there)).id
    panel, plain = [await _answer(stage, who, there, command) for command in ("room status", "room why")]
    hand, found = Hand(stage.sandbox, person, channel), dict[str, tuple[str, str]]()
    for act, needed in BUTTONS.items():
        custom = f"rooms:{act}:{number}"
        shown = json.loads(re.sub(r"rooms:[a-z_]+:\d+", custom, json.dumps(panel), count=1))
        if act in PLAIN:
            button = {"type": 2, "id": 2, "style": 2, "label": "?", "custom_id": custom}
            shown = plain | {"components": [{"type": 1, "id": 1, "components": [button]}]}
        stage.done.clear()
        reply = await hand.press(shown, custom)
        assert reply.kind != "failed", (act, reply.error)
        async with asyncio.timeout(15):
            await stage.done.wait()
        found[act] = verdict(stage.outcome), needed
    return found


async def _answer(stage: Stage, who: str, channel: str, command: str) -> dict[str, Any]:
    message = (await (await stage.sandbox.people.command(who, channel, command)).settled(15)).message
    assert message is not None
    return message


def wrong(kind: str, name: str, found: dict[str, tuple[str, str]]) -> list[str]:
    may = PEOPLE[name][1]
    lines = []
    for what, (lacks, needed) in found.items():
        wanted = "" if needed in may else needed
        if kind == "direct":
            theirs = what == "export" and name == "the owner"  # who opened the room
            wanted = "" if theirs or what.strip("/") in ANYWHERE else "direct"
        if lacks != wanted:
            lines.append(f"{kind}: {name}: {what}: {lacks or 'may'} instead of {wanted or 'may'}")
    return lines


async def deeds(stage: Stage, name: str) -> list[str]:
    """What the rooms have recorded that this person did."""
    found, person = list[str](), int(stage.people[name])
    for room in stage.bot.house.rooms():
        async for event in room.events():
            by = getattr(event.what, "by", None)
            found += [event.what.kind] if isinstance(by, Member) and by.id == person else []
    return found


async def faults(stage: Stage, kind: str, name: str) -> list[str]:
    """What is otherwise than the table says for this person in this kind of channel."""
    guild = int(stage.world.guild.id)
    settings, own = stage.bot.house.servers.of(guild), stage.bot.furniture.shelf.own(guild)
    lines = wrong(kind, name, await outcomes(stage, kind, name))
    may = PEOPLE[name][1]
    if may.isdisjoint({HOST, MEMBER}) and (done := await deeds(stage, name)):
        lines.append(f"{kind}: {name} did {done}")
    if HOST not in may and stage.bot.furniture.shelf.own(guild) != own:
        lines.append(f"{kind}: {name} changed personas")
    if stage.bot.house.servers.of(guild) != settings:
        lines.append(f"{kind}: {name} changed settings")
    if kind in WITH_ROOMS:
        await stage.reopened(kind)
    return lines


@asynccontextmanager
async def staged(sandbox: Sandbox, folder: Path) -> AsyncIterator[Stage]:
    async with bot_in(sandbox, folder) as bot:
        stage = Stage(sandbox, bot)
        await stage.set()
        yield stage


@pytest.fixture
async def stage(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(sandbox, tmp_path) as made:
        yield made


async def test_every_command_menu_and_button_has_a_line_in_the_table(sandbox: Sandbox, bot: RoomsBot) -> None:
    del bot
    known = [*sandbox.world.commands[None].values()]
    assert set(paths(known)) == set(COMMANDS)
    assert set(menus(known)) == set(MENUS)
    assert set(LABELS) == set(BUTTONS)


async def test_in_a_channel_everybody_may_what_the_table_says_and_no_more(stage: Stage) -> None:
    assert [line for name in PEOPLE for line in await faults(stage, "text", name)] == []


async def test_elsewhere_too(stage: Stage) -> None:
    """The whole product takes long, see below."""
    assert [line for kind in ("thread", "direct") for name in FEW for line in await faults(stage, kind, name)] == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_in_every_kind_of_channel_for_everybody(stage: Stage, kind: str) -> None:
    assert [line for name in PEOPLE for line in await faults(stage, kind, name)] == []


async def test_commands_are_installed_on_servers_and_not_on_accounts(bot: RoomsBot) -> None:
    """Left to the portal's settings, whoever adds the app to their account has them everywhere."""
    made = [command.to_dict(bot.tree) for command in bot.tree.walk_commands() if command.parent is None]
    made += [menu.to_dict(bot.tree) for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]
    assert {tuple(one["integration_types"]) for one in made} == {(0,)}
    assert {one["name"] for one in made if one.get("contexts") != [0]} == ANYWHERE
