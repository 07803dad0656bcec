"""What is proposed while somebody types."""

from rooms_bot.chat.completion import complete, complete_list

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
