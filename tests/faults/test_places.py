"""What a room stands on is taken from it in the middle of a turn: webhooks, messages, channels, rights, the server."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rooms_bot.chat import outlet
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Event, Said
from rooms_bot.domain.talk import Phase
from rooms_bot.sandbox import absences, entities
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.engine.conftest import nothing
from tests.faults.afterwards import well
from tests.faults.mind import minded
from tests.faults.table import fault
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in, contents
from tests.wire.places import at, bot_role, direct, gateway, newest
from tests.wire.rest import Rest

RULES = {"agents": "Ada", "mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}
SLOW = pytest.mark.slow
WHOLE = "It rises. And it falls."
WAITS = "The room waits for a word of yours"


@dataclass
class Turn:
    """A room in which Ada has said "One." and is about to say more; with `grows` its first sentence stands there."""

    sandbox: Sandbox
    bot: RoomsBot
    there: Channel
    admin: Admin
    model: Hang

    def answer(self) -> None:
        """The model comes to its end."""
        self.model.released.set()

    @property
    def place(self) -> str:
        return str(self.there.id)

    def take(self, right: Can) -> None:
        """The channel denies it to the bot, which the gateway tells."""
        parent = self.sandbox.world.channels[self.place].get("parent_id")
        thread = self.sandbox.world.channels[self.place]["type"] in entities.THREADS
        self.admin.forbid(str(parent) if thread else self.place, self.sandbox.world.bot_id, right)

    async def goes_on(self) -> list[Event]:
        """The answer stands there once; then somebody speaks, and is answered."""
        self.answer()
        await self.there.until_told(WAITS, 2)
        self.there.say("And then?")
        await self.there.until_told(WAITS, 3)
        events = await well(self.there, self.bot)
        assert sum(isinstance(event.what, Said) for event in events) == 3
        return events

    async def ends(self, because: str, *, home: bool) -> None:
        """The room is over for this reason, which is told once: in the channel, or to who opened it."""
        self.answer()
        room = next(one for one in self.bot.house.rooms() if one.state.opened.place.channel == int(self.place))
        while not room.over:
            await room.do(nothing)
        await room.do(nothing)
        assert room.state.closed is not None
        assert room.state.closed.because == because
        told = direct(self.sandbox) if home else self.there
        await told.until(lambda: [one for one in told.messages() if because in one["content"]])
        assert len([one for one in told.messages() if because in one["content"]]) == 1
        assert home or direct(self.sandbox).messages() == []

    async def others_go_on(self) -> None:
        """A new room can be opened elsewhere."""
        library = Channel(self.sandbox, channel="library")
        await library.do("room start", topic="Bread", **RULES)
        await library.until_told(WAITS)
        await well(library, self.bot)


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    own = [record for record in caplog.records if record.name.startswith(("rooms_bot", "discord"))]
    assert not [record for record in own if record.levelno >= logging.ERROR]


@asynccontextmanager
async def mid_turn(
    sandbox: Sandbox,
    folder: Path,
    *,
    grows: bool = False,
    thread: bool = False,
    name: str = "You",
) -> AsyncIterator[Turn]:
    slow = Hang(text="It rises. " if grows else "", then="And it falls." if grows else WHOLE)
    mind = minded(folder, "One.", slow, "Three.")
    async with bot_in(sandbox, folder, **mind) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", thread=thread, **RULES)
        there = at(sandbox, newest(sandbox)["id"], name) if thread else Channel(sandbox, name)
        await there.until_told(WAITS)
        typing = bot.wait_for("message", check=lambda message: message.content == "Go on.", timeout=10)
        there.say("Go on.")
        await typing
        if grows:
            await there.until(lambda: "It rises." in contents(there.posts()))
        else:
            await until_thinking(bot, there)
        yield Turn(sandbox, bot, at(sandbox, there.id), Admin(sandbox.world, sandbox.people.named("You")), slow)


async def until_thinking(bot: RoomsBot, there: Channel) -> None:
    room = bot.house.room(int(there.id))
    while room.state.current is None:
        await room.do(nothing)


# Webhooks


@fault("Places and permissions", "the webhook is deleted before an answer is posted", "nothing: there is a new one")
async def test_a_deleted_webhook_is_made_anew(sandbox: Sandbox, tmp_path: Path, rest: Rest) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        (hook,) = await rest.get(f"/channels/{turn.place}/webhooks")
        await rest("DELETE", f"/webhooks/{hook['id']}")
        await turn.goes_on()
        (made,) = await rest.get(f"/channels/{turn.place}/webhooks")
        assert made["id"] != hook["id"]


@pytest.mark.parametrize(
    ("moderates", "stands"),
    [
        pytest.param(
            True,
            [WHOLE],
            marks=fault(
                "Places and permissions", "the webhook is deleted while an answer grows", "the answer anew, whole"
            ),
        ),
        pytest.param(
            False,
            ["It rises.", "And it falls."],
            marks=fault(
                "Places and permissions",
                "the same, and the bot may not delete messages",
                "what stood there stays, and the rest follows in a second message",
            ),
        ),
    ],
)
async def test_an_answer_outlives_its_webhook(
    sandbox: Sandbox, tmp_path: Path, moderates: bool, stands: list[str]
) -> None:
    for role in sandbox.world.guild.roles.values():
        others = int(role["permissions"]) & ~int(Can.MANAGE_MESSAGES | Can.ADMINISTRATOR)
        role["permissions"] = str(others | int(Can.MANAGE_MESSAGES) * moderates)
    async with mid_turn(sandbox, tmp_path, grows=True) as turn:
        sandbox.world.webhooks.clear()
        await turn.goes_on()
        assert contents(turn.there.posts()) == ["One.", *stands, "Three."]


@SLOW
@fault("Places and permissions", "the webhook has another token all of a sudden", "nothing")
async def test_a_webhook_with_another_token_is_found_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        (hook,) = sandbox.world.webhooks.values()
        hook["token"] = "another"
        await turn.goes_on()
        assert [*sandbox.world.webhooks.values()] == [hook]


@fault(
    "Places and permissions",
    "the webhook is deleted, and the channel has 15 of other people's by then",
    "a notice: the room is over, since the channel has 15 webhooks",
)
async def test_where_no_webhook_is_free_the_room_ends(sandbox: Sandbox, tmp_path: Path, rest: Rest) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        sandbox.world.webhooks.clear()
        for number in range(15):
            await rest.webhook(turn.place, f"Feed {number}")
        for hook in sandbox.world.webhooks.values():
            hook["user"], hook["application_id"] = sandbox.world.users[turn.there.user], None
        await turn.ends("the channel has 15 webhooks already, which is all that Discord allows", home=False)
        await turn.others_go_on()


# Messages and people


@fault(
    "Places and permissions",
    "a message is deleted while it grows",
    "it stays away; a line says that the agent was interrupted",
)
async def test_a_message_that_is_deleted_while_it_grows_stays_away(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path, grows=True) as turn:
        sandbox.people.delete(turn.there.user, turn.there.posts()[-1]["id"])
        turn.answer()
        await turn.there.until_told("was interrupted: what it had begun to say was deleted")
        await turn.there.until_told(WAITS, 2)
        turn.there.say("And then?")
        await turn.there.until_told(WAITS, 3)
        assert contents(turn.there.posts()) == ["One.", "Three."]
        await well(turn.there, turn.bot)


@SLOW
@fault("Places and permissions", "the member who asked leaves the server before the answer", "the answer all the same")
async def test_who_asked_may_be_gone_before_the_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    world = sandbox.world
    async with mid_turn(sandbox, tmp_path, name="Sam") as turn:
        sam = sandbox.people.named("Sam")
        member = world.guild.members.pop(sam)
        gone = {"guild_id": world.guild.id, "user": member["user"]}
        world.emit("GUILD_MEMBER_REMOVE", lambda _: gone, guild=world.guild.id)
        await turn.goes_on()


# Channels and threads


@pytest.mark.parametrize(
    "grows",
    [
        pytest.param(
            False,
            marks=[
                SLOW,
                fault(
                    "Places and permissions",
                    "the channel is deleted in the middle of a turn",
                    "a direct message to who opened the room, with the export",
                ),
            ],
        ),
        pytest.param(
            True,
            marks=fault(
                "Places and permissions",
                "the channel is deleted while an answer grows",
                "a direct message to who opened the room, with the export",
            ),
        ),
    ],
)
async def test_a_deleted_channel_ends_its_room(sandbox: Sandbox, tmp_path: Path, grows: bool) -> None:
    async with mid_turn(sandbox, tmp_path, grows=grows) as turn:
        turn.admin.delete(turn.place)
        await turn.ends("the channel is gone", home=True)
        await turn.others_go_on()


@SLOW
@fault(
    "Places and permissions",
    "the thread is deleted in the middle of a turn",
    "a direct message to who opened the room, with the export",
)
async def test_a_deleted_thread_ends_its_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path, thread=True) as turn:
        turn.admin.delete(turn.place)
        await turn.ends("the thread is gone", home=True)
        await turn.others_go_on()


@pytest.mark.parametrize(
    "grows",
    [
        pytest.param(
            False,
            marks=[
                SLOW,
                fault("Places and permissions", "the thread is archived in the middle of a turn", "it opens again"),
            ],
        ),
        pytest.param(
            True,
            marks=fault("Places and permissions", "the thread is archived while an answer grows", "it opens again"),
        ),
    ],
)
async def test_an_archived_thread_opens_again(sandbox: Sandbox, tmp_path: Path, grows: bool) -> None:
    async with mid_turn(sandbox, tmp_path, thread=True, grows=grows) as turn:
        await gateway(turn.bot, "raw_thread_update", lambda: turn.admin.archive(turn.place))
        await turn.goes_on()
        assert not sandbox.world.channels[turn.place]["thread_metadata"]["archived"]


@SLOW
@fault(
    "Places and permissions",
    "the thread is locked in the middle of a turn",
    "a direct message to who opened the room, with the export",
)
async def test_a_locked_thread_ends_its_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path, thread=True) as turn:
        turn.admin.lock(turn.place, archived=True)
        await turn.ends("the thread is locked", home=True)
        await turn.others_go_on()


@SLOW
@fault(
    "Places and permissions",
    "the channel becomes an announcement channel in the middle of a turn",
    "a notice: the room is over, since agents do not speak in those",
)
async def test_an_announcement_channel_ends_its_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        turn.admin.convert(turn.place, entities.NEWS)
        await turn.ends("it is an announcement channel now, and agents do not speak in those", home=False)
        await turn.others_go_on()


# Permissions

LACKS = "it lacks the permission"


@pytest.mark.parametrize(
    ("right", "because", "thread"),
    [
        pytest.param(
            Can.MANAGE_WEBHOOKS,
            f"the bot may not manage webhooks there any more: {LACKS} Manage Webhooks",
            False,
            marks=fault(
                "Places and permissions",
                "Manage Webhooks is taken from the bot in the middle of a turn",
                "a notice: the room is over, since the bot lacks that permission",
            ),
        ),
        pytest.param(
            Can.SEND_MESSAGES,
            f"the bot may not write there any more: {LACKS} Send Messages",
            False,
            marks=fault(
                "Places and permissions",
                "Send Messages is taken from the bot in the middle of a turn",
                "a direct message to who opened the room, with the reason",
            ),
        ),
        pytest.param(
            Can.VIEW_CHANNEL,
            f"the bot may not see the channel any more: {LACKS} View Channel",
            False,
            marks=[
                SLOW,
                fault(
                    "Places and permissions",
                    "View Channel is taken from the bot in the middle of a turn",
                    "a direct message to who opened the room, with the reason",
                ),
            ],
        ),
        pytest.param(
            Can.SEND_MESSAGES_IN_THREADS,
            f"the bot may not write there any more: {LACKS} Send Messages in Threads",
            True,
            marks=fault(
                "Places and permissions",
                "Send Messages in Threads is taken from the bot in the middle of a turn",
                "a direct message to who opened the room, with the reason",
            ),
        ),
    ],
)
async def test_a_right_that_is_taken_ends_the_room_with_its_name(
    sandbox: Sandbox, tmp_path: Path, right: Can, because: str, thread: bool
) -> None:
    async with mid_turn(sandbox, tmp_path, thread=thread) as turn:
        await gateway(turn.bot, "guild_channel_update", lambda: turn.take(right))
        await turn.ends(because, home=right != Can.MANAGE_WEBHOOKS)
        await turn.others_go_on()


@SLOW
@fault("Places and permissions", "Read Message History is taken from the bot in the middle of a turn", "nothing")
async def test_without_the_history_the_room_goes_on(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        await gateway(turn.bot, "guild_channel_update", lambda: turn.take(Can.READ_MESSAGE_HISTORY))
        await turn.goes_on()


@fault(
    "Places and permissions",
    "a permission is given back to the bot, by which a room had ended",
    "Continue under the last notice lets the room go on",
)
async def test_a_room_goes_on_where_the_right_is_given_back(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        await gateway(turn.bot, "guild_channel_update", lambda: turn.take(Can.MANAGE_WEBHOOKS))
        turn.answer()
        over = await turn.there.until_told("This room is over")
        await gateway(turn.bot, "guild_channel_update", lambda: turn.take(Can(0)))
        await turn.there.press(over, "Continue")
        await turn.there.until_posts(2)
        await turn.there.until_told(WAITS, 2)
        await well(turn.there, turn.bot)


@SLOW
@fault(
    "Places and permissions",
    "a role of the bot's loses all its permissions in the middle of a turn",
    "a direct message to who opened the room, with the reason",
)
async def test_a_bot_without_any_right_ends_its_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        everyone = sandbox.world.guild.roles[sandbox.world.guild.id]
        everyone["permissions"] = str(int(Can.READ_MESSAGE_HISTORY))
        await gateway(turn.bot, "guild_role_update", lambda: turn.admin.grant(bot_role(sandbox)["id"], 0))
        await turn.ends(f"the bot may not see the channel any more: {LACKS} View Channel", home=True)


# Servers


@fault("Places and permissions", "the bot is removed from the server in the middle of a turn", "nothing more is said")
async def test_a_removed_bot_ends_its_rooms(sandbox: Sandbox, tmp_path: Path) -> None:
    async with mid_turn(sandbox, tmp_path) as turn:
        (room,) = turn.bot.house.rooms()
        await gateway(turn.bot, "guild_remove", turn.admin.remove_bot)
        turn.answer()
        await room.do(nothing)
        assert room.state.closed is not None
        assert room.state.closed.because == "the bot was removed from the server"
        assert contents(turn.there.posts()) == ["One."]
        assert turn.bot.is_ready() or turn.bot.ws.open


@fault(
    "Places and permissions",
    "the server has an outage in the middle of a turn",
    "the answer comes when it is over, once",
)
async def test_an_outage_is_waited_out(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "AWAY", 0.05)
    world = sandbox.world
    async with mid_turn(sandbox, tmp_path) as turn:
        await gateway(turn.bot, "guild_unavailable", lambda: absences.fail(world, world.guild))
        room = turn.bot.house.room(int(turn.place))
        turn.answer()
        await room.do(nothing)
        assert room.state.phase is Phase.LIVE
        assert contents(turn.there.posts()) == ["One."]
        await gateway(turn.bot, "guild_available", lambda: absences.restore(world, world.guild))
        await turn.goes_on()
