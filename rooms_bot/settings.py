"""The environment, read once: every setting the operator has, with its default."""

import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rooms_bot.errors import SetupError

Names = Annotated[tuple[str, ...], NoDecode]
Ids = Annotated[tuple[int, ...], NoDecode]

FILE = ".env"
ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that Windows' editors put before it."""

NO_TOKEN = (
    "DISCORD_TOKEN is not set. Copy .env.example to .env and put in your bot's token, from the Discord Developer "
    "Portal under Bot. To try Rooms Bot without an account, run `make sandbox`."
)


class Settings(BaseSettings):
    """Read from the environment and from `.env`; `.env.example` says what each is for."""

    model_config = SettingsConfigDict(
        env_file=FILE, env_file_encoding=ENCODING, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    discord_token: SecretStr | None = None
    rooms_discord_api: str = "https://discord.com/api/v10"
    rooms_discord_cdn: str = "https://cdn.discordapp.com"
    rooms_guilds: Ids = ()
    rooms_hear_bots: Ids = ()
    rooms_host_role: str = "Room Host"
    rooms_model: str | None = None
    rooms_models: Names = ()
    rooms_orchestrator_model: str | None = None
    rooms_embedding_model: str | None = None
    rooms_moderation_model: str | None = None
    rooms_embedding_multilingual: bool = False
    rooms_local_only: bool = False
    rooms_data_dir: Path = Path("data")
    rooms_database_url: SecretStr | None = None
    rooms_personas_dir: Path | None = None
    rooms_plugins_dir: Path | None = None
    rooms_posts_per_minute: int = Field(default=25, ge=0)
    rooms_daily_tokens_per_guild: int = Field(default=500_000, ge=0, le=10**12)
    rooms_daily_dollars_per_guild: float = Field(default=0, ge=0, le=10**6)
    rooms_monthly_tokens_per_guild: int = Field(default=0, ge=0, le=10**12)
    rooms_monthly_dollars_per_guild: float = Field(default=0, ge=0, le=10**6)
    rooms_hourly_tokens_per_member: int = Field(default=0, ge=0, le=10**12)
    rooms_retention_days: int = Field(default=0, ge=0, le=36_500)
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
        if not value.startswith(("http://", "https://")) or not urlsplit(value).hostname:
            raise ValueError("must be an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("rooms_log_level", "rooms_log_format", mode="before")
    @classmethod
    def _cased(cls, value: Any, field: Any) -> Any:
        if not isinstance(value, str):
            return value
        return value.upper() if field.field_name == "rooms_log_level" else value.lower()

    @field_validator("rooms_data_dir", "rooms_personas_dir", "rooms_plugins_dir")
    @classmethod
    def _at_home(cls, value: Path | None) -> Path | None:
        """With ~ for the home folder, which `.env` leaves as it is."""
        return value and value.expanduser()

    def token(self) -> str:
        """Discord alone knows whether it is one. Raises `SetupError` where none is set or it cannot be sent."""
        if not (token := self.discord_token.get_secret_value().strip() if self.discord_token else ""):
            raise SetupError(NO_TOKEN)
        return sendable(token, "DISCORD_TOKEN")

    @property
    def database_url(self) -> str:
        """The database's address; may hold a password, so it is not to be shown."""
        if self.rooms_database_url is not None:
            return self.rooms_database_url.get_secret_value()
        return f"sqlite:///{(self.rooms_data_dir / 'rooms.sqlite').as_posix()}"

    def environment(self) -> dict[str, str]:
        """The environment as the settings are part of it, under their names; to find the secrets in it."""
        mine = {"DISCORD_TOKEN": self.discord_token, "ROOMS_DATABASE_URL": self.rooms_database_url}
        return {**os.environ, **{name: value.get_secret_value() for name, value in mine.items() if value}}


def sendable(token: str, where: str) -> str:
    """`token`, if it can stand in a header. Raises `SetupError`, which says where it comes from."""
    if re.fullmatch("[!-~]+", token):
        return token
    raise SetupError(
        f"{where} has a space, a line break or a sign that no token has, or is empty; copy the token again."
    )


def read() -> Settings:
    """The settings as they are now. Raises `SetupError` that names what is wrong, never its value."""
    try:
        settings = Settings()
        _pass_on()
    except ValidationError as error:
        wrong = "; ".join(_fault(str(one["loc"][0]), one["msg"]) for one in error.errors())
        raise SetupError(f"A setting cannot be used (see .env.example): {wrong}.") from None
    except (OSError, ValueError) as error:
        raise SetupError(f"The file .env cannot be read ({type(error).__name__}): save it as UTF-8 text.") from None
    return settings


def _fault(name: str, message: str) -> str:
    """What is wrong with the setting; where it is a number, which it can be."""
    field = Settings.model_fields[name]
    if field.annotation not in (int, float):
        return f"{name.upper()}: {message}"
    kind = "whole number" if field.annotation is int else "number"
    limits = {bound: value for one in field.metadata for bound, value in asdict(one).items()}
    bounds = f" from {limits['ge']} to {limits['le']}" if "le" in limits else f", {limits['ge']} or more"
    return f"{name.upper()} must be a {kind}{bounds}"


def _pass_on() -> None:
    """Put what `.env` says that is no setting into the environment: keys and addresses that LiteLLM looks for there."""
    for name, value in dotenv_values(FILE, encoding=ENCODING).items():
        if value and name.lower() not in Settings.model_fields and not os.environ.get(name):
            os.environ[name] = value
