"""Discord's refusals: an HTTP status, a JSON error code, a sentence and, for forms, the path to each fault."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Discord says no: `status` of HTTP, `code` of its JSON error codes, `errors` nested by field."""

    def __init__(self, status: int, code: int, message: str, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{message} ({status}, code {code}){_faults(errors)}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def wire(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def _faults(errors: Mapping[str, Any] | None, path: str = "") -> str:
    if not errors:
        return ""
    own = "".join(f"; {path}: {fault['message']}" for fault in errors.get("_errors", []))
    return own + "".join(_faults(e, f"{path}.{k}".lstrip(".")) for k, e in errors.items() if k != "_errors")


class Form:
    """Collects the faults of one request body, to be told all at once as error 50035."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def fault(self, path: str, code: str, message: str) -> None:
        """`path` is dotted, as `embeds.0.title`; empty for the body as a whole."""
        node = self.errors
        for part in filter(None, path.split(".")):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def close(self) -> None:
        if self.errors:
            raise Refusal(400, 50035, "Invalid Form Body", self.errors)


def form_fault(path: str, code: str, message: str) -> Refusal:
    form = Form()
    form.fault(path, code, message)
    return Refusal(400, 50035, "Invalid Form Body", form.errors)


# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN = {
    "application": 10002,
    "channel": 10003,
    "guild": 10004,
    "member": 10007,
    "message": 10008,
    "overwrite": 10009,
    "role": 10011,
    "user": 10013,
    "emoji": 10014,
    "webhook": 10015,
    "interaction": 10062,
    "tag": 10087,
    "application command": 10063,
}
_REFUSED = {
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40060: (400, "Interaction has already been acknowledged."),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Cannot send messages in a locked thread"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


def unknown(what: str) -> Refusal:
    """404 with the code for a thing that is not there, as `unknown("channel")`."""
    return Refusal(404, _UNKNOWN[what], f"Unknown {what.title()}")


def refused(code: int) -> Refusal:
    """One of Discord's refusals that need nothing but their code."""
    status, message = _REFUSED[code]
    return Refusal(status, code, message)
