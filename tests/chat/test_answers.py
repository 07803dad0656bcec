"""What those are told who ask."""

from rooms_bot.chat.answers import changes, moderation, otherwise, roster, shown
from rooms_bot.domain.events import Configured, Joined
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
    assert len(roster(state, [f"B{n}" for n in range(300)])) <= 2000
    many = KENJI.model_copy(update={"expansion": tuple(f"{'x' * 90}{n}" for n in range(100))})
    assert len(shown(state, Seat(id=1, name="A", persona=many), "a model", host=True)) <= 2000


def test_sides_are_shown_where_turns_go_by_them_beside_all_else_that_is_noted() -> None:
    state = room(SEATED, Configured(seat=SEATED.seat, muted=True, by=THEO), mode="argumentative")
    assert "**Kenji 2**, nurse (against; only listens; talkativeness 0.5)" in roster(state, [])


def test_the_roster_names_the_orchestrator_and_who_is_not_here_yet() -> None:
    lines = roster(room(), ["A_1", "B"]).splitlines()
    assert lines[-2:] == ["- Moderator sums up every 5 turns", "Not here yet (`/agent invite`): B."]


def test_an_agent_is_shown_with_all_there_is_to_know_and_its_instructions_to_hosts_alone() -> None:
    state = room(SEATED)
    text = shown(state, state.seats[3], "with a model on this machine", host=True)
    voice = "It speaks with a model on this machine; in"
    for words in ("**Kenji 2**, nurse (persona Kenji)\n", "*health", voice, "against", "about 50 % of its chances"):
        assert words in text
    for words in ("it sees only what it answers", "medicine, sleep", "doctor, pill", "Instructions: Be \\*brief\\*"):
        assert words in text
    assert "Instructions" not in shown(state, state.seats[3], "a model", host=False)


def test_a_temperature_is_shown_and_no_share_where_every_chance_is_taken() -> None:
    warm = Seat(id=1, name="A", persona=Persona(name="A", temperature=0.7))
    assert "It speaks with a model, at temperature 0.7; in" in shown(room(), warm, "with a model", host=False)
    own = warm.model_copy(update={"temperature": 0.0})
    text = shown(room(), own, "with a model", host=False)
    assert "at temperature 0; in" in text
    assert "chances" not in text


def test_what_of_an_agent_is_otherwise_is_told_in_words() -> None:
    old = room(SEATED).seats[3]
    new = old.model_copy(update={"talkativeness": 1.0, "instructions": "", "stance": "for"})
    assert otherwise(old, room(Joined(seat=new)), new, "with a model").splitlines() == [
        "In an argument its side is “for”.",
        "It takes all of its chances to speak unasked.",
        "It has no instructions any more.",
    ]
    assert otherwise(old, room(SEATED), old, "with a model") == "That is how it was already."


def test_an_agent_without_a_stance_is_shown_with_the_side_it_was_given() -> None:
    state = room()
    assert "“for”" in shown(state, state.seats[1], "a model", host=False)
    assert "“against”" in shown(state, state.seats[2], "a model", host=False)


def test_changed_rules_are_told_in_words_and_no_others() -> None:
    old = room().config
    new = old.model_copy(update={"mode": Mode.ROUND_ROBIN, "turns": 7, "agents_answer": Answering.PEOPLE})
    assert changes(old, room(Configured(config=new, by=THEO))).splitlines() == [
        "Everyone in turn from now on.",
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
    assert "The agents wait up to 9 seconds for a person." in lines


def test_one_second_is_one_second() -> None:
    old = room().config
    lines = changes(old, room(Configured(config=old.model_copy(update={"pace": 1.0, "human_wait": 1.0}))))
    assert lines.splitlines() == [
        "At least 1 second lies between two agents' posts.",
        "The agents wait up to 1 second for a person.",
    ]


def test_the_orchestrator_is_told_with_its_interval_voice_and_reminder() -> None:
    voice = "with a model"
    assert moderation(room(), voice, host=True) == "**Moderator** sums up every 5 turns.\nIt speaks with a model."
    assert "sums up after every turn." in moderation(room(orchestrator_every=1), voice, host=True)
    assert "only when asked (`/orchestrator now`)." in moderation(room(orchestrator_every=0), voice, host=True)


def test_the_orchestrators_instructions_are_for_hosts_alone() -> None:
    chair = room().moderator.model_copy(update={"instructions": "Be *brief*."})
    state = room(Configured(seat=chair, by=THEO))
    assert moderation(state, "with a model", host=True).endswith("\nInstructions: Be \\*brief\\*.")
    assert "brief" not in moderation(state, "with a model", host=False)
