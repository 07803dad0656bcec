"""What the documentation says of menus and reactions is what the bot has."""

from discord.app_commands import ContextMenu

from cogs.reactions import OPINIONS, STRIKE
from tests.docs.pages import marked, page, table
from tools.commands import tree


async def test_the_menus_are_those_the_bot_registers() -> None:
    there = [one.name for one in (await tree()).get_commands() if isinstance(one, ContextMenu)]
    told = [name for row in table(page("docs/menus.md"), "menu") for name in marked(row[0])]
    assert sorted(told) == sorted(there)


def test_the_reactions_are_those_the_bot_understands() -> None:
    told = [sign for row in table(page("docs/menus.md"), "reaction") for sign in row[0].split()]
    assert sorted(told) == sorted([STRIKE, *OPINIONS])
