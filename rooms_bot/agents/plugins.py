"""The operator's plugin files: found below one folder and nowhere else, loaded again whenever they change."""

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from rooms_bot.errors import AgentError

PREFIX = "python/"


class Plugins:
    """Modules by file. Each has a name of its own, so that two files called alike do not see each other."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None
        self._loaded: dict[Path, tuple[int, ModuleType]] = {}

    def locate(self, model: str) -> tuple[Path, str]:
        """File and function behind `python/file.py:function`. Raises `AgentError` for what is not below the folder."""
        path, colon, name = model.removeprefix(PREFIX).rpartition(":")
        if not (colon and name.isidentifier() and not name.startswith("_") and path.endswith(".py")):
            raise AgentError(f"{model!r} is not of the form python/file.py:function")
        if self._folder is None:
            raise AgentError("ROOMS_PLUGINS_DIR is not set")
        file = (self._folder / path).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            raise AgentError(f"there is no file {path} in the plugins folder")
        return file, name

    def known(self, file: Path) -> ModuleType | None:
        """The module, if it is loaded as the file is now."""
        when, module = self._loaded.get(file, (0, None))
        return module if when == file.stat().st_mtime_ns else None

    def load(self, file: Path) -> ModuleType:
        """Run the file; what it raises is raised. Blocks for as long as the file takes."""
        when = file.stat().st_mtime_ns
        name = f"rooms_plugin_{hashlib.sha256(str(file).encode()).hexdigest()[:16]}_{when}"
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise AgentError(f"{file.name} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses and pickle look modules up there
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        _, old = self._loaded.get(file, (0, None))
        self._loaded[file] = when, module
        if old is not None:
            sys.modules.pop(old.__name__, None)
        return module
