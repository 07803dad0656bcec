"""Writes a persona as the Markdown file that it could have come from."""

from collections.abc import Mapping
from typing import Any

import yaml

from rooms_bot.domain.personas import Persona

WIDTH = 110


def written(persona: Persona, avatar: str = "") -> str:
    """The file: what is as without it is left out. `avatar` is the name of an image beside it."""
    told = persona.model_dump(mode="json", exclude_defaults=True, exclude={"prompt", "avatar"})
    return page(told | ({"avatar": avatar} if avatar else {}), persona.prompt)


def page(values: Mapping[str, Any], body: str) -> str:
    """Front matter and body, whatever is in them; empty values are left out."""
    front = yaml.safe_dump(
        {key: value for key, value in values.items() if value not in ("", [], None)},
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
        default_flow_style=None,
    )
    return f"---\n{front}---\n\n{body}\n"
