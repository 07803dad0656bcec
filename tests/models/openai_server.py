"""A small OpenAI-compatible server on the loopback that answers by a script and fails on request."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Text:
    """An answer with its particulars; `chunk` is characters a piece when streamed, 0 a word a piece."""

    text: str
    chunk: int = 0
    finish: str = "stop"
    delay: float = 0
    """Seconds before the first byte."""


@dataclass(frozen=True, slots=True)
class Status:
    """A refusal with this HTTP status."""

    status: int
    message: str = "no"
    code: str | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is lost after `text` was streamed; with none, before any answer."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """Streams `text`, then nothing until `released` is set or the client is gone; then streams `then`, or is cut."""

    released: asyncio.Event = field(default_factory=asyncio.Event)
    text: str = ""
    then: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Garbage:
    """A 200 with a body that is no answer at all."""

    body: str = "<html>not a model</html>"
    kind: str = "text/html"


Answer = str | Text | Status | Cut | Hang | Garbage
Asked = dict[str, Any]
"""The body of a chat request."""
Embedded = list[Any] | Status | Hang | Garbage | Cut
"""Vectors, or whatever stands in their place."""
Script = Answer | Sequence[Answer] | Callable[[Asked], Answer | Awaitable[Answer]]


class OpenAIServer:
    """`async with OpenAIServer(answer) as server:` serves at `server.base_url` until it is left.

    `answer` is one answer for all, a list to be given in turn (the last one for ever after), or a function of the
    request; `embed` gives the vectors of texts. What was asked is in `requests`, newest last, with its headers in
    `headers`.
    """

    def __init__(
        self,
        answer: Script = "It depends.",
        models: Sequence[str] = ("test",),
        port: int = 0,
        embed: Callable[[list[str]], Embedded] = lambda texts: [[1.0] for _ in texts],
    ) -> None:
        self._script, self._models, self._port, self.embed = answer, models, port, embed
        self._given: Iterator[Answer] | None = None if isinstance(answer, str) else _in_turn(answer)
        self._news = asyncio.Condition()
        self.requests: list[Asked] = []
        self.embedded: list[list[str]] = []
        """The texts of each request for vectors."""
        self.headers: list[Mapping[str, str]] = []
        self.connections = 0
        self.gone = asyncio.Event()
        """Set when a client left before its answer was complete."""
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/embeddings", self._vectors)
        app.router.add_get("/v1/models", self._list)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def asked(self, count: int) -> Asked:
        """The `count`-th request (from 1), waiting for it."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.requests) >= count)
        return self.requests[count - 1]

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": model, "object": "model"} for model in self._models]}
        )

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body: Asked = await request.json()
        async with self._news:
            self.requests.append(body)
            self.headers.append(dict(request.headers))
            self._news.notify_all()
        answer = await self._answer(body)
        try:
            return await self._give(request, body, answer)
        except (asyncio.CancelledError, ConnectionResetError):
            self.gone.set()
            raise

    async def _vectors(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.embedded.append(body["input"])
        match made := self.embed(body["input"]):
            case Status():
                return _refusal(made)
            case Garbage():
                return web.Response(text=made.body, content_type="text/html")
            case Cut():
                return _cut(request)
            case Hang():
                await made.released.wait()
                return _cut(request)
        data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(made)]
        usage = {"prompt_tokens": len(body["input"]), "total_tokens": len(body["input"])}
        return web.json_response({"object": "list", "model": body["model"], "data": data[::-1], "usage": usage})

    async def _answer(self, body: Asked) -> Answer:
        if callable(self._script):
            made = self._script(body)
            return await made if isinstance(made, Awaitable) else made
        return next(self._given) if self._given else str(self._script)

    async def _give(self, request: web.Request, body: Asked, answer: Answer) -> web.StreamResponse:
        match answer:
            case Status():
                return _refusal(answer)
            case Garbage():
                return web.Response(text=answer.body, content_type=answer.kind)
            case Cut(text="") | Hang(text="") if not body.get("stream"):
                pass
        if isinstance(answer, Text) and answer.delay:
            await asyncio.sleep(answer.delay)
        if body.get("stream"):
            return await _stream(request, body, answer)
        if isinstance(answer, Hang):
            await answer.released.wait()
        if isinstance(answer, Cut):
            return _cut(request)
        return web.json_response(_whole(body, answer))


def _in_turn(script: object) -> Iterator[Answer]:
    answers: list[Answer] = list(script) if isinstance(script, Sequence) else [script]  # type: ignore[list-item]
    yield from answers
    while True:
        yield answers[-1]


def _refusal(answer: Status) -> web.Response:
    headers = {"retry-after": answer.retry_after} if answer.retry_after is not None else {}
    error = {"message": answer.message, "type": "error", "param": None, "code": answer.code}
    return web.json_response({"error": error}, status=answer.status, headers=headers)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.StreamResponse()


def _pieces(answer: Answer) -> tuple[list[str], str]:
    text = answer if isinstance(answer, str) else answer.text if isinstance(answer, Text | Cut | Hang) else ""
    size = answer.chunk if isinstance(answer, Text) else 0
    finish = answer.finish if isinstance(answer, Text) else "stop"
    if size:
        return [text[at : at + size] for at in range(0, len(text), size)], finish
    words = text.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:] if text else [], finish


def _usage(body: Asked, text: str) -> dict[str, int]:
    prompt = sum(len(str(message.get("content", "")).encode()) for message in body["messages"]) // 4
    answer = len(text.encode()) // 4
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _whole(body: Asked, answer: Answer) -> dict[str, Any]:
    pieces, finish = _pieces(answer)
    text = "".join(pieces)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
    return _head(body, "chat.completion") | {"choices": [choice], "usage": _usage(body, text)}


def _head(body: Asked, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body["model"]}


async def _stream(request: web.Request, body: Asked, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    if isinstance(answer, Cut) and not answer.text:
        return _cut(request)
    await response.prepare(request)
    pieces, finish = _pieces(answer)
    for piece in pieces:
        await _send(response, body, [{"index": 0, "delta": {"role": "assistant", "content": piece}}])
    if isinstance(answer, Hang):
        await answer.released.wait()
        if answer.then:
            await _send(response, body, [{"index": 0, "delta": {"role": "assistant", "content": answer.then}}])
    if isinstance(answer, Cut) or (isinstance(answer, Hang) and answer.cut):
        return _cut(request)
    await _send(response, body, [{"index": 0, "delta": {}, "finish_reason": finish}])
    if (body.get("stream_options") or {}).get("include_usage"):
        await _send(response, body, [], usage=_usage(body, "".join(pieces)))
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


async def _send(response: web.StreamResponse, body: Asked, choices: list[Any], **more: Any) -> None:
    chunk = _head(body, "chat.completion.chunk") | {"choices": choices} | more
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
