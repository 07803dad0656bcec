"""An agent that somebody could take for a person is called otherwise as soon as that person shows."""

from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands
from tests.engine.conftest import SAM, THEO, Stage
from tests.engine.fakes import saying

IMPOSTOR = Member(id=3, name="Аda")  # a Cyrillic А


async def test_who_speaks_and_looks_like_an_agent_changes_its_name_once(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("forms"), "Kenji": saying("more")}, human_every=1)
    await page.told("waiting")
    stage.cast.agents["Ada (agent)"] = saying("better forms")
    stage.hear("@Ada, why?", IMPOSTOR)
    stage.hear("@Ada, really?", IMPOSTOR)
    assert await page.next(2) == ["Ada: forms", "Ada (agent): better forms"]
    assert [seat.name for seat in room.state.seats.values()] == ["Ada (agent)", "Kenji"]
    changed = [event.what for event in page.notices if event.what.kind == "configured"]
    assert [(one.was, one.by) for one in changed if one.kind == "configured"] == [("Ada", None)]


async def test_who_joins_does_so_too_also_where_the_mark_itself_is_taken(stage: Stage) -> None:
    room, _ = await stage.open({"Ada": saying("forms")}, human_every=1)
    await room.do(commands.come(SAM))
    assert room.state.seats[1].name == "Ada"
    await room.do(commands.come(IMPOSTOR))
    await room.do(commands.come(Member(id=4, name="ada (Agent)")))
    assert room.state.seats[1].name == "Ada (agent) 2"
    await room.do(commands.come(Member(id=5, name="Moderatоr")))  # a Cyrillic о
    assert room.state.moderator.name == "Moderator (agent)"


async def test_an_answer_from_before_can_still_be_asked_for_anew(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("forms")}, human_every=1)
    await page.told("waiting")
    [line] = room.state.lines
    stage.cast.agents["Ada (agent)"] = saying("better forms")
    await room.do(commands.come(IMPOSTOR))
    await room.do(commands.regenerate(line.sources[0], THEO))
    assert await page.next(2) == ["Ada: forms", "Ada (agent): better forms"]
