"""What tests of threads, forums and losses share: finding them, and waiting until the bot has been told."""

from collections.abc import Awaitable, Callable
from typing import Any

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Closed
from rooms_bot.sandbox import entities, threads
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel

Wire = dict[str, Any]
QUICK: dict[str, Any] = {"agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}


def at(sandbox: Sandbox, channel_id: str, name: str = "You") -> Channel:
    """A person's view of a thread, or of any channel whose id is known."""
    there = Channel(sandbox, name, channel="library")
    there.id = channel_id
    return there


def direct(sandbox: Sandbox, name: str = "You") -> Channel:
    """A person's direct messages with the bot."""
    who = sandbox.world.users[sandbox.people.named(name)]
    return at(sandbox, sandbox.world.direct_channel(who)["id"], name)


def newest(sandbox: Sandbox) -> Wire:
    """The thread that was opened last."""
    return [one for one in sandbox.world.channels.values() if one["type"] in entities.THREADS][-1]


def bot_role(sandbox: Sandbox) -> Wire:
    return next(role for role in sandbox.world.guild.roles.values() if role.get("tags", {}).get("bot_id"))


def closed(bot: RoomsBot, there: Channel) -> Closed:
    """How the room of this channel ended."""
    end = bot.house.room(int(there.id)).state.closed
    assert end is not None
    return end


async def gateway(
    bot: RoomsBot, event: str, act: Callable[[], Any], press: Callable[[], Awaitable[Any]] | None = None
) -> None:
    """Do it and wait until the bot has been told."""
    told = bot.wait_for(event, timeout=10)
    act()
    if press is not None:
        await press()
    await told


async def start_thread(
    sandbox: Sandbox, bot: RoomsBot, parent: Wire, *, private: bool = False, joined: bool = True
) -> Wire:
    """A thread that You opened, which the bot knows of where it may."""
    news, forum = parent["type"] == entities.NEWS, parent["type"] in entities.FORUMS
    kind = entities.NEWS_THREAD if news else entities.PRIVATE_THREAD if private else entities.PUBLIC_THREAD
    you = sandbox.world.users[sandbox.people.named("You")]
    visible = joined or not private
    known = bot.wait_for("thread_join" if private else "thread_create", timeout=10) if visible else None
    thread = threads.start(sandbox.world, parent, you, {"name": "aside"}, kind=kind)
    if joined:
        threads.join(sandbox.world, thread, sandbox.world.bot_id)
    if forum:
        thread.setdefault("applied_tags", [])
    if known is not None:
        await known
    return thread


class Asked(list[Exchange]):
    """What the bot asks of Discord from now on; it is still held to Discord's description."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._before, sandbox.observe = sandbox.observe, self._hear

    def _hear(self, exchange: Exchange) -> None:
        self.append(exchange)
        if self._before is not None:
            self._before(exchange)

    def refused(self) -> list[Exchange]:
        return [one for one in self if one.status in (401, 403, 404)]
