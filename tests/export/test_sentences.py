"""What happened besides talking is told as one would tell it."""

import pytest

from rooms_bot.domain.events import Came, Configured, Happening, Resumed
from rooms_bot.domain.rooms import Answering, Member, Mode
from rooms_bot.export.sentences import sentence
from rooms_bot.export.survey import Survey
from tests.export.samples import ALICE, ELENA, HOST, OPENED, room


def told(what: Happening) -> str:
    survey, events = Survey(), room(what)
    for event in events:
        survey.take(event)
    return sentence(events[-1], survey)


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("topic", "Rye", "The topic was changed to “Rye” by Alice"),
        ("turns", 7, "The number of turns was changed to 7 by Alice"),
        ("agents_answer", Answering.PEOPLE, "The rule was changed to “agents speak only when a person has” by Alice"),
        ("pace", 1.5, "The pause between posts, in seconds, was changed to 1.5 by Alice"),
    ],
)
def test_a_rule_is_told_with_what_it_is_now(rule: str, value: object, words: str) -> None:
    config = OPENED.config.model_copy(update={rule: value})
    assert told(Configured(config=config, changed=(rule,), by=ALICE)) == words


def test_several_rules_are_one_sentence() -> None:
    config = OPENED.config.model_copy(update={"mode": Mode.ROUND_ROBIN, "topic": "Rye"})
    changed = Configured(config=config, was="dynamic", changed=("mode", "topic"), by=ALICE)
    assert told(changed) == (
        "The topic was changed to “Rye”; the mode was changed from dynamic to round robin by Alice"
    )


def test_a_file_of_an_earlier_version_does_not_say_which_rules() -> None:
    assert told(Configured(config=OPENED.config, by=ALICE)) == "The rules were changed by Alice"


def test_whoever_asked_is_named_once() -> None:
    assert told(Resumed(by=ALICE, reason="next")) == "The next turn was asked for by Alice"
    assert told(Resumed(by=ALICE, reason="summary")) == "A summary was asked for by Alice"
    assert told(Resumed(by=ALICE, reason="resumed")) == "The room went on, asked by Alice"


def test_an_orchestrator_that_is_called_otherwise_has_not_changed_seats() -> None:
    chair = HOST.model_copy(update={"name": "Chair"})
    assert told(Configured(seat=chair, was="Host", by=ALICE)) == "Host is called Chair now, by Alice's wish"


def test_an_agent_that_is_told_apart_from_a_person_is_told_of() -> None:
    seat = ELENA.model_copy(update={"name": "Elena (agent)"})
    words = "Elena is called Elena (agent) now, since somebody has a name that looks like it"
    assert told(Configured(seat=seat, was="Elena")) == words


def test_who_came_without_a_word_is_told_of_and_counts_as_a_member() -> None:
    assert told(Came(member=ALICE)) == "Alice came to take part"
    survey = Survey()
    for event in room(Came(member=Member(id=102, name="Bo"))):
        survey.take(event)
    assert survey.names[102] == "Bo"
