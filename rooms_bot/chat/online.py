"""Logs the bot in and keeps it connected: what passes is waited for, what the operator must mend becomes a sentence."""

import logging
import zlib

import aiohttp
import discord

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.clock import Clock
from rooms_bot.errors import SetupError

log = logging.getLogger(__name__)

BAD_TOKEN = (
    "Discord does not accept DISCORD_TOKEN. Make a new one in the Developer Portal (Bot, Reset Token) and put it "
    "into .env."
)
LATER = "look whether ROOMS_DISCORD_API is right and this machine online, or start again later."
NO_INTENT = (
    "Discord does not let the bot read messages. Switch on the Message Content Intent in the Developer Portal "
    "(Bot, Privileged Gateway Intents) and start again."
)
TOO_LARGE = "The bot is in more servers than Discord allows on one connection (2,500), and it has no more than one."
OUTDATED = "Discord does not accept how this version of the bot connects (close code {code}). Update it."
CLOSED = {4004: BAD_TOKEN, 4011: TOO_LARGE}
"""What the gateway's codes mean after which Discord wants no new attempt; `OUTDATED` are the others."""

UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)
UNREADABLE = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error)
"""What discord.py raises where an answer or an event is not as it expects, or the gateway does not answer at first."""

LONGEST = 600.0
"""Seconds between two attempts."""
CALM = 3600.0
"""Seconds after which the next trouble is a new one."""


class Pauses:
    """Between two attempts: 1, 2, 4 … seconds.

    Discord takes a token back from who identifies over 1,000 times a day.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._next, self._last = clock, 1.0, clock.now()

    def take(self) -> float:
        """Seconds until the next attempt."""
        now, last = self._clock.now(), self._last
        taken = 1.0 if now - last > CALM else self._next
        self._next, self._last = min(LONGEST, 2 * taken), now
        return taken

    async def wait(self, trouble: str, error: Exception) -> None:
        """Say what is wrong, and sleep until the next attempt."""
        seconds = self.take()
        log.warning("%s (%s); the bot tries again in %d s", trouble, _reason(error), seconds)
        log.debug("the particulars", exc_info=error)
        await self._clock.sleep(seconds)


async def online(bot: RoomsBot, token: str) -> None:
    """Be connected, for ever. Raises `SetupError` where Discord refuses the bot or is not where it is looked for."""
    try:
        await _log_in(bot, token)
        await _stay(bot)
    except discord.LoginFailure as error:
        raise SetupError(BAD_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise SetupError(NO_INTENT) from error
    except discord.ConnectionClosed as error:
        raise SetupError(CLOSED.get(error.code, OUTDATED.format(code=error.code))) from error
    except discord.HTTPException as error:
        raise SetupError(f"Discord's API at {bot.rules.api} does not do as asked ({error}); {LATER}") from error
    except UNREACHED as error:
        raise SetupError(f"Discord cannot be reached at {bot.rules.api} ({_reason(error)}); {LATER}") from error
    except UNREADABLE as error:
        raise SetupError(f"What answers at {bot.rules.api} is not Discord's API; correct ROOMS_DISCORD_API.") from error


async def _log_in(bot: RoomsBot, token: str) -> None:
    """Until Discord has answered all that is asked of it before the gateway."""
    pauses = Pauses(bot.desk.clock)
    while True:
        try:
            await bot.login(token)
            return
        except (discord.HTTPException, *UNREACHED, *UNREADABLE) as error:
            if not _is_passing(bot, error):
                raise
            await bot.http.close()
            bot.http.connector = discord.utils.MISSING  # closed, and discord.py would use it again
            await pauses.wait(f"Discord's API at {bot.rules.api} does not answer as it should", error)


def _is_passing(bot: RoomsBot, error: Exception) -> bool:
    """Whether Discord is there and only unwell. Where nothing is at all, or something else, the address is wrong."""
    if isinstance(error, discord.HTTPException):
        return error.status in (408, 429) or error.status >= 500
    return bot.application is not None or not isinstance(error, (aiohttp.ClientConnectorError, *UNREADABLE))


async def _stay(bot: RoomsBot) -> None:
    """Stay connected. discord.py itself comes back from all but a first attempt that fails and what it cannot read."""
    pauses, again = Pauses(bot.desk.clock), False
    while True:
        try:
            if again:
                await bot.find_gateway()
            with bot.kept_open():
                await bot.connect()
            return
        except (discord.HTTPException, *UNREACHED, *UNREADABLE) as error:
            first, again = bot.ws is None, True
            trouble = error.__context__ if first and isinstance(error.__context__, Exception) else error
        if not first:
            await bot.ws.close()
        await pauses.wait("Discord's gateway does not do as it should", trouble)


def _reason(error: Exception) -> str:
    """In few words; what the API sends may be a whole page."""
    if isinstance(error, discord.HTTPException):
        return f"HTTP {error.status}"
    return str(error) or type(error).__name__
