"""What the tests of models share."""

from collections.abc import AsyncIterator

import pytest

from rooms_bot.agents.litellm import close_clients

LITELLMS_OWN = ("ignore:Accessing the .* on the instance is deprecated", "ignore:Item .* `ReadOnly` qualifier")
"""Warnings that LiteLLM's code causes and silences when it is imported; pytest sets filters anew for each test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for warning in LITELLMS_OWN:
            item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture
async def connections_closed() -> AsyncIterator[None]:
    """LiteLLM's connections, kept for the whole process, do not outlive the test's event loop."""
    yield
    await close_clients()
