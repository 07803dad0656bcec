"""/settings: what admins decide, in a panel of Discord's own selects and forms: on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat import settings_panel
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.rooms import Limits
from rooms_bot.ports import GuildSettings
from rooms_bot.sandbox.admins import Admin as Owner
from rooms_bot.sandbox.components import walk
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.models.moderation_server import ModerationServer, flagging
from tests.wire.channel import Channel, bot_in
from tests.wire.places import gateway


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[RoomsBot]:
    async with bot_in(sandbox, tmp_path, rooms_moderation_model="omni-moderation-latest") as running:
        yield running


class Admin(Channel):
    """Somebody with the panel open."""

    def settings(self, bot: RoomsBot) -> GuildSettings:
        return bot.house.servers.of(int(self.people.guild["id"]))

    async def open(self) -> None:
        reply = await self.ask("settings change")
        assert reply.message is not None
        self.panel = reply.message["id"]

    @property
    def shown(self) -> dict[str, Any]:
        return next(message for message in self.messages() if message["id"] == self.panel)

    @property
    def words(self) -> str:
        return "\n".join(part["content"] for _, part in walk(self.shown["components"]) if part["type"] == 10)

    def part(self, custom: str) -> dict[str, Any]:
        return next(part for _, part in walk(self.shown["components"]) if part.get("custom_id") == custom)

    async def choose(self, custom: str, *values: str) -> Reply:
        reply = await self.people.press(self.user, self.panel, custom, values)
        settled = await reply.settled(15)
        assert settled.kind != "failed", settled.error
        return settled

    async def fill(self, button: str, **fields: str) -> Reply:
        reply = await self.choose(button)
        assert reply.modal is not None
        typed = {name.replace("_", "."): value for name, value in fields.items()}
        return await (await self.people.submit(self.user, reply.modal, typed)).settled(15)


@pytest.fixture
async def admin(sandbox: Sandbox, bot: RoomsBot) -> Admin:
    del bot
    made = Admin(sandbox)
    await made.open()
    return made


def role(sandbox: Sandbox, name: str = "Crew", permissions: int = 0) -> str:
    """A role of the sandbox's server with nothing but these permissions."""
    guild = sandbox.world.guild
    number = str(int(guild.id) + 1000 + len(guild.roles))
    everyone = next(iter(guild.roles.values()))
    guild.roles[number] = everyone | {"id": number, "name": name, "permissions": str(permissions), "position": 1}
    return number


async def test_roles_and_channels_are_chosen_and_shown_as_chosen(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    crew, library = role(sandbox), Channel(sandbox, channel="library")
    for field in ("host_role", "member_role", "muted_role"):
        await admin.choose(field, crew)
        assert getattr(admin.settings(bot), field) == int(crew)
        assert admin.part(field)["default_values"] == [{"id": crew, "type": "role"}]
        await admin.choose(field)
        assert getattr(admin.settings(bot), field) is None
    await admin.choose("channels", admin.id, library.id)
    assert admin.settings(bot).channels == (int(admin.id), int(library.id))
    await admin.choose("log_channel", library.id)
    assert admin.settings(bot).log_channel == int(library.id)
    assert f"**Log channel**: <#{library.id}>." in admin.words
    assert f"**Rooms may be opened**: in <#{admin.id}>, <#{library.id}>." in await admin.do("settings show")


async def test_a_log_channel_that_the_bot_may_not_write_to_is_refused(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    library = Channel(sandbox, channel="library")
    owner = Owner(sandbox.world, admin.user)
    await gateway(
        bot, "guild_channel_update", lambda: owner.forbid(library.id, sandbox.world.bot_id, Can.SEND_MESSAGES)
    )
    told = (await admin.choose("log_channel", library.id)).message
    assert told is not None
    assert "The bot needs View Channel, Send Messages and Attach Files in" in told["content"]
    assert admin.settings(bot).log_channel is None


async def test_budgets_and_words_are_typed_and_what_cannot_be_is_refused(bot: RoomsBot, admin: Admin) -> None:
    amounts = {"day_tokens": "1,000,000", "day_dollars": "2,50", "month_tokens": "", "month_dollars": "$40"}
    await admin.fill("server", **amounts)
    assert admin.settings(bot).day == Limits(tokens=1_000_000, dollars=2.5)
    assert admin.settings(bot).month == Limits(dollars=40)
    await admin.fill("members", member_tokens="20 000", member_dollars="0")
    assert admin.settings(bot).member == Limits(tokens=20_000)
    assert "20,000 tokens" in admin.words
    await admin.fill("words", words="Darn\n\ngosh*\nDarn")
    assert admin.settings(bot).blocked_words == ("Darn", "gosh*")
    refused = await admin.fill("words", words="a*b*c*d*e")
    assert refused.message is not None
    assert "at most 2" in refused.message["content"]
    for wrong in ("many", "-1", "nan", "1e99"):
        refused = await admin.fill("members", member_tokens=wrong, member_dollars="")
        assert refused.message is not None
        assert "number" in refused.message["content"]
    assert admin.settings(bot).member == Limits(tokens=20_000)
    assert admin.settings(bot).blocked_words == ("Darn", "gosh*")


async def test_budgets_are_typed_and_told_as_the_language_has_them(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    sandbox.people.speaks(admin.user, "de")
    await admin.fill("server", day_tokens="500.000", day_dollars="1.234,5", month_tokens="1.000", month_dollars="0,50")
    assert admin.settings(bot).day == Limits(tokens=500_000, dollars=1234.5)
    assert admin.settings(bot).month == Limits(tokens=1000, dollars=0.5)
    assert "500.000 Token" in admin.words
    assert "1.234,50 $" in admin.words
    form = (await admin.choose("server")).modal
    assert form is not None
    assert [one["component"]["value"] for one in form["components"]] == ["500000", "1234,5", "1000", "0,5"]
    refused = await admin.fill("server", day_dollars="1.234")
    assert refused.message is not None
    assert "1234" in refused.message["content"]
    assert admin.settings(bot).day.dollars == 1234.5


async def test_what_another_admin_changed_while_a_form_was_open_stands(bot: RoomsBot, admin: Admin) -> None:
    guild = int(admin.people.guild["id"])
    await bot.house.servers.change(guild, blocked_words=("darn", "gosh"), day=Limits(tokens=500))
    words, budgets, late = [(await admin.choose(name)).modal for name in ("words", "server", "server")]
    assert words is not None
    assert budgets is not None
    assert late is not None
    await bot.house.servers.change(guild, blocked_words=("gosh", "heck"), day=Limits(tokens=900))
    await admin.people.submit(admin.user, words, {"words": "darn\nphew"})
    assert admin.settings(bot).blocked_words == ("heck", "phew")
    await admin.people.submit(admin.user, budgets, {"month.tokens": "7"})
    assert (admin.settings(bot).day, admin.settings(bot).month) == (Limits(tokens=900), Limits(tokens=7))
    refused = (await (await admin.people.submit(admin.user, late, {"day.tokens": "1"})).settled(15)).message
    assert refused is not None
    assert "Somebody else has changed this" in refused["content"]


async def test_moderation_is_switched_on_where_the_operator_names_a_model(
    bot: RoomsBot, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not admin.settings(bot).moderated
    await admin.choose("moderated")
    assert admin.settings(bot).moderated
    assert "**Moderation model**: on." in admin.words
    async with ModerationServer(flagging("never")) as server:
        monkeypatch.setenv("OPENAI_API_BASE", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        await admin.do("room start", topic="Bread", agents="Ada", mode="round_robin", turns=1, pace=0)
        await admin.until_posts(1)
        assert len(server.asked) >= 1


async def test_without_a_model_moderation_cannot_be_switched_on(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        admin = Admin(sandbox)
        await admin.open()
        assert admin.part("moderated")["disabled"]
        assert "the bot's operator names none" in admin.words


async def test_only_who_manages_the_server_sees_or_changes_anything(sandbox: Sandbox, bot: RoomsBot) -> None:
    sam = Channel(sandbox, "Sam")
    for command in ("settings show", "settings change", "settings hosts"):
        assert "Manage Server" in await sam.do(command)
    refused = await sam.do("settings bots", channel=sam.id, webhook="1234567890123456789")
    assert "Manage Server" in refused
    assert bot.house.servers.of(int(sam.people.guild["id"])) == GuildSettings(guild=int(sam.people.guild["id"]))


async def test_who_may_no_longer_manage_the_server_changes_nothing_with_a_panel_that_is_open(
    sandbox: Sandbox, bot: RoomsBot
) -> None:
    sam, crew = Admin(sandbox, "Sam"), role(sandbox, permissions=int(Can.MANAGE_GUILD))
    member = sandbox.world.guild.members[sam.user]
    member["roles"] = [crew]
    await sam.open()
    member["roles"] = []
    reply = await sam.people.press(sam.user, sam.panel, "host_role", [crew])
    settled = await reply.settled(15)
    assert settled.message is not None
    assert "Manage Server" in settled.message["content"]
    assert sam.settings(bot).host_role is None


async def test_bots_and_webhooks_are_allowed_by_channel(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    number, own = "1234567890123456789", str(sandbox.world.bot_id)
    said = await admin.do("settings bots", channel=admin.id, webhook=number)
    assert said == f"<@{number}> is heard in <#{admin.id}>."
    assert admin.settings(bot).heard_bots == {int(admin.id): (int(number),)}
    assert "is a person" in await admin.do("settings bots", channel=admin.id, bot=Channel(sandbox, "Sam").user)
    assert "never hear" in await admin.do("settings bots", channel=admin.id, bot=own)
    assert "either" in await admin.do("settings bots", channel=admin.id)
    assert "is a number" in await admin.do("settings bots", channel=admin.id, webhook="x" * 18)
    await admin.do("settings bots", channel=admin.id, webhook=number, allow=False)
    assert admin.settings(bot).heard_bots == {}


async def test_a_panel_that_is_over_says_so(sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch) -> None:
    del bot
    monkeypatch.setattr(settings_panel, "OPEN_FOR", 0.1)
    admin = Admin(sandbox)
    await admin.open()
    await admin.until(lambda: "This is closed now." in admin.words)
    assert not [part for _, part in walk(admin.shown["components"]) if part.get("custom_id")]
