"""What can go wrong with a store that is open."""

from rooms_bot.errors import RoomsError


class StoreFailed(RoomsError):
    """The database did not take or give what it was asked: disk full, connection lost, file damaged meanwhile."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"The database could not be used: {reason}.")


class Misplaced(RoomsError):
    """An event for a place that is taken, or does not follow, or in a room that does not exist."""

    def __init__(self, room: int, index: int) -> None:
        self.room, self.index = room, index
        super().__init__(f"Event {index} cannot be kept in room {room}: its place is taken, or the room is unknown.")


class NoSuchRoom(RoomsError):
    """A room's row was to be overwritten that was never written."""

    def __init__(self, room: int) -> None:
        super().__init__(f"There is no room {room}.")
