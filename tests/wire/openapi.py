"""Checks what a bot sends and the sandbox answers against Discord's published OpenAPI description."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from rooms_bot.sandbox.rest.api import Exchange

Wire = dict[str, Any]
PATH = Path(__file__).parents[3] / "shared" / "discord" / "openapi.json"
_JSON, _FORM = "application/json", "multipart/form-data"

# Where the description differs from Discord: fields it does not know,
_UNDESCRIBED = frozenset({"tts", "nsfw", "dm_permission", "payload_json"})
_UNDESCRIBED_IN = {"RichEmbed": frozenset({"flags"})}
# what discord.py says in the query so that a forum's post is read as it is described,
_UNDESCRIBED_QUERY = frozenset({"use_nested_fields"})
# requests whose first branch is the one meant,
_FIRST_BRANCH = frozenset({"execute_webhook"})
# and messages it lets grow to 4,000 characters.
_SHORT = ("MessageCreateRequest", "BaseCreateMessageCreateRequest", "MessageEditRequestPartial")


class Description:
    """The description, with its known differences from Discord mended; schemas are compiled at first use."""

    def __init__(self, path: Path = PATH) -> None:
        self._document: Wire = json.loads(path.read_text())
        self._sent: Wire = json.loads(path.read_text())
        # The codes of single faults are words, in Discord's reference and answers.
        inner = self._document["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]
        inner["items"] = {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code", "message"]}
        schemas = self._sent["components"]["schemas"]
        # Discord takes ids as numbers too, and answers with strings.
        schemas["SnowflakeType"] = {"type": ["string", "integer"], "pattern": r"^(0|[1-9][0-9]*)$"}
        # Commands take media channels too.
        schemas["ChannelTypes"]["oneOf"].append({"const": 16})
        # Permissions are strings in Discord's reference, and either is taken.
        for schema in schemas.values():
            permissions = schema.get("properties", {}).get("default_member_permissions")
            if permissions and "integer" in permissions.get("type", ()):
                permissions["type"] = ["integer", "string", "null"]
        for name in _SHORT:
            schemas[name]["properties"]["content"]["maxLength"] = 2000
        self._validators: dict[tuple[bool, str], jsonschema_rs.Validator] = {}
        self._known: dict[tuple[str, str], list[str]] = {}
        """What was found unknown in what was sent: every bot that starts sends the same commands."""

    def faults(self, exchange: Exchange) -> Iterator[str]:
        """One sentence for each difference; a refused request is not judged, only the refusal."""
        where = f"{exchange.method} {exchange.template}"
        operation = self._operation(exchange)
        if operation is None:
            yield f"{where}: not described"
            return
        if exchange.status < 400:
            yield from (f"{where}: {fault}" for fault in self._request(exchange, operation))
        yield from (f"{where} → {exchange.status}: {fault}" for fault in self._response(exchange, operation))

    def _operation(self, exchange: Exchange) -> Wire | None:
        found: Wire | None = self._sent["paths"].get(exchange.template, {}).get(exchange.method.lower())
        return found

    # -- what the bot sends

    def _request(self, exchange: Exchange, operation: Wire) -> Iterator[str]:
        shared = self._sent["paths"][exchange.template].get("parameters", [])
        known = {p["name"] for p in [*shared, *operation.get("parameters", [])] if p["in"] == "query"}
        yield from (
            f"unknown query parameter {name}" for name in exchange.query if name not in known | _UNDESCRIBED_QUERY
        )
        described = operation.get("requestBody", {}).get("content", {})
        kind = _JSON if _JSON in described else _FORM
        if exchange.request is None or not described:
            if operation.get("requestBody", {}).get("required"):
                yield "body missing"
            return
        at = f"{_pointer(exchange)}/requestBody/content/{_escaped(kind)}/schema"
        if operation["operationId"] in _FIRST_BRANCH:
            at += "/anyOf/0"
        yield from self._invalid(at, exchange.request, sent=True)
        seen = (at, json.dumps(exchange.request))
        if seen not in self._known:
            self._known[seen] = list(self._unknown({"$ref": f"#{at}"}, exchange.request, ""))
        yield from self._known[seen]

    def _unknown(self, schema: Wire, data: Any, at: str) -> Iterator[str]:
        """Fields no branch of the schema knows."""
        branches = list(self._branches(schema, data))
        if isinstance(data, list):
            items: Wire = next((b["items"] for b in branches if "items" in b), {})
            for place, item in enumerate(data):
                yield from self._unknown(items, item, f"{at}/{place}")
        if not isinstance(data, dict) or any(b.get("additionalProperties") for b in branches):
            return
        known: Wire = {}
        for branch in branches:
            known |= branch.get("properties", {})
        free = _UNDESCRIBED | frozenset().union(*(_UNDESCRIBED_IN.get(b.get("_name", ""), ()) for b in branches))
        for key, value in data.items():
            if key in known:
                yield from self._unknown(known[key], value, f"{at}/{key}")
            elif key not in free:
                yield f"unknown field {at}/{key}"

    def _branches(self, schema: Wire, data: Any, name: str = "") -> Iterator[Wire]:
        """The schema and all it refers to, without alternatives for another `type`."""
        while "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            schema = _resolve(self._sent, schema["$ref"])
        kinds = schema.get("properties", {}).get("type", {}).get("enum")
        if kinds and isinstance(data, dict) and data.get("type", kinds[0]) not in kinds:
            return
        yield {**schema, "_name": name}
        for key in ("allOf", "anyOf", "oneOf"):
            for branch in schema.get(key, []):
                yield from self._branches(branch, data)

    # -- what the sandbox answers

    def _response(self, exchange: Exchange, operation: Wire) -> Iterator[str]:
        status = str(exchange.status)
        key = status if status in operation["responses"] else f"{status[0]}XX"
        if key not in operation["responses"]:
            yield "status not described"
            return
        at = f"{_pointer(exchange)}/responses/{key}"
        described = operation["responses"][key]
        if "$ref" in described:
            at = described["$ref"].removeprefix("#")
            described = _resolve(self._document, described["$ref"])
        if _JSON not in described.get("content", {}):
            if exchange.response is not None:
                yield "body where none is described"
            return
        yield from self._invalid(f"{at}/content/{_escaped(_JSON)}/schema", exchange.response, sent=False)

    def _invalid(self, pointer: str, data: Any, *, sent: bool) -> Iterator[str]:
        validator = self._validators.get((sent, pointer))
        if validator is None:
            document = self._sent if sent else self._document
            registry = jsonschema_rs.Registry([("https://discord.com/openapi", document)])
            schema = {"$ref": f"https://discord.com/openapi#{pointer}"}
            validator = jsonschema_rs.Draft202012Validator(schema, registry=registry)
            self._validators[(sent, pointer)] = validator
        for error in validator.iter_errors(data):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"


class Ledger:
    """Hung into a sandbox as `sandbox.observe`: keeps every exchange and each fault found in it."""

    def __init__(self, description: Description) -> None:
        self.faults: list[str] = []
        self.exchanges: list[Exchange] = []
        self._description = description

    def __call__(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self.faults.extend(self._description.faults(exchange))


def _pointer(exchange: Exchange) -> str:
    return f"/paths/{_escaped(exchange.template)}/{exchange.method.lower()}"


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _resolve(document: Wire, reference: str) -> Wire:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        part = part.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~")
        node = node[int(part)] if isinstance(node, list) else node[part]
    found: Wire = node
    return found
