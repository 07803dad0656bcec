"""The shapes of messages as they are sent: by bots, by webhooks, as answers to interactions."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from rooms_bot.sandbox.component_forms import MessageComponent
from rooms_bot.sandbox.forms import Address, Body, Snowflake

Wire = dict[str, Any]


class EmbedField(Body):
    name: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    inline: bool | None = None


class EmbedFooter(Body):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2048)]
    icon_url: Address | None = None


class EmbedAuthor(Body):
    name: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    url: Address | None = None
    icon_url: Address | None = None


class EmbedMedia(Body):
    url: Address
    description: str | None = None


class EmbedForm(Body):
    type: str | None = None
    title: Annotated[str, StringConstraints(max_length=256)] | None = None
    description: Annotated[str, StringConstraints(max_length=4096)] | None = None
    url: Address | None = None
    timestamp: str | None = None
    color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    footer: EmbedFooter | None = None
    image: EmbedMedia | None = None
    thumbnail: EmbedMedia | None = None
    author: EmbedAuthor | None = None
    fields: Annotated[list[EmbedField], Field(max_length=25)] | None = None


class AllowedMentions(Body):
    parse: list[Literal["roles", "users", "everyone"]] | None = None
    roles: Annotated[list[Snowflake], Field(max_length=100)] | None = None
    users: Annotated[list[Snowflake], Field(max_length=100)] | None = None
    replied_user: bool | None = None


class AttachmentForm(Body):
    id: Snowflake | None = None
    filename: Annotated[str, StringConstraints(max_length=1024)] | None = None
    description: Annotated[str, StringConstraints(max_length=1024)] | None = None


class MessageForm(Body):
    """What every message may carry."""

    content: Annotated[str, StringConstraints(max_length=2000)] | None = None
    tts: bool | None = None
    embeds: Annotated[list[EmbedForm], Field(max_length=10)] | None = None
    allowed_mentions: AllowedMentions | None = None
    components: Annotated[list[MessageComponent], Field(max_length=40)] | None = None
    attachments: Annotated[list[AttachmentForm], Field(max_length=10)] | None = None
    flags: int | None = None


class ReferenceForm(Body):
    message_id: Snowflake
    channel_id: Snowflake | None = None
    guild_id: Snowflake | None = None
    type: Literal[0, 1] | None = None
    fail_if_not_exists: bool | None = None


class CreateMessage(MessageForm):
    nonce: int | Annotated[str, StringConstraints(max_length=25)] | None = None
    enforce_nonce: bool | None = None
    message_reference: ReferenceForm | None = None


class ExecuteWebhook(MessageForm):
    username: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    avatar_url: Address | None = None
    thread_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    applied_tags: Annotated[list[Snowflake], Field(max_length=5)] | None = None


class StartPost(Body):
    """A forum's post: a thread and its first message."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    auto_archive_duration: Literal[60, 1440, 4320, 10080] | None = None
    rate_limit_per_user: Annotated[int, Field(ge=0, le=21600)] | None = None
    applied_tags: Annotated[list[Snowflake], Field(max_length=5)] | None = None
    message: MessageForm


class StartThread(Body):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    auto_archive_duration: Literal[60, 1440, 4320, 10080] | None = None
    rate_limit_per_user: Annotated[int, Field(ge=0, le=21600)] | None = None
    type: Literal[10, 11, 12] | None = None
    invitable: bool | None = None
