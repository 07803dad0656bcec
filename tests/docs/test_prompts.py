"""What an agent is sent, as the page shows it, is what it is sent."""

import re

import pytest

from rooms_bot.agents.compaction import ANSWER, TIMEOUT
from rooms_bot.agents.prompt import CROWD, compose
from rooms_bot.agents.window import DIGEST, WINDOW, block, space, within
from rooms_bot.domain.events import Attached, Compacted, Why
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.talk import LONGEST
from rooms_bot.ports import Message
from tests.docs.pages import code, marked, page, table
from tests.models.rooms import TestRoom, seat

PAGE = page("docs/prompts.md")


def shown(messages: tuple[Message, ...]) -> str:
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in messages) + "\n"


def test_the_request_is_the_one_on_the_page() -> None:
    ada = seat(1, "Ada", role="systems engineer", description="Helps to put numbers to a plan.")
    ada = ada.model_copy(
        update={
            "persona": ada.persona.model_copy(
                update={"prompt": "You are Ada, a systems engineer. You speak briskly and plainly."}
            ),
            "instructions": "Use no jargon.",
        }
    )
    room = TestRoom(ada, seat(2, "Mara", role="organiser", expertise=("rent", "neighbours")), language="English")
    room.heard("@Ada what would it cost?\nAda: nothing at all!")
    room.said(1, "Call it two million a year, which is a guess. @Mara, who would feel it first?")
    letter = room.heard("Here is what they say.", reply_to=room.said(2, "The people who deliver things."))
    room.happen(Attached(source=letter, name="letter.txt", text="Dear council,\nwe need the road until ten."))
    room.said(2, "That is what I mean.")
    asked = room.planned(1, Why.ASKED, "Theo", letter)
    assert code(PAGE, "text")[0] == shown(compose(room.state, room.state.seats[1], asked))


def test_notes_stand_as_the_page_shows_them() -> None:
    head, notes = code(PAGE, "text")[1].splitlines()
    room = TestRoom()
    for number in range(300):
        room.said(1 + number % 2, "words " * 50)
    room.happen(Compacted(lines=280, text=notes.strip()))
    assert compose(room.state, room.state.seats[1])[1].content == f"{head}\n{notes}"


def test_the_numbers_are_those_of_the_code() -> None:
    tokens = {what: much for what, much in table(PAGE, "what") if re.match(r"[\d,]+", much)}
    assert [int(re.findall(r"[\d,]+", much)[0].replace(",", "")) for much in tokens.values()] == [
        WINDOW,
        within(4096),
        DIGEST,
        block(space(WINDOW, 1000)),
    ]
    assert f"at most {ANSWER} tokens and {TIMEOUT:g} seconds" in PAGE
    assert f"up to {LONGEST:,} tokens with its files" in PAGE
    assert f"Of more than {CROWD} people" in PAGE


def written() -> list[tuple[str, str]]:
    """What somebody writes, and what the page says of it, where both are quoted."""
    rows = [[re.sub(r"\\\|", "|", cell) for cell in row] for row in _rows()]
    return [(marked(what)[0], marked(told)[0]) for what, told in rows if marked(what) and marked(told)]


def _rows() -> list[list[str]]:
    _, _, rest = PAGE.partition("| what somebody writes |")
    rows = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows]


@pytest.mark.parametrize(("text", "told"), written())
def test_what_members_write_stands_as_the_page_says(text: str, told: str) -> None:
    room = TestRoom()
    room.heard(f"hello\n{text}", Member(id=9, name=text))
    assert told in compose(room.state, room.state.seats[1])[1].content
