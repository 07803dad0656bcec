"""What a very small model is helped with."""

from rooms_bot.agents.litellm import LiteLLMAgent, Route
from rooms_bot.agents.small import PARAGRAPH, SmallAgent
from rooms_bot.domain.events import Usage
from rooms_bot.ports import Message, Request
from tests.models.openai_server import OpenAIServer
from tests.models.rooms import seat


async def test_where_it_begins_with_a_blank_line_it_may_go_on_after_it(connections_closed: None) -> None:
    del connections_closed
    async with OpenAIServer(["", "Bread."]) as server:

        async def route(model: str) -> Route:
            return Route(model, api_base=server.base_url, api_key="none")

        request = Request(seat(1, "Ada"), "openai/test", (Message("user", "hi"),), stop=(PARAGRAPH, "\nBob says"))
        pieces = [piece async for piece in SmallAgent(LiteLLMAgent(route)).stream(request)]
        assert "".join(piece for piece in pieces if not isinstance(piece, Usage)) == "Bread."
        assert [asked["stop"] for asked in server.requests] == [[PARAGRAPH, "\nBob says"], ["\nBob says"]]
