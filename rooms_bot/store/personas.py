"""The personas there are: those shipped, and those of the operator's folders, which replace them by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import PersonaError, SetupError
from rooms_bot.store.persona_files import Finding, check, load, read

__all__ = ["Finding", "Library", "check", "load", "read_library", "report", "shipped_folder"]

MODERATOR_FILE = "moderator.md"


@dataclass(frozen=True, slots=True)
class Library:
    """Personas by casefolded name, in the order of their files; the moderator is not among them."""

    personas: Mapping[str, Persona]
    moderator: Persona
    problems: tuple[PersonaError, ...] = ()
    """Every file that could not be used, with line and reason."""
    warnings: tuple[Finding, ...] = ()

    def get(self, name: str) -> Persona | None:
        """The persona called so, in any case and with space around it."""
        return self.personas.get(name.strip().casefold())

    def names(self) -> tuple[str, ...]:
        return tuple(persona.name for persona in self.personas.values())


def shipped_folder() -> Path:
    """Where the shipped personas are: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "shipped_personas", package.parent / "personas"):
        if (folder / MODERATOR_FILE).is_file():
            return folder
    raise SetupError("The shipped personas are missing: install the program again.")


def read_library(extra: Sequence[Path] = (), shipped: Path | None = None) -> Library:
    """Read all folders, the shipped one first. Broken files and missing folders are told in `problems`.

    Raises `SetupError` only where not even a moderator can be found.
    """
    shelf = _Shelf()
    for folder in (shipped or shipped_folder(), *extra):
        shelf.add(folder)
    if shelf.moderator is None:
        raise SetupError(f"No persona folder has a {MODERATOR_FILE} that can be read.")
    return Library(
        MappingProxyType(shelf.personas), shelf.moderator, tuple(shelf.problems), (*shelf.warnings, *shelf.confusions())
    )


def report(files: Iterable[Path]) -> tuple[str, bool]:
    """What there is to say about each file, a line each, and whether all can be used. A folder means its files."""
    lines: list[str] = []
    fine = True
    for file in _expanded(files):
        persona, findings = read(file)
        fine = fine and persona is not None
        lines += map(str, findings) if findings else [f"{file}: good"]
    return "\n".join(lines), fine


def _expanded(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        yield from _files(file) if file.is_dir() else (file,)


def _files(folder: Path) -> list[Path]:
    """The folder's Markdown files that are personas; those that begin with . or _ and READMEs are for people."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.casefold() == ".md" and file.name[0] not in "._" and file.stem.casefold() != "readme"
    )


@dataclass(slots=True)
class _Shelf:
    """What has been read so far."""

    personas: dict[str, Persona] = field(default_factory=dict)
    moderator: Persona | None = None
    problems: list[PersonaError] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def add(self, folder: Path) -> None:
        """Read one folder; what it has replaces what earlier folders had under the same name."""
        try:
            files = _files(folder)
        except OSError as error:
            self.problems.append(PersonaError(str(folder), f"the folder cannot be read: {error.strerror}"))
            return
        here: dict[str, Path] = {}
        for file in files:
            persona, findings = read(file)
            self.problems += [finding.raised() for finding in findings if finding.severity == "error"]
            self.warnings += [finding for finding in findings if finding.severity == "warning"]
            if persona is not None:
                self._place(persona, file, here)

    def _place(self, persona: Persona, file: Path, here: dict[str, Path]) -> None:
        key = persona.name.casefold()
        if file.name.casefold() == MODERATOR_FILE:
            self.moderator = persona
        elif key in here:
            reason = f"{persona.name!r} is already the name of {here[key].name} in the same folder"
            self.problems.append(PersonaError(str(file), reason))
        else:
            here[key] = file
            self.personas[key] = persona

    def confusions(self) -> Iterator[Finding]:
        """A warning where an agent has the moderator's name."""
        if self.moderator is not None and self.moderator.name.casefold() in self.personas:
            sentence = f"{self.moderator.name!r} is the name of an agent and of the moderator"
            yield Finding(Path(MODERATOR_FILE), None, "warning", sentence)
