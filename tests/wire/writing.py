"""An outlet in the sandbox's lounge, written through directly: the real client, with a clock that the test turns."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.budget import Budget
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.guard import Guard
from rooms_bot.chat.members import Members
from rooms_bot.chat.outlet import ChannelOutlet
from rooms_bot.chat.speech import AT_ONCE, EVERY, ChannelSpeech
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.domain.events import Came, Event, Happening, Joined, Opened, Planned, Why
from rooms_bot.domain.fold import fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.ports import GuildSettings, Uttered
from rooms_bot.sandbox import posts
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import Channel, Wire, bot_in

ADA = Seat(id=1, name="Ada", persona=Persona(name="Ada"))
POST = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
EDIT = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
LONG = 30.0
"""Seconds that what waits for Discord may take: discord.py's own pauses are real ones."""


@dataclass
class Writing:
    """`outlet` writes into the room of `room`, which is in `lounge`; `stood` is what it told of beginnings."""

    sandbox: Sandbox
    bot: RoomsBot
    outlet: ChannelOutlet
    lounge: Channel
    place: Place
    clock: TurnedClock
    budget: Budget
    settings: GuildSettings
    stood: list[tuple[int, ...]] = field(default_factory=list)
    opened: datetime = field(default_factory=lambda: datetime.now(UTC))

    def room(self, **config: Any) -> RoomState:
        rules = RoomConfig.model_validate({"topic": "Bread"} | config)
        moderator = Seat(id=0, name="Moderator", persona=Persona(name="Moderator"))
        theo = Member(id=int(self.lounge.user), name="You")
        opened: tuple[Happening, ...] = (
            Opened(place=self.place, config=rules, moderator=moderator, by=theo),
            Joined(seat=ADA),
            Joined(seat=Seat(id=2, name="Kenji", persona=Persona(name="Kenji"))),
            Came(member=theo),
        )
        return fold(Event(index=at, at=self.opened, what=what) for at, what in enumerate(opened))

    def speech(
        self, planned: Planned | None = None, left: Sequence[Uttered] = (), **config: Any
    ) -> AbstractAsyncContextManager[ChannelSpeech]:
        turn = planned or Planned(turn=0, seat=1, why=Why.MODE)
        return self.outlet.speech(ADA, turn, self.room(**config), self.stood.append, left=left)

    def standing(self) -> list[str]:
        """What the agents' messages say now."""
        return [message["content"] for message in self.lounge.messages() if message.get("webhook_id")]

    async def until(self, seen: Callable[[], Any]) -> Any:
        return await self.lounge.until(seen, LONG)

    def people_delete(self, message: Wire) -> None:
        """As a moderator does."""
        posts.delete(self.sandbox.world, self.sandbox.world.find_message(self.lounge.id, message["id"]))

    async def begin(self, speech: ChannelSpeech, text: str, shown: str) -> Wire:
        """Let the answer grow to `text` and wait until its first words stand there."""
        speech.grow(text)
        await self.clock.until_asleep(AT_ONCE)
        self.clock.advance(AT_ONCE)
        await self.until(lambda: self.standing()[-1:] == [shown])
        await self.clock.until_asleep(EVERY)
        return self.lounge.messages()[-1]

    async def go_on(self, speech: ChannelSpeech, text: str) -> None:
        """Let it grow further, and come to the next look at it; whatever comes of that is done on return."""
        speech.grow(text)
        self.clock.advance(EVERY)
        await self.clock.until_asleep(EVERY)


@asynccontextmanager
async def writing(
    sandbox: Sandbox, folder: Path, most: int = 0, place: Callable[[Place], Place] = lambda place: place
) -> AsyncIterator[Writing]:
    """The bot, connected, and an outlet of its own beside its rooms; `most` posts fit into a minute."""
    clock = TurnedClock()
    async with bot_in(sandbox, folder) as bot:
        await _there(bot, sandbox)
        lounge, budget = Channel(sandbox), Budget(most, clock)
        where = place(Place(guild=int(sandbox.world.guild.id), channel=int(lounge.id), parent=int(lounge.id)))
        lounge.id = str(where.channel)
        made: list[Writing] = []
        guard = Guard(lambda _: made[0].settings)
        faces = Faces(bot, bot.furniture.store, sandbox.cdn_url)
        members = Members(bot, clock)
        desk = replace(
            bot.desk,
            webhooks=Webhooks(bot),
            faces=faces,
            budget=budget,
            clock=clock,
            guard=guard,
            members=members,
        )
        bot.traffic.refused = desk.refused
        outlet = ChannelOutlet(desk, where, 1)
        made.append(Writing(sandbox, bot, outlet, lounge, where, clock, budget, GuildSettings(guild=where.guild)))
        yield made[0]


async def _there(bot: RoomsBot, sandbox: Sandbox) -> None:
    """Until the server is there with its channels."""
    async with asyncio.timeout(LONG):
        while (guild := bot.get_guild(int(sandbox.world.guild.id))) is None or guild.unavailable:
            await bot.wait_for("guild_available")
