"""New things as the wire has them: users, guilds, channels, roles, members, with every field clients need."""

from typing import Any

Wire = dict[str, Any]

TEXT, DM, VOICE, CATEGORY, NEWS = 0, 1, 2, 4, 5
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM, MEDIA = 10, 11, 12, 15, 16
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})
FORUMS = frozenset({FORUM, MEDIA})
"""Channels of posts: nothing is said in them but in their threads."""
REQUIRE_TAG = 1 << 4
"""The flag of a forum whose posts need a tag."""


def user(user_id: str, username: str, *, bot: bool = False) -> Wire:
    made: Wire = {
        "id": user_id,
        "username": username.lower(),
        "global_name": None if bot else username,
        "avatar": None,
        "discriminator": f"{int(user_id) % 9999 + 1:04}" if bot else "0",
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }
    if bot:
        made |= {"username": username, "bot": True}
    return made


def webhook_author(webhook_id: str, name: str, avatar: str | None) -> Wire:
    """The author a webhook's message shows; it is nobody's user."""
    return {**user(webhook_id, name, bot=True), "avatar": avatar, "discriminator": "0000"}


def role(role_id: str, name: str, permissions: int, position: int, *, tags: Wire | None = None) -> Wire:
    made: Wire = {
        "id": role_id,
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": tags is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "description": None,
        "flags": 0,
    }
    if tags is not None:
        made["tags"] = tags
    return made


def member(who: Wire, roles: list[str], joined_at: str) -> Wire:
    return {
        "user": who,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": roles,
        "joined_at": joined_at,
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def channel(channel_id: str, guild_id: str, name: str, kind: int, position: int) -> Wire:
    made: Wire = {
        "id": channel_id,
        "type": kind,
        "guild_id": guild_id,
        "name": name,
        "position": position,
        "flags": 0,
        "parent_id": None,
        "permission_overwrites": [],
        "last_message_id": None,
    }
    if kind != CATEGORY:
        made |= {"topic": None, "nsfw": False, "rate_limit_per_user": 0, "last_pin_timestamp": None}
    if kind == VOICE:
        made |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if kind in FORUMS:
        made |= {
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return made


def thread(thread_id: str, parent: Wire, name: str, kind: int, owner_id: str, started: str) -> Wire:
    return {
        "id": thread_id,
        "type": kind,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "name": name,
        "owner_id": owner_id,
        "flags": 0,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": started,
            "locked": False,
            "create_timestamp": started,
        },
    }


def guild(guild_id: str, name: str, owner_id: str) -> Wire:
    nothing = (
        "icon",
        "description",
        "home_header",
        "splash",
        "discovery_splash",
        "banner",
        "application_id",
        "afk_channel_id",
        "system_channel_id",
        "widget_channel_id",
        "vanity_url_code",
        "rules_channel_id",
        "safety_alerts_channel_id",
        "public_updates_channel_id",
        "max_presences",
        "incidents_data",
    )
    zero = (
        "system_channel_flags",
        "verification_level",
        "default_message_notifications",
        "mfa_level",
        "explicit_content_filter",
        "premium_tier",
        "premium_subscription_count",
        "nsfw_level",
        "max_stage_video_channel_users",
        "max_video_channel_users",
    )
    return {
        "id": guild_id,
        "name": name,
        "owner_id": owner_id,
        **dict.fromkeys(nothing),
        **dict.fromkeys(zero, 0),
        "region": "deprecated",
        "afk_timeout": 300,
        "widget_enabled": False,
        "preferred_locale": "en-US",
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "max_members": 500_000,
        "features": [],
        "emojis": [],
        "stickers": [],
    }


def application(application_id: str, name: str, bot: Wire, owner: Wire, flags: int) -> Wire:
    nothing = ("icon", "interactions_endpoint_url", "role_connections_verification_url", "team")
    return {
        "id": application_id,
        "name": name,
        "description": "",
        "summary": "",
        "type": None,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "bot": bot,
        "owner": owner,
        "bot_public": True,
        "bot_require_code_grant": False,
        **dict.fromkeys(nothing),
        "redirect_uris": [],
        "explicit_content_filter": 0,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }
