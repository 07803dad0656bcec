"""What people say is heard whole: quick successions of messages, files, second thoughts, wishes to be forgotten."""

from rooms_bot.domain.events import Compacted
from rooms_bot.domain.fold import fold
from rooms_bot.engine import commands as ask
from tests.engine.conftest import CHANNEL, SAM, THEO, Stage, all_events, heard, nothing
from tests.engine.fakes import Held, names, saying


async def test_messages_in_quick_succession_are_answered_once_by_who_has_seen_them_all(stage: Stage) -> None:
    held = Held("I read both")
    _, page = await stage.open({"Ada": held}, agents_answer="people")
    await page.told("waiting")
    stage.hear("one")
    await held.started.wait()
    held.started.clear()
    stage.clock.advance(1)
    stage.hear("two")
    await stage.clock.until_asleep(0.5)
    assert held.dropped == 1
    stage.clock.advance(0.5)
    await held.started.wait()
    assert stage.cast.sent == ["Theo: one", "Theo: two"]
    stage.hear("three")
    held.release.set()
    await page.next(1)
    assert held.dropped == 1


async def test_a_message_that_comes_later_starts_nothing_over(stage: Stage) -> None:
    held = Held()
    _, page = await stage.open({"Ada": held}, agents_answer="people")
    await page.told("waiting")
    stage.hear("one")
    await held.started.wait()
    stage.clock.advance(1.5)
    stage.hear("two")
    held.release.set()
    await page.next(1)
    assert held.dropped == 0


async def test_a_question_to_another_agent_starts_nothing_over(stage: Stage) -> None:
    held = Held("for Theo")
    _, page = await stage.open({"Ada": held, "Bob": saying("for Sam")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada?")
    await held.started.wait()
    stage.hear("@Bob?", SAM)
    held.release.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]
    assert held.dropped == 0


async def test_a_turn_waits_until_attached_files_are_read(stage: Stage) -> None:
    ada = saying("I read it")
    _, page = await stage.open({"Ada": ada}, agents_answer="people")
    await page.told("waiting")
    stage.house.hear(CHANNEL, heard("see here", source=4).model_copy(update={"files": 2}))
    await stage.clock.until_asleep(10)
    stage.house.attached(CHANNEL, 4, "a.txt", "the first")
    stage.house.attached(CHANNEL, 4, "b.txt", "the second")
    await stage.clock.until_asleep(1.5)
    stage.clock.advance(1.5)
    await page.next(1)
    assert stage.house.room(CHANNEL).state.lines[0].files == (("a.txt", "the first"), ("b.txt", "the second"))
    assert ada.requests == 1


async def test_a_file_that_never_comes_is_not_waited_for_longer_than_ten_seconds(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("without it")}, agents_answer="people")
    await page.told("waiting")
    stage.house.hear(CHANNEL, heard("see here").model_copy(update={"files": 1}))
    await stage.clock.until_asleep(10)
    stage.clock.advance(10)
    await page.next(1)


async def test_a_member_is_notified_at_most_once_per_wait(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("@Sam, one?", "@Sam, two?", "@Sam, three?")}, human_every=1)
    await page.told("waiting")
    stage.hear("I am here", SAM)
    await page.told("waiting", 2)
    stage.clock.advance(59)
    await room.do(ask.go_on(THEO))
    await page.told("waiting", 3)
    stage.clock.advance(1)
    await room.do(ask.go_on(THEO))
    await page.told("waiting", 4)
    assert page.pings == [(), (SAM.id,), (), (SAM.id,)]


async def test_what_a_member_said_is_forgotten_with_what_was_made_of_it(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    stage.hear("my secret plan", SAM)
    stage.hear("hello", THEO)
    await page.told("waiting", 2)
    await room.do(lambda _: (Compacted(lines=1, text="Sam has a secret plan"),))
    await stage.house.forget_member(9, SAM.id)
    kept = "\n".join([event.model_dump_json() for event in await all_events(room)])
    assert "secret" not in kept
    assert "Sam" not in kept
    assert "hello" in kept
    assert room.state.transcript.digests == []


async def test_old_lines_are_summed_up_beside_the_floor(stage: Stage) -> None:
    stage.cast.due_lines = 2
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, turns=6)
    await page.told("closed")
    while not room.state.transcript.digests:
        await room.do(nothing)
    (digest,) = room.state.transcript.digests
    assert (digest.lines, digest.text) == (2, "digest of ['a', 'b']")


async def test_a_digest_of_words_that_change_meanwhile_is_made_anew(stage: Stage) -> None:
    stage.cast.due_lines = 1
    stage.cast.digesting = Held()
    room, page = await stage.open({"Ada": saying("PASS")})
    await page.told("waiting")
    stage.hear("my secret plan", SAM, source=4)
    await stage.cast.digesting.started.wait()
    await page.told("waiting", 2)
    stage.house.deleted(CHANNEL, 4)
    stage.cast.digesting.release.set()
    await room.do(nothing)
    stage.hear("hello", THEO)
    await page.told("waiting", 3)
    while not room.state.transcript.digests:
        await room.do(nothing)
    assert [digest.text for digest in room.state.transcript.digests] == ["digest of ['']"]


async def test_drafts_grow_until_the_answer_is_posted(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("one two")}, turns=1)
    await page.next(1)
    assert page.drafts == ["one two"]


async def test_what_was_thought_aloud_is_kept_with_the_turn_and_not_posted(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("<think>They like bread.</think>Rye.")}, turns=1)
    assert await page.next(1) == ["Ada: Rye."]
    (generated,) = [event.what for event in await all_events(room) if event.what.kind == "generated"]
    assert generated.model_dump()["thought"] == "They like bread."


async def test_the_question_of_a_member_who_is_forgotten_is_not_answered(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada, @Bob, my secret?", SAM)
    await held.started.wait()
    await stage.house.forget_member(9, SAM.id)
    assert room.state.asked_by_members == []
    stage.hear("@Bob?", THEO)
    assert await page.next(1) == ["Bob: b"]
    assert held.dropped == 1


async def test_who_is_forgotten_after_the_end_is_not_named_among_those_who_got_no_answer(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held, "Bob": saying("b")}, agents_answer="people")
    await page.told("waiting")
    stage.hear("@Ada?", SAM)
    await held.started.wait()
    await room.do(ask.stop(THEO))
    await stage.house.forget_member(9, SAM.id)
    assert room.state.closed is not None
    assert room.state.closed.unserved == ("someone",)
    assert fold(await all_events(room)).closed == room.state.closed
