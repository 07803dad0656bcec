"""What was left standing when the bot was restarted, or for too long, is answered with a sentence: on the wire."""

from pathlib import Path
from typing import Any

from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in, labels, words


async def told(reply: Reply) -> dict[str, Any]:
    """The one answer that only who pressed sees."""
    settled = await reply.settled(15)
    assert settled.message is not None, settled
    assert settled.message["flags"] & 64
    return settled.message


async def test_what_is_handled_is_answered_once(sandbox: Sandbox, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, pace=0)
        panel = await lounge.until(lambda: next((one for one in lounge.messages() if "Join" in labels(one)), None))
        assert "does not work" not in words(await told(await lounge.press(panel, "Join")))
        form = (await lounge.people.command(lounge.user, lounge.id, "orchestrator instructions", {})).modal
        assert form is not None
        sent = await told(await lounge.people.submit(lounge.user, form, {"instructions": "Rye."}))
        assert "Instructions: Rye." in words(sent)
        assert "does not work" not in str([words(one) for one in lounge.messages()])
