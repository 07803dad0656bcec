"""Work that is done in tasks of its own."""

import pytest

from rooms_bot.errors import RoomsError
from rooms_bot.store.desk import Desk


async def test_a_fault_in_one_piece_of_work_is_its_callers_and_ends_nothing_else() -> None:
    async def overflows() -> int:
        return int.from_bytes(b"\xff" * 9).to_bytes(8)[0]

    async def fails() -> int:
        raise RoomsError("no")

    async def works() -> int:
        return 7

    async with Desk.open() as desk:
        with pytest.raises(OverflowError):
            await desk.do(overflows)
        with pytest.raises(RoomsError):
            await desk.do(fails)
        assert await desk.do(works) == 7
