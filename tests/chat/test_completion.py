"""What is proposed while somebody types."""

from rooms_bot.chat.completion import LANGUAGES, complete, complete_language, complete_list

NAMES = ("Ada", "Kenji", "Mirela", "Noor")


def test_what_begins_so_comes_first() -> None:
    assert [choice.value for choice in complete(("Canada", "Ada"), "ada")] == ["Ada", "Canada"]


def test_the_last_name_of_a_list_is_completed_and_none_twice() -> None:
    assert [choice.value for choice in complete_list(NAMES, "Ada, k")] == ["Ada, Kenji"]
    assert [choice.value for choice in complete_list(NAMES, "ada,")] == ["ada, Kenji", "ada, Mirela", "ada, Noor"]


def test_never_more_than_discord_takes() -> None:
    many = [f"{number:03} {'x' * (number % 120)}" for number in range(200)]
    for choices in (complete(many, ""), complete_list(many, "")):
        assert len(choices) == 25
        assert all(len(choice.value) <= 100 for choice in choices)


def test_what_is_in_force_is_marked_but_not_in_what_is_sent() -> None:
    found = complete(NAMES, "", "Noor")
    assert [choice.name for choice in found] == ["Ada", "Kenji", "Mirela", "Noor (now)"]
    assert [choice.value for choice in found] == [*NAMES]
    assert complete(["x" * 100], "", "x" * 100)[0].name == "x" * 100


def test_the_language_of_now_comes_first_and_once_also_if_it_is_a_rare_one() -> None:
    assert complete_language("", "Klingon")[0].name == "Klingon (now)"
    assert [choice.value for choice in complete_language("ger", "German")] == ["German"]
    assert [choice.value for choice in complete_language("", "")] == [*LANGUAGES[:25]]
