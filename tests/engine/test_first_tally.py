"""An ephemeral room can be killed before anything but its opening is known of it."""

import pytest

from tests.engine.conftest import Stage
from tests.engine.fakes import saying


@pytest.mark.xfail(strict=True, reason="the row of a new room says that it is allowed no turns")
async def test_a_room_that_was_killed_right_after_its_opening_has_all_its_turns_left(stage: Stage) -> None:
    room, _ = await stage.open({"Ada": saying("a")}, turns=7)
    (row,) = await stage.store.open_rooms()
    assert row.tally.allowed - row.tally.taken == room.state.turns_left == 7
