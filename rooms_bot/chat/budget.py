"""How many posts a channel still takes: Discord hides the limit of 30 a minute, so it is kept to here.

Source: discord-api-docs issues 367, 4043 and 1454: about 30 posts in 60 s for a whole channel with its threads, not
shown in headers, and shared with edits.
"""

from collections import deque
from dataclasses import dataclass, field

from rooms_bot.clock import Clock

WINDOW = 60.0
USUAL = 25
"""Posts a minute that leave room for other bots' and for what came late."""
LEAST = 5
"""Posts a minute below which no refusal lowers the bound."""
LOWERED = 0.7
"""What is left of the bound after a refusal."""
MOST = 1000
"""Channels after which those in which nothing happens are forgotten."""
EASED = 120.0
"""Seconds after which a lowered bound is raised by one."""


@dataclass(slots=True)
class Window:
    """One channel's last 60 s; `most` may be in it, 0 is no bound."""

    most: int
    posts: deque[float] = field(default_factory=deque)
    shut_until: float = 0.0
    mute_until: float = 0.0
    """For agents: their webhook has a limit of its own."""
    changed: float = 0.0

    def fits(self, kept: int) -> float:
        """When one more fits that leaves so many free."""
        allowed = self.most - kept
        if not self.most or len(self.posts) < allowed:
            return self.shut_until
        return max(self.shut_until, self.posts[len(self.posts) - allowed] + WINDOW)

    def idle(self, most: int, now: float) -> bool:
        """Whether it stands as a new one would."""
        return self.most == most and self.shut_until <= now and not (self.posts and self.posts[-1] > now - WINDOW)

    def paced(self, kept: int) -> float:
        """When the next is due where what is free is to last until the oldest makes room again."""
        if not self.crowded:
            return self.shut_until
        free, last = max(0, self.most - kept - len(self.posts)), self.posts[-1]
        return max(self.shut_until, last + max(WINDOW / self.most, (self.posts[0] + WINDOW - last) / (free + 1)))

    @property
    def crowded(self) -> bool:
        """Whether over half of it is used."""
        return bool(self.most) and 2 * len(self.posts) > self.most

    @property
    def kept(self) -> int:
        """How many are kept free for what people wait for."""
        return 1 if self.most >= LEAST else 0


class Budget:
    """At most `per_minute` posts in any 60 s in one channel; 0 sets no bound of its own.

    Refusals (429) hold a channel back and lower its bound, which then rises again slowly.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most, self._clock = per_minute, clock
        self._windows: dict[int, Window] = {}

    def delay(self, channel: int, *, urgent: bool = False) -> float:
        """Seconds until one more turn should be posted, or until that is to be asked again; 0 if now.

        Until half of the window is used there is none; then the rest is spread over it, and one post kept free for
        what is `urgent`, which waits only where there is no room at all.
        """
        window = self._now(channel)
        due = window.fits(0) if urgent else max(window.fits(window.kept), window.paced(window.kept))
        return max(0.0, due - self._clock.now(), window.mute_until - self._clock.now())

    async def take(self, channel: int, *, urgent: bool = False, agents: bool = False) -> None:
        """Wait until a post or an edit, of `agents` or the bot's own, fits and count it."""
        while (wait := self.wait(channel, urgent=urgent, agents=agents)) > 0:
            await self._clock.sleep(wait)
        self._now(channel).posts.append(self._clock.now())

    def wait(self, channel: int, *, urgent: bool = False, agents: bool = False) -> float:
        """Seconds until one fits."""
        window = self._now(channel)
        due = window.fits(0 if urgent else window.kept)
        return max(0.0, (max(due, window.mute_until) if agents else due) - self._clock.now())

    def crowded(self, channel: int) -> bool:
        """Whether so much is used that nothing should be posted or edited but what has to be."""
        window = self._now(channel)
        return window.crowded or max(window.shut_until, window.mute_until) > self._clock.now()

    def spare(self, channel: int) -> bool:
        """Whether what is said may be shown while it grows.

        Without a bound it goes by the usual one: edits have no delay that would keep them below Discord's.
        """
        window = self._now(channel)
        return not self.crowded(channel) and 2 * len(window.posts) <= (window.most or USUAL)

    def refused(self, channel: int, wait: float, *, full: bool, agents: bool = False) -> None:
        """Discord refused a post there for `wait` seconds; `full`: since the channel had too many.

        Until then nothing is posted there, by `agents` where only they are meant; who was refused asks again.
        """
        window, now = self._now(channel), self._clock.now()
        if agents and not full:
            window.mute_until = max(window.mute_until, now + wait)
            return
        if full and window.most and window.shut_until <= now:
            window.most, window.changed = max(min(LEAST, window.most), int(window.most * LOWERED)), now + wait
        window.shut_until = max(window.shut_until, now + wait)

    def _now(self, channel: int) -> Window:
        """The channel's window without what is older, its bound raised where it is time."""
        now = self._clock.now()
        if channel not in self._windows and len(self._windows) >= MOST:
            self._windows = {one: kept for one, kept in self._windows.items() if not kept.idle(self._most, now)}
        window = self._windows.setdefault(channel, Window(self._most))
        while window.posts and window.posts[0] <= now - WINDOW:
            window.posts.popleft()
        if window.most < self._most and (steps := int((now - window.changed) / EASED)) > 0:
            window.most, window.changed = min(self._most, window.most + steps), window.changed + steps * EASED
        return window
