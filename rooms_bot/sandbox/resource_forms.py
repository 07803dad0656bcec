"""The shapes of webhooks, channels, roles and members as they are created and changed."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from rooms_bot.sandbox.forms import Body, Name, Permissions, Seconds, Snowflake

Wire = dict[str, Any]
HookName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Archive = Literal[60, 1440, 4320, 10080]
Nick = Annotated[str, StringConstraints(max_length=32)]


class CreateWebhook(Body):
    name: HookName
    avatar: str | None = None


class ModifyWebhook(Body):
    name: HookName | None = None
    avatar: str | None = None
    channel_id: Snowflake | None = None


class Overwrite(Body):
    id: Snowflake
    type: Literal[0, 1]
    allow: Permissions = "0"
    deny: Permissions = "0"


class SetOverwrite(Body):
    type: Literal[0, 1]
    allow: Permissions | None = None
    deny: Permissions | None = None


class ModifyChannel(Body):
    name: Name | None = None
    topic: Annotated[str, StringConstraints(max_length=4096)] | None = None
    position: int | None = None
    nsfw: bool | None = None
    rate_limit_per_user: Seconds | None = None
    parent_id: Snowflake | None = None
    permission_overwrites: list[Overwrite] | None = None
    default_auto_archive_duration: Archive | None = None
    flags: int | None = None


class CreateChannel(ModifyChannel):
    name: Name
    type: Literal[0, 2, 4, 5, 15, 16] | None = None


class ModifyThread(Body):
    name: Name | None = None
    archived: bool | None = None
    locked: bool | None = None
    invitable: bool | None = None
    auto_archive_duration: Archive | None = None
    rate_limit_per_user: Seconds | None = None
    flags: int | None = None
    applied_tags: Annotated[list[Snowflake], Field(max_length=5)] | None = None


class ModifyMember(Body):
    nick: Nick | None = None
    roles: list[Snowflake] | None = None
    communication_disabled_until: str | None = None


class RoleForm(Body):
    name: Annotated[str, StringConstraints(max_length=100)] | None = None
    permissions: Permissions | None = None
    color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    hoist: bool | None = None
    mentionable: bool | None = None


class EmojiForm(Body):
    name: Annotated[str, StringConstraints(min_length=2, max_length=32, pattern=r"^\w+$")]
    image: str


class RenameEmoji(Body):
    name: Annotated[str, StringConstraints(min_length=2, max_length=32, pattern=r"^\w+$")]


class OpenDirect(Body):
    recipient_id: Snowflake


class ModifySelf(Body):
    username: Annotated[str, StringConstraints(min_length=2, max_length=32)] | None = None
    avatar: str | None = None
