"""What has to hold once a fault is over, whatever it was: each turn stands in the channel once, and the bot answers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Event, Failed, Greeted, Spoken
from tests.wire.channel import Channel

STANDS = "Bread"
"""The topic of these rooms, which `/room status` names."""


async def well(lounge: Channel, bot: RoomsBot) -> list[Event]:
    """The room's events, which have all that stands in the channel and each of it once; the next command works."""
    assert STANDS in await lounge.do("room status")
    events = [event async for event in bot.house.room(int(lounge.id)).events()]
    assert told(events) == standing(lounge)
    return events


def told(events: Iterable[Event]) -> list[int]:
    """The messages that these events know of, in the order of their ids; no turn is told of twice."""
    spoken = [event.what for event in events if isinstance(event.what, Spoken | Failed)]
    turns = Counter(what.turn for what in spoken)
    assert not [turn for turn, times in turns.items() if times > 1]
    greeted = [event.what for event in events if isinstance(event.what, Greeted)]
    return sorted(post for what in (*spoken, *greeted) for post in what.posts)


def standing(lounge: Channel) -> list[int]:
    """The messages of agents that stand in the channel, in the order of their ids."""
    return sorted(int(message["id"]) for message in [*lounge.posts(), *lounge.greetings()])


def notices(lounge: Channel, name: str) -> Sequence[str]:
    """What was said in small letters about this agent."""
    return [message["content"] for message in lounge.messages() if message["content"].startswith(f"-# {name} ")]
