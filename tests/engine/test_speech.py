"""An answer that stands in the channel while it grows: from then on nobody cuts in, and what breaks off is told."""

import asyncio
from collections.abc import AsyncGenerator

from rooms_bot.domain.events import Deleted, Failed, Passed, Usage
from rooms_bot.domain.fold import fold
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.room import Room
from rooms_bot.errors import AgentUnreachable
from rooms_bot.export.survey import Survey
from rooms_bot.ports import Request
from tests.engine.conftest import SAM, THEO, Stage, all_events, kinds, nothing
from tests.engine.fakes import Page, names, saying


class Slow:
    """An agent that begins to speak, and goes on once it is released; or then breaks off."""

    def __init__(self, *, breaks: bool = False, end: str = "Then that.") -> None:
        self.begun, self.release, self.breaks, self.end = asyncio.Event(), asyncio.Event(), breaks, end

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        yield "First this. "
        self.begun.set()
        await self.release.wait()
        if self.breaks:
            raise AgentUnreachable("the line is dead")
        yield self.end


async def test_once_an_answer_stands_in_the_channel_nobody_cuts_in(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, turns=2)
    page.streams = True
    await slow.begun.wait()
    stage.hear("@Bob?", SAM)
    await room.do(nothing)
    assert room.state.standing
    slow.release.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]
    await page.told("closed")
    assert kinds(await all_events(room))[3:9] == ["displayed", "planned", "posting", "heard", "generated", "said"]


async def test_before_that_a_person_comes_first(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, turns=2)
    await slow.begun.wait()
    stage.hear("@Bob?", SAM)
    slow.release.set()
    assert names(await page.next(2)) == ["Bob", "Ada"]
    assert room.state.standing == ()


async def test_what_breaks_off_counts_as_failed_and_agents_know_what_people_could_read(stage: Stage) -> None:
    slow = Slow(breaks=True)
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, turns=2)
    page.streams = True
    await slow.begun.wait()
    slow.release.set()
    failed = (await page.told("failed")).what
    assert isinstance(failed, Failed)
    assert failed.text == "First this.  (cut off)"
    assert failed.posts
    await page.next(1)
    assert stage.cast.sent == ["Ada: First this.  (cut off)"]
    assert room.state.failures == {1: 1}


async def test_an_answer_that_people_read_already_is_finished_where_the_room_is_paused(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, turns=2)
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    await room.do(ask.pause(THEO))
    slow.release.set()
    assert await page.next(1) == ["Ada: First this. Then that."]
    await page.told("paused")
    assert (room.state.phase, page.withdrawn) == ("paused", 0)
    await room.do(ask.resume(THEO))
    assert names(await page.next(1)) == ["Bob"]


async def test_what_stands_is_withdrawn_where_the_room_is_stopped(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow}, turns=1)
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    await room.do(ask.stop(THEO))
    await page.told("closed")
    assert (room.state.standing, page.withdrawn) == ((), 1)
    state = fold(await all_events(room))
    assert state.lines == []


async def test_who_is_to_speak_next_waits_for_an_answer_that_people_read_already(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, turns=2)
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    await room.do(seating.force("Bob", THEO))
    slow.release.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]


async def test_a_message_that_is_deleted_is_not_answered_any_more(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow, "Bob": saying("b")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada?", SAM, source=900)
    await slow.begun.wait()
    stage.house.deleted(77, 900)
    await room.do(nothing)
    slow.release.set()
    assert room.state.asked_by_members == []
    assert room.state.current is None or room.state.current.answers != 900


# What people think of it meanwhile


async def growing(stage: Stage, slow: Slow) -> tuple[Room, Page, int]:
    """A room whose only answer stands in part, in this message."""
    room, page = await stage.open({"Ada": slow}, turns=1)
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    (post,) = room.state.standing
    return room, page, post


async def test_an_answer_is_rated_while_it_grows(stage: Stage) -> None:
    slow = Slow()
    room, page, post = await growing(stage, slow)
    for rating in (ask.rate(post, SAM, 1), ask.rate(post, THEO, -1), ask.unrate(post, -1, THEO.id)):
        await room.do(rating)
    slow.release.set()
    await page.told("closed")
    assert room.state.ratings[room.state.lines[-1].sources[0]] == {SAM.id: 1}
    assert fold(await all_events(room)).ratings == room.state.ratings


async def test_what_is_thought_of_a_beginning_is_thought_of_the_whole_that_takes_its_place(stage: Stage) -> None:
    slow = Slow(end="@Sam, you?")
    room, page, post = await growing(stage, slow)
    await room.do(ask.come(SAM))
    await room.do(ask.rate(post, SAM, 1))
    slow.release.set()
    await page.next(1)
    await room.do(nothing)
    (last,) = room.state.lines[-1].sources
    assert last != post
    assert room.state.ratings == {last: {SAM.id: 1}}
    survey = Survey()
    for event in await all_events(room):
        survey.take(event)
    assert survey.rated((last,)) == (1, 0)


async def test_a_host_who_strikes_what_still_grows_takes_the_turn_with_it(stage: Stage) -> None:
    room, page, post = await growing(stage, Slow())
    await room.do(ask.strike(post, THEO))
    await page.told("closed")
    (passed,) = [event.what for event in await all_events(room) if isinstance(event.what, Passed)]
    assert passed.by == THEO
    assert (page.withdrawn, room.state.lines, room.state.standing) == (1, [], ())


async def test_only_what_agents_said_is_struck_and_it_is_known_by_whom(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, human_every=1)
    await page.next(1)
    stage.hear("mine", SAM, source=71)
    await page.next(1)
    for source in (71, 999, page.post_ids[0], page.post_ids[0]):
        await room.do(ask.strike(source, THEO))
    gone = [event.what for event in await all_events(room) if isinstance(event.what, Deleted)]
    assert gone == [Deleted(source=page.post_ids[0], by=THEO)]
