"""The environment, read once: every setting the operator has, with its default."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rooms_bot.errors import SetupError

Names = Annotated[tuple[str, ...], NoDecode]
Ids = Annotated[tuple[int, ...], NoDecode]


class Settings(BaseSettings):
    """Read from the environment and from `.env`; `.env.example` says what each is for."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    discord_token: SecretStr | None = None
    rooms_discord_api: str = "https://discord.com/api/v10"
    rooms_discord_cdn: str = "https://cdn.discordapp.com"
    rooms_guilds: Ids = ()
    rooms_hear_bots: Ids = ()
    rooms_host_role: str = "Room Host"
    rooms_model: str | None = None
    rooms_models: Names = ()
    rooms_orchestrator_model: str | None = None
    rooms_local_only: bool = False
    rooms_data_dir: Path = Path("data")
    rooms_database_url: SecretStr | None = None
    rooms_personas_dir: Path | None = None
    rooms_plugins_dir: Path | None = None
    rooms_posts_per_minute: int = Field(default=25, ge=0)
    rooms_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    rooms_log_format: Literal["console", "json"] = "console"

    @field_validator("rooms_guilds", "rooms_hear_bots", "rooms_models", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("rooms_discord_api", "rooms_discord_cdn")
    @classmethod
    def _bare(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must be an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("rooms_log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def database_url(self) -> str:
        """The database's address; may hold a password, so it is not to be shown."""
        if self.rooms_database_url is not None:
            return self.rooms_database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{(self.rooms_data_dir / 'rooms.sqlite').as_posix()}"


def read(**overrides: Any) -> Settings:
    """The settings as they are now. Raises `SetupError` that names what is wrong, never its value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise SetupError(f"The settings cannot be used. {wrong}. See .env.example.") from None
