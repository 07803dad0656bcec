"""How many posts a channel still takes: Discord hides the limit of 30 a minute, so it is kept to here.

Source: discord-api-docs issues 367, 4043 and 1454: about 30 posts in 60 s for a whole channel, not shown in headers.
"""

from collections import defaultdict, deque

from rooms_bot.clock import Clock

WINDOW = 60.0


class Budget:
    """At most `per_minute` posts in any 60 s in one channel; 0 sets no bound of its own."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most, self._clock = per_minute, clock
        self._posts: defaultdict[int, deque[float]] = defaultdict(deque)

    def delay(self, channel: int) -> float:
        """Seconds until one more post fits; 0 if it does now."""
        posts, now = self._posts[channel], self._clock.now()
        while posts and posts[0] <= now - WINDOW:
            posts.popleft()
        if not self._most or len(posts) < self._most:
            return 0.0
        return posts[len(posts) - self._most] + WINDOW - now

    async def take(self, channel: int) -> None:
        """Wait until a post fits and count it."""
        while (delay := self.delay(channel)) > 0:
            await self._clock.sleep(delay)
        self._posts[channel].append(self._clock.now())
