"""What the tests of models share."""

from collections.abc import AsyncIterator

import pytest

from rooms_bot.agents.litellm import close_clients


@pytest.fixture
async def connections_closed() -> AsyncIterator[None]:
    """LiteLLM's connections, kept for the whole process, do not outlive the test's event loop."""
    yield
    await close_clients()
