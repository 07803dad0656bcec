"""What those are told who look at a server's personas."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import listing
from rooms_bot.domain.personas import Persona
from rooms_bot.engine.shelf import MOST, Shelf
from rooms_bot.i18n import _, ngettext
from rooms_bot.store.personas import Library

LONGEST = 2000
"""Characters of a message."""
MOST_FILES = 10


def catalogue(shelf: Shelf, guild: int | None) -> str:
    """All personas of a server, its own first and marked."""
    own, shared = shelf.own(guild), {persona.name.casefold() for persona in shelf.shared.values()}
    lines = [_entry(one, _mark(one.name.casefold() in shared)) for one in own]
    lines += [_entry(one) for one in shelf.all(guild)[len(own) :]]
    count = ngettext(
        "{count} persona of this server's own, of {most}.", "{count} personas of its own, of {most}.", len(own)
    )
    return cut([*lines, f"-# {count.format(count=len(own), most=MOST)}"])


def _mark(replaces: bool) -> str:
    return _("this server's own, in place of another") if replaces else _("this server's own")


def _entry(persona: Persona, mark: str = "") -> str:
    marked = f" ({mark})" if mark else ""
    role = f", {plain(persona.role)}" if persona.role else ""
    return f"- **{plain(persona.name)}**{marked}{role}"


def card(persona: Persona, voice: str, *, own: bool, host: bool) -> str:
    """All there is to know of one; how long the prompt is, for hosts. `voice` is how it speaks, in words."""
    prompt = _("Its prompt has {count} characters: `/persona export` gives you all of it.")
    lines = [
        _entry(persona, _("this server's own") if own else "").removeprefix("- "),
        plain(persona.description),
        _("It speaks {voice}.").format(voice=voice),
        _("It remembers nothing: it sees only what it answers.") if persona.memory == "none" else "",
        _some(_("It knows about: {words}."), persona.expertise),
        _some(_("It is found by the words: {words}."), persona.expansion),
        _("Says hello with: {words}").format(words=plain(persona.greeting)) if persona.greeting else "",
        prompt.format(count=len(persona.prompt)) if own and host else "",
    ]
    return cut([line for line in lines if line])


def _some(sentence: str, words: Iterable[str]) -> str:
    listed = ", ".join(map(plain, words))
    return sentence.format(words=listed[:600]) if listed else ""


def reloaded(old: Library, new: Library) -> str:
    """What the operator's files have that they did not have, and what is wrong with them: their names, no paths."""
    lines = [_("The personas are read anew.") if old.personas != new.personas else _("All personas are as they were.")]
    lines += _changes(old, new)
    if old.moderator != new.moderator:
        lines.append(_("The moderator is another one, from the next room on."))
    wrong = [_place(Path(fault.file).name, fault.line) for fault in new.problems]
    if wrong:
        lines += [_("These files cannot be used; the operator finds the reasons in the log:"), *wrong[:MOST_FILES]]
    return cut(lines)


def _place(file: str, line: int | None) -> str:
    return _("- {file}, line {line}").format(file=plain(file), line=line) if line else f"- {plain(file)}"


def _changes(old: Library, new: Library) -> Iterator[str]:
    both = old.personas.keys() & new.personas.keys()
    groups = (
        (_("New: {names}."), [one.name for key, one in new.personas.items() if key not in both]),
        (
            _("Changed: {names}."),
            [one.name for key, one in new.personas.items() if key in both and one != old.personas[key]],
        ),
        (_("Gone: {names}."), [one.name for key, one in old.personas.items() if key not in both]),
    )
    return (sentence.format(names=listing(map(plain, names))) for sentence, names in groups if names)


def cut(lines: Iterable[str]) -> str:
    """As many whole lines as fit into a message, and how many more there are."""
    told, left = "", list(lines)
    while left and len(told) + len(left[0]) < LONGEST - 40:
        told += f"{left.pop(0)}\n"
    more = ngettext("… and {count} more line", "… and {count} more lines", len(left)).format(count=len(left))
    return (f"{told}{more}" if left else told).strip()
