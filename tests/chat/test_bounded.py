"""What is remembered of channels, messages and entries has an end."""

from types import SimpleNamespace
from typing import Any, cast

import discord

from rooms_bot.chat import audit, budget, panels
from rooms_bot.chat.audit import Audit
from rooms_bot.chat.budget import WINDOW, Budget
from rooms_bot.chat.panels import Panels
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.talk import Phase
from rooms_bot.engine.servers import Servers
from rooms_bot.ports import GuildSettings
from rooms_bot.store.ram import RamStore
from tests.engine.fakes import TurnedClock

THEO = Member(id=1, name="Theo")


async def test_channels_in_which_nothing_is_posted_are_forgotten() -> None:
    clock = TurnedClock()
    posts = Budget(25, clock)
    for channel in range(budget.MOST):
        await posts.take(channel)
    posts.refused(5, 10_000, full=True)
    clock.advance(WINDOW)
    await posts.take(7)
    await posts.take(budget.MOST)
    assert set(posts._windows) == {5, 7, budget.MOST}
    assert posts.delay(5) > WINDOW


async def test_only_the_newest_panels_are_remembered() -> None:
    shown = Panels(cast(Any, None), cast(Any, None), Budget(25, TurnedClock()), str)
    room = cast(Any, SimpleNamespace(phase=Phase.LIVE))
    for message in range(panels.MOST):
        shown.shows(message, discord.ui.LayoutView(), room)
    shown.shows(0, discord.ui.LayoutView(), room)
    shown.shows(panels.MOST, discord.ui.LayoutView(), room)
    assert 0 in shown._shown
    assert 1 not in shown._shown
    assert len(shown._shown) == len(shown._phases) == panels.MOST


async def test_a_log_channel_that_takes_nothing_keeps_no_more_than_so_much_waiting() -> None:
    clock, servers = TurnedClock(), Servers(RamStore())
    await servers.save(GuildSettings(guild=9, log_channel=3))
    log = Audit(cast(Any, None), lambda: servers, Budget(1, clock), clock)
    log._open = True
    log._posting.add(9)  # whoever posts waits for Discord
    for number in range(audit.MOST + 10):
        log.did(9, THEO, f"did {number}")
    assert len(log._waiting[9]) == audit.MOST
    assert f"did {audit.MOST - 1}" in log._waiting[9][-1].text
