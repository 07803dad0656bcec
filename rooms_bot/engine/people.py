"""What members of servers let agents know of themselves, or that they wish not to be heard."""

from rooms_bot.domain.rooms import Member
from rooms_bot.ports import Profile, Store


class People:
    """All profiles, in memory too: who speaks may not wait for a database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._profiles: dict[tuple[int, int], Profile] = {}

    async def load(self) -> None:
        for profile in await self._store.profiles():
            self._profiles[profile.guild, profile.member] = profile

    def profile(self, guild: int, member: int) -> Profile:
        return self._profiles.get((guild, member)) or Profile(guild=guild, member=member)

    async def save(self, profile: Profile) -> None:
        await self._store.save_profile(profile)
        self._profiles[profile.guild, profile.member] = profile

    async def forget(self, guild: int, member: int) -> None:
        """Nothing is left but the wish to be ignored, if it was there."""
        await self.save(Profile(guild=guild, member=member, ignored=self.profile(guild, member).ignored))

    def drop(self, guild: int) -> int:
        """Know nobody of this server any more; how many that were."""
        gone = [key for key in self._profiles if key[0] == guild]
        for key in gone:
            del self._profiles[key]
        return len(gone)

    def known(self, guild: int, member: Member) -> Member:
        """With what this member wants agents to know."""
        profile = self.profile(guild, member.id)
        told = {"name": profile.name or member.name, "background": profile.background or member.background}
        return member if profile.ignored else member.model_copy(update=told)
