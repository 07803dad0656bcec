"""A long conversation: a model that never says the same twice, and its exports read again."""

import csv
import io
import itertools
import json
import re
from collections.abc import Mapping

from rooms_bot.domain.events import Event
from rooms_bot.domain.fold import fold
from rooms_bot.domain.state import RoomState
from tests.models.openai_server import Asked, OpenAIServer

TURNS = 60
AGENTS = "Ada,Kenji,Leilani,Noor,Yusuf"


def talkative() -> OpenAIServer:
    """A model whose every answer is another one, now and then to somebody, and a PASS once in a while."""
    count = itertools.count(1)

    def answer(asked: Asked) -> str:
        number = next(count)
        if number % 17 == 0:
            return "PASS"
        to = "@Noor, " if number % 11 == 0 else ""
        return f"{to}point {number}: {len(asked['messages'])} messages, and = 1 + 1, or “so”."

    return OpenAIServer(answer)


def read_again(files: Mapping[str, str]) -> RoomState:
    """The room as its JSON export tells it; the other two tell the same words."""
    room = fold([Event.model_validate(one) for one in json.loads(files["json"])["events"]])
    said = [line.text for line in room.lines]
    rows = csv.DictReader(io.StringIO(files["csv"], newline=""))
    kinds = ("heard", "said", "summarised", "greeted")
    assert [row["text"].removeprefix("'") for row in rows if row["kind"] in kinds] == said
    quoted = re.findall(r"^> ?(.*)$", files["markdown"], re.MULTILINE)
    for number in re.findall(r"point \d+", "\n".join(said)):
        assert any(number in line for line in quoted)
    return room
