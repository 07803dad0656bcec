"""What those are told who ask."""

from rooms_bot.chat.answers import changes, moderation, roster, shown, status
from rooms_bot.domain.events import Compacted, Configured, Happening, Joined, Planned, Why
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Answering, Mode, Seat, Selection
from tests.chat.test_render import THEO, room

KENJI = Persona(
    name="Kenji",
    role="nurse",
    description="Helps with *health*.",
    expertise=("medicine", "sleep"),
    expansion=("doctor", "pill"),
    stance="against",
    memory="none",
    talkativeness=0.5,
    greeting="Hi.",
)
SEATED = Joined(seat=Seat(id=3, name="Kenji 2", persona=KENJI, instructions="Be *brief*."))


def test_everything_fits_into_a_message_with_twelve_seats() -> None:
    state = room(seats=12)
    assert len(status(state)) <= 2000
    assert len(roster(state, [f"B{n}" for n in range(300)])) <= 2000
    many = KENJI.model_copy(update={"expansion": tuple(f"{'x' * 90}{n}" for n in range(100))})
    assert len(shown(state, Seat(id=1, name="A", persona=many), "a model", host=True)) <= 2000


def test_status_tells_the_rules_who_holds_back_and_what_is_coming() -> None:
    text = status(room(SEATED, agents_answer="people", selector="model"))
    assert "Whoever knows most about it; where its words leave it open, a model judges" in text
    assert "agents speak only when a person has" in text
    assert "Kenji 2 (talkativeness 0.5)" in text
    assert "Kenji 2 will say hello first." in text


def test_status_tells_whose_turn_it_is_and_what_was_summed_up() -> None:
    happened: list[Happening] = [Compacted(lines=120, text="So far."), Planned(turn=0, seat=1, why=Why.MODE)]
    text = status(room(*happened))
    assert "It is A\\_1's turn." in text
    assert "The first 120 messages are summed up for the agents." in text
    assert "summed up" not in status(room())


def test_an_agent_is_shown_with_all_there_is_to_know_and_its_instructions_to_hosts_alone() -> None:
    state = room(SEATED)
    text = shown(state, state.seats[3], "a model on this machine", host=True)
    for words in ("**Kenji 2**, nurse (persona Kenji)", "*health", "a model on this machine", "against", "50%"):
        assert words in text
    for words in ("it sees only what it answers", "medicine, sleep", "doctor, pill", "Be \\*brief\\*"):
        assert words in text
    assert "keep in mind" not in shown(state, state.seats[3], "a model", host=False)


def test_an_agent_without_a_stance_is_shown_with_the_side_it_was_given() -> None:
    state = room()
    assert "“for”" in shown(state, state.seats[1], "a model", host=False)
    assert "“against”" in shown(state, state.seats[2], "a model", host=False)


def test_changed_rules_are_told_in_words_and_no_others() -> None:
    old = room().config
    new = old.model_copy(update={"mode": Mode.ROUND_ROBIN, "turns": 7, "agents_answer": Answering.PEOPLE})
    assert changes(old, room(Configured(config=new, by=THEO))).splitlines() == [
        "Who speaks: everyone in turn.",
        "Agents speak only when a person has.",
        "The room ends after 7 turns, of which 0 are taken.",
    ]
    assert changes(old, room()) == "That is how it was already."


def test_every_rule_that_can_be_changed_has_words() -> None:
    old = room().config
    others = {
        "topic": "Rye?",
        "selector": Selection.MODEL,
        "pace": 1.5,
        "human_every": 2,
        "human_wait": 9.0,
        "language": "German",
    }
    lines = changes(old, room(Configured(config=old.model_copy(update=others)))).splitlines()
    assert len(lines) == len(others)
    assert "The agents speak German." in lines


def test_the_orchestrator_is_told_with_its_interval_voice_and_reminder() -> None:
    assert moderation(room(), "a model") == "**Moderator** sums up every 5 turns, with a model."
    assert "does not speak by itself" in moderation(room(orchestrator_every=0), "a model")
