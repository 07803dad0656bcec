"""What a provider's error means for the room: which `AgentError` it is, whether to try again, what the log may say."""

import os
import re
from collections.abc import Mapping
from typing import Any, cast

from rooms_bot.errors import AgentError, AgentRefused, AgentTimeout, AgentUnreachable

PAUSE = 0.5
"""Seconds before the second try, where the provider names none."""

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.I)
_SECRET = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|hf|AIza)[-_][\w*.-]{6,}|\bAIza[\w-]{20,}|(?<=Bearer )\S+", re.I)
_DECLINED = re.compile(r"content[_ ](?:policy|filter|management)|safety (?:system|policy)|moderation", re.I)


def provider_error(litellm: Any) -> type[Exception]:
    """What all of LiteLLM's errors of a call descend from: the OpenAI client's base class, not the one of its own."""
    return cast(type[Exception], litellm.exceptions.openai.OpenAIError)


def failure(litellm: Any, error: Exception) -> AgentError:
    """The neutral error for the room, with what the provider said as its detail."""
    detail = redacted(f"{type(error).__name__}: {error}")
    status = _status(error)
    if isinstance(error, litellm.Timeout):
        return AgentTimeout(detail)
    if isinstance(error, litellm.ContentPolicyViolationError) or (status in (400, 403) and _DECLINED.search(detail)):
        return AgentRefused(detail)
    if status in (401, 402, 403, 404, 429) or status >= 500:
        return AgentUnreachable(detail)
    return AgentError(detail)


def passing(error: Exception) -> bool:
    """Whether the same request may succeed soon: overloaded, broken for the moment, or the connection lost."""
    return _status(error) == 429 or _status(error) >= 500


def retry_after(error: Exception) -> float:
    """Seconds to wait before trying again."""
    headers = getattr(error, "litellm_response_headers", None) or getattr(
        getattr(error, "response", None), "headers", {}
    )
    wanted = headers.get("retry-after") if isinstance(headers, Mapping) else None
    try:
        return max(0.0, float(wanted)) if wanted else PAUSE
    except ValueError:  # the header's other form, a date
        return PAUSE


def redacted(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """`text` without the environment's secrets and what looks like a key, at most 500 characters of it."""
    for name, value in environ.items():
        if len(value) >= 8 and _SECRET_NAME.search(name):
            text = text.replace(value, "[secret]")
    return _SECRET.sub("[secret]", text)[:500]


def _status(error: Exception) -> int:
    status = getattr(error, "status_code", None)
    return int(status) if isinstance(status, int | str) and str(status).isdigit() else 0
