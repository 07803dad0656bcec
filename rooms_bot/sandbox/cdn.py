"""The CDN: emojis, avatars and attachments, under the addresses Discord gives them."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from aiohttp import web

from rooms_bot.sandbox.images import plain_face
from rooms_bot.sandbox.things import File
from rooms_bot.sandbox.world import World


def routes(world: World) -> list[web.RouteDef]:
    async def serve(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        face = _face(world, path)
        if face is not None and face.startswith(world.cdn_url):
            raise web.HTTPFound(face)
        found = _find(world, path)
        if found is None:
            raise web.HTTPNotFound(text="")
        return web.Response(body=found.data, content_type=found.content_type.split(";")[0], headers=_headers(path))

    return [web.get("/cdn/{path:.+}", serve)]


def _headers(path: str) -> Mapping[str, str]:
    """Nothing that was uploaded is ever run as a page."""
    safe = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return safe | ({"Content-Disposition": "attachment"} if path.startswith("attachments/") else {})


def _face(world: World, path: str) -> str | None:
    """Where a webhook message's own avatar really lies, if its hash stands for an address."""
    return world.faces.get(PurePosixPath(path).stem) if path.startswith("avatars/") else None


def _find(world: World, path: str) -> File | None:
    if path in world.files:
        return world.files[path]
    stem = str(PurePosixPath(path).with_suffix(""))
    if stem in world.files:
        return world.files[stem]
    if path.startswith(("embed/avatars/", "avatars/")):
        return plain_face(sum(stem.encode()))
    return None
