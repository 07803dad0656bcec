"""What happens in the channel while the bot's connection is lost, for good or for a moment."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.losses import REMOVED
from rooms_bot.sandbox import absences
from rooms_bot.sandbox.gateway import Gateway
from rooms_bot.sandbox.server import Sandbox
from tests.engine.conftest import nothing
from tests.faults.table import fault
from tests.faults.talking import dialled_at_once, lose, talk
from tests.models.openai_server import Hang
from tests.wire.channel import contents
from tests.wire.scripted import scripted

__all__ = ["dialled_at_once"]
pytestmark = pytest.mark.usefixtures("dialled_at_once")

SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("away", "seen"),
    [
        pytest.param(
            Gateway.drop_all,
            "resumed",
            marks=fault("Discord's gateway", "the connection is lost while an answer grows in the channel", "nothing"),
        ),
        pytest.param(
            lose,
            "connect",
            marks=fault("Discord's gateway", "connection and session are lost while an answer grows", "nothing"),
        ),
    ],
)
async def test_an_answer_grows_on_without_the_gateway(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    away: Callable[[Gateway], Any],
    seen: str,
) -> None:
    hang, end = Hang(asyncio.Event(), "It rises in the dark. ", "Then it falls."), "It is eaten."
    async with (
        scripted(monkeypatch, Ada=("It begins.", hang, end), Kenji="The crust decides.") as model,
        talk(sandbox, tmp_path, "openai/test") as room,
    ):
        room.lounge.say("Before.")
        await room.lounge.until(lambda: any("in the dark" in one for one in contents(room.lounge.posts())))
        back = room.bot.wait_for(seen, timeout=10)
        away(room.gateway)
        room.lounge.say("Meanwhile.")
        await back
        hang.released.set()
        await room.goes_on("Before.", "Meanwhile.")
        assert "It rises in the dark. Then it falls." in contents(room.lounge.posts())
        assert len(model.sent("Ada")) == contents(room.lounge.posts()).count(end) + 2


@fault("Discord's gateway", "while the session is lost a member writes and takes it back", "nothing")
async def test_what_was_deleted_meanwhile_is_never_heard(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        back = room.bot.wait_for("connect", timeout=10)
        lose(room.gateway)
        said = room.lounge.say("Never mind.")
        sandbox.people.delete(room.lounge.user, said["id"])
        room.lounge.say("Meanwhile.")
        await back
        await room.goes_on("Meanwhile.")


@SLOW
@fault(
    "Discord's gateway", "while the session is lost a member writes and corrects it", "the correction is answered late"
)
async def test_what_was_edited_meanwhile_is_heard_as_it_is(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        back = room.bot.wait_for("connect", timeout=10)
        lose(room.gateway)
        said = room.lounge.say("Meanwile.")
        sandbox.people.edit(room.lounge.user, said["id"], "Meanwhile.")
        await back
        await room.goes_on("Meanwhile.")


@fault("Discord's gateway", "while the session is lost the bot is removed from the server", "no more answers")
async def test_a_removal_meanwhile_ends_the_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        held = room.bot.house.room(int(room.lounge.id))
        back = room.bot.wait_for("connect", timeout=10)
        lose(room.gateway)
        absences.remove(sandbox.world, sandbox.world.guild)
        await back
        while not held.over:
            await held.do(nothing)
        assert held.state.closed is not None
        assert held.state.closed.because == REMOVED
        assert not room.bot.is_closed()
