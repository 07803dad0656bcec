"""One gateway connection's conversation: identify, beat, resume, ask for members."""

import asyncio
import json
import secrets
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from rooms_bot.sandbox import intents as wanted
from rooms_bot.sandbox import views
from rooms_bot.sandbox.gateway_faults import GatewayFaults
from rooms_bot.sandbox.greetings import chunk, guilds_of, ready
from rooms_bot.sandbox.sending import Sending
from rooms_bot.sandbox.session import Outgoing, Session, Sessions
from rooms_bot.sandbox.world import MEMBERS, PRIVILEGED

Wire = dict[str, Any]
DISPATCH, BEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, CHUNKS = 0, 1, 2, 3, 4, 6, 7, 8
INVALID, HELLO, ACK = 9, 10, 11
ACK_AFTER = 0.02
"""Seconds: discord.py notes when it sent a beat only after sending it; an answer before that counts as late."""
ENDING = frozenset({1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
"""Close codes after which a session is gone."""


def control(op: int, data: Any = None) -> Wire:
    return {"op": op, "d": data, "t": None, "s": None}


class Refused(Exception):
    """The connection ends with this close code.

    https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Connection:
    """One socket: reads what the client sends, writes what its line holds."""

    def __init__(
        self, sessions: Sessions, faults: GatewayFaults, request: web.Request, socket: web.WebSocketResponse
    ) -> None:
        self.sending = Sending(request, socket)
        self.line = self.sending.line
        self.session: Session | None = None
        self._faults = faults
        self._sessions = sessions
        self._world = sessions.world
        self._limits = sessions.limits
        self._socket = socket

    async def talk(self) -> None:
        """Until either side closes."""
        self._greet()
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(self.sending.run())
            try:
                await self._read()
            except Refused as refusal:
                self.line.put_nowait(refusal.code)
                await asyncio.wait([writer], timeout=1)
            finally:
                writer.cancel()

    def _greet(self) -> None:
        if self._faults.speechless:
            self._faults.speechless -= 1
        else:
            interval = int(self._limits.heartbeat * 1000)
            self.line.put_nowait(control(HELLO, {"heartbeat_interval": interval, "_trace": []}))

    def leave(self) -> None:
        """A client answers a close with a code of its own, so ours counts where there is one."""
        session, code = self.session, self.sending.code or self._socket.close_code
        if session is not None and session.line is self.line:
            self._sessions.lose(session)
            if code in ENDING:
                self._sessions.end(session)

    # -- reading

    async def _read(self) -> None:
        while True:
            try:
                received = await self._socket.receive(timeout=self._limits.heartbeat * 2)
            except TimeoutError:
                raise Refused(4009, "Session timed out.") from None
            if received.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._take(_payload(received.data))

    def _take(self, payload: Wire) -> None:
        op, data = payload["op"], payload.get("d")
        if op == BEAT:
            if self._faults.acknowledging:
                asyncio.get_running_loop().call_later(ACK_AFTER, self.line.put_nowait, control(ACK))
        elif op == IDENTIFY:
            self._identify(_fields(data))
        elif op == RESUME:
            self._resume(_fields(data))
        elif op not in (PRESENCE, VOICE, CHUNKS):
            raise Refused(4001, "Unknown opcode.")
        elif self.session is None:
            raise Refused(4003, "Not authenticated.")
        elif op == CHUNKS:
            self._members(self.session, _fields(data))

    def _check_token(self, data: Wire) -> None:
        if self.session is not None:
            raise Refused(4005, "Already authenticated.")
        token = str(data.get("token", "")).removeprefix("Bot ")
        if not secrets.compare_digest(token.encode(), self._world.token.encode()):
            raise Refused(4004, "Authentication failed.")

    def _identify(self, data: Wire) -> None:
        self._check_token(data)
        asked, shard = data.get("intents"), data.get("shard") or [0, 1]
        if not isinstance(asked, int) or asked & ~wanted.KNOWN:
            raise Refused(4013, "Invalid intent(s).")
        if asked & PRIVILEGED & ~self._world.privileged:
            raise Refused(4014, "Disallowed intent(s).")
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            raise Refused(4010, "Invalid shard.")
        if self._meets(self._faults.identifies):
            return
        self.session = session = self._sessions.start(asked, (shard[0], shard[1]), self.line)
        self._welcome(session, shard)

    def _welcome(self, session: Session, shard: list[int]) -> None:
        session.dispatch("READY", ready(self._world, session, shard))
        if self._meets(self._faults.after_ready):
            self._sessions.lose(session)
        for guild in guilds_of(self._world, session) if session.intents & wanted.GUILDS else []:
            if guild.id in self._world.unavailable:
                continue
            whole = bool(session.intents & MEMBERS)
            me = self._world.bot_id
            session.dispatch("GUILD_CREATE", views.guild_create(self._world, guild, me, all_members=whole))

    def _resume(self, data: Wire) -> None:
        self._check_token(data)
        if self._meets(self._faults.resumes):
            return
        session = self._sessions.find(data.get("session_id"))
        sequence = data.get("seq") or 0
        if session is None or not session.can_resume(sequence):
            self.line.put_nowait(control(INVALID, False))
            return
        if sequence > session.sequence:
            raise Refused(4007, "Invalid seq.")
        self._sessions.resumed += 1
        if session.line is not None:
            session.line.put_nowait(4000)
        self.session = session
        session.resume(sequence - self._faults.again, self.line)

    def _meets(self, faults: deque[Outgoing] | deque[int]) -> bool:
        """Whether something goes wrong now: it is sent instead."""
        if faults:
            self.line.put_nowait(faults.popleft())
            return True
        return False

    def _members(self, session: Session, data: Wire) -> None:
        """Op 8: by the beginning of a name, or by ids; the answer names those not found and echoes the nonce."""
        guild = self._world.guilds.get(str(data.get("guild_id")))
        if guild is None or self._world.bot_id not in guild.members:
            return
        if data.get("user_ids") is None and not data.get("query") and not session.intents & MEMBERS:
            raise Refused(4014, "Disallowed intent(s).")
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk(guild, data))


def _payload(data: str | bytes) -> Wire:
    """A client's payload: JSON, in a text frame or a binary one."""
    try:
        payload = json.loads(data)
    except ValueError:
        raise Refused(4002, "Error while decoding payload.") from None
    if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
        raise Refused(4002, "Error while decoding payload.")
    return payload


def _fields(data: object) -> Wire:
    if not isinstance(data, dict):
        raise Refused(4002, "Error while decoding payload.")
    return data
