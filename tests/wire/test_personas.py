"""A server's own personas, by command and in forms, on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.engine.shelf import MOST
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.server import Sandbox
from tests.personas.cards import coded, picture, text, v2
from tests.wire.channel import Channel, bot_in

TYPED = {"name": "Bela", "role": "beekeeper", "expertise": "bees, honey", "prompt": "You are Bela."}
FILE = b"---\nname: Bela\nrole: beekeeper\nstance: against\nexpertise: [bees, honey]\n---\nYou are Bela."
OFFLINE = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The operator's persona folder."""
    made = tmp_path / "personas"
    made.mkdir()
    (made / "zoltan.md").write_text("---\nname: Zoltan\nrole: sound engineer\n---\nYou are Zoltan, and this is secret.")
    return made


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path, folder: Path) -> AsyncIterator[RoomsBot]:
    models: dict[str, Any] = {"rooms_model": "offline", "rooms_models": ("openai/other",)}
    async with bot_in(sandbox, tmp_path, rooms_personas_dir=folder, **models) as running:
        yield running


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def form(lounge: Channel, command: str, **options: Any) -> dict[str, Any]:
    """The form that a command opens."""
    reply = await lounge.people.command(lounge.user, lounge.id, command, options)
    assert reply.kind == "modal", reply
    assert reply.modal is not None
    return reply.modal


def fields(modal: dict[str, Any]) -> list[dict[str, Any]]:
    return [label["component"] for label in modal["components"]]


async def submit(lounge: Channel, modal: dict[str, Any], **filled: Any) -> Reply:
    sent = await lounge.people.submit(lounge.user, modal, filled)
    settled = await sent.settled(15)
    assert settled.kind != "failed", settled.error
    return settled


async def create(lounge: Channel, **filled: Any) -> str:
    reply = await submit(lounge, await form(lounge, "persona create"), **(TYPED | filled))
    assert reply.message is not None
    return str(reply.message["content"])


async def contents(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


# Making them


async def test_a_persona_is_typed_into_a_form_of_five_fields_and_then_takes_a_seat(
    lounge: Channel, sandbox: Sandbox
) -> None:
    modal = await form(lounge, "persona create")
    assert [label["label"] for label in modal["components"]] == ["Name", "Role", "Expertise", "Prompt", "Avatar"]
    assert [one["custom_id"] for one in fields(modal)] == ["name", "role", "expertise", "prompt", "avatar"]
    assert [one["type"] for one in fields(modal)] == [4, 4, 4, 4, 19]
    face = picture(pixels=3)
    reply = await submit(lounge, modal, **TYPED, avatar=[("bela.png", face)])
    assert reply.message is not None
    assert reply.message["content"] == "**Bela** can be invited: `/agent invite`."
    assert reply.message["flags"] & 64
    shown = await lounge.do("persona show", name="bela")
    for words in ("**Bela** (this server's own), beekeeper", "bees, honey", "without a model", "13 characters"):
        assert words in shown
    await lounge.do("room start", topic="Bread", agents="Bela", **OFFLINE)
    [post] = await lounge.until_posts(1)
    assert post["author"]["username"] == "Bela"
    [emoji] = sandbox.world.emojis
    assert sandbox.world.files[f"emojis/{emoji}"].data == face


async def test_what_was_typed_wrong_comes_back_as_a_file_and_in_a_form(lounge: Channel) -> None:
    reply = await submit(
        lounge, await form(lounge, "persona create"), **(TYPED | {"name": "system"}), avatar=[("b.png", picture())]
    )
    assert reply.message is not None
    assert "`name` must not be “system”" in reply.message["content"]
    [file] = reply.message["attachments"]
    assert file["filename"] == "persona.md"
    assert "name: system" in (written := (await contents(file["url"])).decode())
    assert "You are Bela." in written
    again = await lounge.press(reply.message, "Edit again")
    assert again.modal is not None
    assert [one.get("value") for one in fields(again.modal)] == [
        "system",
        "beekeeper",
        "bees, honey",
        "You are Bela.",
        None,
    ]
    done = await submit(lounge, again.modal, name="Bela")
    assert done.message is not None
    assert "can be invited" in done.message["content"]
    export = await lounge.ask("persona export", name="Bela")
    assert export.message is not None
    assert [one["filename"] for one in export.message["attachments"]] == ["bela.md", "bela.png"]


@pytest.mark.parametrize(
    ("file", "part"),
    [(("a.txt", b"<svg/>"), "must be a PNG, JPEG"), (("a.png", picture(pixels=520)), "256 at most")],
)
async def test_an_avatar_that_cannot_be_a_face_is_refused(lounge: Channel, file: tuple[str, bytes], part: str) -> None:
    reply = await submit(lounge, await form(lounge, "persona create"), **TYPED, avatar=[file])
    assert reply.message is not None
    assert part in reply.message["content"]
    assert "gets a generated one" in reply.message["content"]
    assert "no persona of that name" in await lounge.do("persona show", name="Bela")
    again = await lounge.press(reply.message, "Edit again")
    assert again.modal is not None
    done = await submit(lounge, again.modal)
    assert done.message is not None
    assert "can be invited" in done.message["content"]


async def test_a_form_is_for_hosts_also_when_it_is_sent(lounge: Channel, sandbox: Sandbox, bot: RoomsBot) -> None:
    sam = Channel(sandbox, "Sam")
    for command, options in (("create", {}), ("edit", {"name": "Zoltan"}), ("delete", {"name": "x"})):
        assert "Only hosts" in await sam.do(f"persona {command}", **options)
    assert "Only hosts" in await sam.do("persona import", file=("bela.md", FILE))
    modal = await form(lounge, "persona create")
    sent = await sam.people.submit(sam.user, modal, TYPED)
    answer = (await sent.settled(15)).message
    assert answer is not None
    assert "Only hosts" in answer["content"]
    assert bot.furniture.shelf.own(int(sandbox.world.guild.id)) == []


# Changing them


async def test_a_persona_is_changed_in_a_form_that_keeps_what_it_does_not_show(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("persona import", file=("bela.md", FILE), avatar=("b.gif", b"GIF89a"))
    modal = await form(lounge, "persona edit", name="bela")
    assert modal["title"] == "Edit Bela"
    assert [one.get("value") for one in fields(modal)][:4] == list(TYPED.values())
    await submit(lounge, modal, name="Belinda", role="")
    [one] = bot.furniture.shelf.own(_guild(lounge))
    assert (one.name, one.role, one.stance, one.expertise) == ("Belinda", "", "against", ("bees", "honey"))
    assert one.avatar is not None
    assert "not this server's own" in await lounge.do("persona edit", name="Zoltan")
    assert "no persona of its own" in await lounge.do("persona edit", name="Bela")


def _guild(lounge: Channel) -> int:
    return int(lounge.people.guild["id"])


async def test_a_prompt_that_no_form_holds_is_edited_as_a_file_and_never_cut(lounge: Channel, bot: RoomsBot) -> None:
    long = FILE + b" Bees." * 1000
    await lounge.do("persona import", file=("bela.md", long))
    refused = await lounge.do("persona edit", name="Bela")
    assert "`/persona export`" in refused
    assert "`/persona import`" in refused
    export = await lounge.ask("persona export", name="Bela")
    assert export.message is not None
    written = await contents(export.message["attachments"][0]["url"])
    changed = written.replace(b"beekeeper", b"beekeeper and poet")
    assert "is changed" in await lounge.do("persona import", file=("bela.md", changed))
    [one] = bot.furniture.shelf.own(_guild(lounge))
    assert one.role == "beekeeper and poet"
    assert one.prompt == "You are Bela." + " Bees." * 1000


async def test_a_name_is_one_personas_in_any_case_and_may_be_that_of_an_operators(
    lounge: Channel, bot: RoomsBot
) -> None:
    await create(lounge)
    assert "has a persona called Bela already" in await create(lounge, name="BELA")
    await create(lounge, name="zoltan", role="imposter")
    told = await lounge.do("persona list")
    assert "- **zoltan** (this server's own, in place of another), imposter" in told
    assert "sound engineer" not in told
    assert "- **Ada**" in told
    assert "2 personas of its own" in told
    modal = await form(lounge, "persona edit", name="zoltan")
    again = await submit(lounge, modal, name="Bela")
    assert again.message is not None
    assert "already" in again.message["content"]
    await lounge.do("persona delete", name="zoltan")
    assert "sound engineer" in await lounge.do("persona show", name="Zoltan")
    offered = await lounge.people.autocomplete(lounge.user, lounge.id, "persona edit", {"name": ""}, "name")
    assert [one["value"] for one in offered] == ["Bela"]
    everyone = await lounge.people.autocomplete(lounge.user, lounge.id, "persona show", {"name": "zol"}, "name")
    assert [one["value"] for one in everyone] == ["Zoltan"]
    assert len(bot.furniture.shelf.own(_guild(lounge))) == 1


async def test_a_deleted_persona_keeps_its_seat_and_its_image_goes_with_it(lounge: Channel, bot: RoomsBot) -> None:
    await create(lounge, avatar=[("b.png", picture())])
    await lounge.do("room start", topic="Bread", agents="Bela", **OFFLINE)
    [one] = bot.furniture.shelf.own(_guild(lounge))
    assert await bot.furniture.shelf.image(one) == picture()
    assert "where it sits, it stays" in await lounge.do("persona delete", name="Bela")
    assert await bot.furniture.shelf.image(one) is None
    assert [seat.name for seat in bot.house.room(int(lounge.id)).state.seats.values()] == ["Bela"]
    assert "no persona called" in await lounge.do("agent invite", persona="Bela")


async def test_a_server_has_only_so_many_personas_of_its_own(lounge: Channel, bot: RoomsBot) -> None:
    await create(lounge)
    [one] = bot.furniture.shelf.own(_guild(lounge))
    for number in range(MOST - 1):
        await bot.furniture.shelf.save(_guild(lounge), one.model_copy(update={"name": f"Bela {number}"}))
    assert "50 personas of its own" in await create(lounge, name="One too many")
    assert "is changed" in await lounge.do("persona import", file=("bela.md", FILE))
    assert "more lines" in await lounge.do("persona list")


async def test_personas_survive_a_restart(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        await create(Channel(sandbox), avatar=[("b.png", picture())])
    async with bot_in(sandbox, tmp_path):
        assert "beekeeper" in await Channel(sandbox).do("persona show", name="Bela")


# Files


@pytest.mark.parametrize(
    ("name", "raw"),
    [("card.json", coded(v2())), ("card.png", picture(text(v2()))), ("card.txt", coded(v2()["data"]))],
)
async def test_a_character_card_becomes_a_persona(lounge: Channel, bot: RoomsBot, name: str, raw: bytes) -> None:
    told = await lounge.do("persona import", file=(name, raw))
    assert told.startswith("**Bela** can be invited")
    assert "the other greetings, the instructions after" in told
    [one] = bot.furniture.shelf.own(_guild(lounge))
    assert one.greeting == "Good day, everyone."
    assert (one.avatar is not None) == name.endswith(".png")
    assert one.model is None


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"name: x", "the first line must be ---"),
        (b"---\nname: Bela\ntemperature: hot\n---\nx", "Line 3: `temperature` must be a number"),
        (b"{", "no JSON"),
        (b"x" * (8 * 1024 * 1024 + 1), "8192 at most"),
    ],
)
async def test_a_file_that_is_no_persona_is_refused(lounge: Channel, raw: bytes, part: str) -> None:
    assert part in await lounge.do("persona import", file=("x.md", raw))


async def test_a_member_chooses_no_model_but_those_allowed_and_no_file(lounge: Channel, bot: RoomsBot) -> None:
    for model, kept in (("openai/other", "openai/other"), ("openai/gpt-5", None), ("python/evil.py:run", None)):
        raw = FILE.replace(b"role", f"model: {model}\navatar: /etc/passwd\nrole".encode())
        told = await lounge.do("persona import", file=("bela.md", raw))
        [one] = bot.furniture.shelf.own(_guild(lounge))
        assert (one.model, one.avatar) == (kept, None)
        assert ("model is left out" in told) == (kept is None)


async def test_only_a_servers_own_are_handed_out_and_their_faces_with_them(lounge: Channel) -> None:
    await lounge.do("persona import", file=("bela.md", FILE), avatar=("b.gif", b"GIF89a"))
    export = await lounge.ask("persona export", name="Bela")
    assert export.message is not None
    text_file, image = export.message["attachments"]
    assert image["filename"] == "bela.gif"
    assert await contents(image["url"]) == b"GIF89a"
    assert b"avatar: bela.gif" in await contents(text_file["url"])
    for command in ("export", "edit", "delete"):
        assert "not this server's own" in await lounge.do(f"persona {command}", name="Zoltan")
    assert "secret" not in await lounge.do("persona show", name="Zoltan")


async def test_the_operators_folder_is_read_anew_and_faulty_files_named_without_their_place(
    lounge: Channel, sandbox: Sandbox, folder: Path
) -> None:
    assert await lounge.do("persona reload") == "All personas are as they were."
    (folder / "kata.md").write_text("---\nname: Kata\n---\nYou are Kata.")
    (folder / "zoltan.md").write_text("---\nname: Zoltan\nrole: poet\n---\nYou are Zoltan.")
    (folder / "bad.md").write_text("---\nname: Bad\ntemperature: hot\n---\n")
    told = await lounge.do("persona reload")
    assert "New: Kata." in told
    assert "Changed: Zoltan." in told
    assert "- bad.md, line 3" in told
    assert str(folder) not in told
    assert "poet" in await lounge.do("persona show", name="zoltan")
    (folder / "kata.md").unlink()
    assert "Gone: Kata." in await lounge.do("persona reload")
    assert "Manage Server" in await Channel(sandbox, "Sam").do("persona reload")


# Instructions


async def test_the_orchestrators_instructions_are_changed_in_a_form(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", **OFFLINE)
    modal = await form(lounge, "orchestrator instructions")
    reply = await submit(lounge, modal, instructions="Speak of rye.")
    assert reply.message is not None
    assert "Instructions: Speak of rye." in reply.message["content"]
    again = await form(lounge, "orchestrator instructions")
    assert [one["value"] for one in fields(again)] == ["Speak of rye."]
    await lounge.do("room stop")
    late = await submit(lounge, again, instructions="Speak of wheat.")
    assert late.message is not None
    assert "over" in late.message["content"]
    [file] = late.message["attachments"]
    assert await contents(file["url"]) == b"Speak of wheat."
    assert bot.house.room(int(lounge.id)).state.moderator.instructions == "Speak of rye."


async def test_a_form_of_instructions_is_for_the_room_it_was_opened_for(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", **OFFLINE)
    late = await form(lounge, "orchestrator instructions")
    await lounge.do("room stop")
    await lounge.do("room start", topic="Bread", agents="Ada", **OFFLINE)
    refused = await submit(lounge, late, instructions="Speak of rye.")
    assert refused.message is not None
    assert "over" in refused.message["content"]
    assert bot.house.room(int(lounge.id)).state.moderator.instructions == ""


# What others did meanwhile


async def test_a_form_does_not_bring_back_what_was_deleted_meanwhile(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("persona import", file=("bela.md", FILE))
    modal = await form(lounge, "persona edit", name="Bela")
    await lounge.do("persona delete", name="Bela")
    reply = await submit(lounge, modal, role="cook")
    assert reply.message is not None
    assert "was deleted or renamed" in reply.message["content"]
    assert len(reply.message["attachments"]) == 1
    assert not reply.message["components"]
    assert bot.furniture.shelf.own(_guild(lounge)) == []


async def test_a_form_changes_only_what_was_typed_and_leaves_what_others_changed(
    lounge: Channel, bot: RoomsBot
) -> None:
    await lounge.do("persona import", file=("bela.md", FILE))
    modal, second = [await form(lounge, "persona edit", name="Bela") for _ in range(2)]
    other = FILE.replace(b"stance: against", b"stance: for\ngreeting: Hello.").replace(b"You are", b"You may be")
    await lounge.do("persona import", file=("bela.md", other))
    await submit(lounge, modal, role="cook")
    [one] = bot.furniture.shelf.own(_guild(lounge))
    assert (one.role, one.stance, one.greeting, one.prompt) == ("cook", "for", "Hello.", "You may be Bela.")
    reply = await submit(lounge, second, prompt="You are not Bela.")
    assert reply.message is not None
    assert "Somebody else has changed this" in reply.message["content"]
    assert bot.furniture.shelf.own(_guild(lounge)) == [one]


# What goes wrong, and what is written down


async def test_what_was_typed_comes_back_also_after_a_fault_of_the_bots(
    lounge: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no disk")

    modal = await form(lounge, "persona create")
    with monkeypatch.context() as patched:
        patched.setattr(bot.furniture.store, "save_persona", broken)
        reply = await submit(lounge, modal, **TYPED)
    assert reply.message is not None
    assert reply.message["content"].startswith("Something went wrong")
    assert b"You are Bela." in await contents(reply.message["attachments"][0]["url"])
    again = await lounge.press(reply.message, "Edit again")
    assert again.modal is not None
    done = await submit(lounge, again.modal)
    assert done.message is not None
    assert "can be invited" in done.message["content"]


async def test_what_hosts_do_to_personas_stands_in_the_log_channel(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox
) -> None:
    log = Channel(sandbox, channel=next(one["name"] for one in sandbox.people.channels(lounge.user)[1:]))
    settings = bot.house.servers.of(_guild(lounge))
    await bot.house.servers.save(settings.model_copy(update={"log_channel": int(log.id)}))
    await create(lounge)
    await log.until_told("made the persona **Bela**")
    await lounge.do("persona import", file=("bela.md", FILE))
    await log.until_told("changed the persona **Bela**")
    await lounge.do("persona delete", name="Bela")
    await log.until_told("deleted the persona **Bela**")
    await lounge.do("persona reload")
    await log.until_told("read anew")


async def test_what_everyone_reads_of_an_agent_has_no_blocked_words(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("persona import", file=("darn.md", b"---\nname: Darn\n---\nYou are Darn."))
    await lounge.do("persona import", file=("bela.md", FILE.replace(b"role", b"description: A darn keeper.\nrole")))
    await lounge.do("room start", topic="Bread", agents="Ada", **OFFLINE)
    await bot.house.servers.change(_guild(lounge), blocked_words=("darn",))
    for persona in ("Darn", "Bela"):
        assert "does not allow" in await lounge.do("agent configure", agent="Ada", persona=persona)
        assert "does not allow" in await lounge.do("agent invite", persona=persona)
    assert "does not allow" in await lounge.do("agent configure", agent="Ada", stance="darn it")
    assert "does not allow" in await lounge.do("agent invite", persona="Kenji", stance="darn it")
    assert "does not allow" in await lounge.do("room configure", language="darn")
    assert "does not allow" in await lounge.do("profile set", name="Darn")
    [ada] = bot.house.room(int(lounge.id)).state.seats.values()
    assert (ada.name, ada.stance) == ("Ada", None)
    assert "does not allow" in await lounge.do("persona import", file=("x.md", FILE.replace(b"against", b"darn")))
