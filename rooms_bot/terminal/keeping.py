"""Taking the conversation along: as a file, whole or not at all."""

import itertools
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from rooms_bot.domain.events import Event
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format, file_name, stream
from rooms_bot.store.ram import RamStore


class Kept(RamStore):
    """The only place where the conversation is: it lasts as long as the program, however long the room is over."""

    async def forget(self, room: int) -> None:
        """Nobody else is here whose words they were."""
        del room


async def save(form: Format, file: Path, events: Callable[[], AsyncIterator[Event]], *, anew: bool = True) -> None:
    """Write the conversation there; `anew` spares what is there. Raises `Refused`."""
    try:
        with file.open("xb" if anew else "wb") as out:
            async for piece in stream(form, events):
                out.write(piece)
    except FileExistsError:
        raise Refused(f"There is a file {file} already; give another name.") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror or error}.") from error


def path(text: str) -> Path:
    """As somebody types it, with ~ for the home folder; absolute."""
    return Path(os.path.abspath(os.path.expanduser(text)))


def free_name(form: Format, room: RoomState) -> Path:
    """A name made of the topic, in this folder, that no file has yet."""
    name = path(file_name(form, room.config.topic, room.opened_at))
    others = (name.with_stem(f"{name.stem}-{count}") for count in itertools.count(2))
    return next(file for file in itertools.chain([name], others) if not file.exists())
