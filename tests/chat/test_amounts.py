"""Numbers as people type them."""

import pytest

from rooms_bot.chat.amounts import decimal, filled, whole
from rooms_bot.errors import Refused
from rooms_bot.i18n import number, speaking


@pytest.mark.parametrize(
    "text",
    ["500000", "500.000", "500,000", "500 000", "500\u202f000", "500_000", "500'000", " 500k ", "500 K"],
)
def test_groups_of_three_digits_are_thousands_of_what_is_counted(text: str) -> None:
    assert whole(text) == 500_000


@pytest.mark.parametrize(
    ("text", "read"), [("0", 0), ("1.234.567", 1_234_567), ("1,234,567", 1_234_567), ("2m", 2_000_000)]
)
def test_what_is_counted_is_read_whole(text: str, read: int) -> None:
    assert whole(text) == read


@pytest.mark.parametrize(
    "text", ["1.5", "0.500", "1.234,5", "1.234,567", "1,23", "-1", "nan", "1e9", "k", "", "9" * 19]
)
def test_what_is_counted_has_no_fraction(text: str) -> None:
    with pytest.raises(Refused, match="no whole number"):
        whole(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0.50", 0.5),
        ("0,50", 0.5),
        (",5", 0.5),
        ("$40", 40),
        ("40 $", 40),
        ("0,125", 0.125),
        ("1,2340", 1.234),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,5", 1234.5),
        ("1'234.567", 1234.567),
        ("1,234,567.5", 1_234_567.5),
        ("1.234.567", 1_234_567),
        ("1234", 1234),
    ],
)
def test_a_point_and_a_comma_both_part_decimals(text: str, read: float) -> None:
    assert decimal(text) == read


@pytest.mark.parametrize(("text", "other"), [("1.234", "1.2340"), ("1,234", "1,2340"), ("$10.000", "10.0000")])
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, other: str) -> None:
    with pytest.raises(Refused) as refused:
        decimal(text)
    assert other in str(refused.value)
    assert float(other.replace(",", ".")) == decimal(other)


@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e99", "1.2.3", "1,234,5", "1.", "", ".", "9" * 30])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no number"):
        decimal(text)


@pytest.mark.parametrize("locale", ["en-US", "de"])
@pytest.mark.parametrize("value", [0, 4, 0.5, 1.125, 1234.5, 100_000, 12.0625])
def test_what_a_form_is_filled_with_is_read_again_as_itself(value: float, locale: str) -> None:
    with speaking(locale):
        assert decimal(filled(value)) == value
        assert value != int(value) or whole(filled(value)) == value


@pytest.mark.parametrize(
    ("locale", "told"), [("de", ["1.234.567", "0,3", "1.234,50"]), ("fr", ["1,234,567", "0.3", "1,234.50"])]
)
def test_numbers_are_told_with_the_separators_of_the_language(locale: str, told: list[str]) -> None:
    with speaking(locale):
        assert [number(1_234_567), number(0.3), number(1234.5, 2)] == told
