"""What may go wrong with a persona's name without making it unusable."""

from collections.abc import Iterator

from rooms_bot.domain.lookalikes import readable
from rooms_bot.domain.personas import RESERVED
from rooms_bot.i18n import _

REFUSED_PARTS = ("clyde", "discord", "```")
"""Webhook names with these are answered with USERNAME_INVALID_CONTAINS (Discord's documentation, Webhook resource)."""

REFUSED_WHOLE = frozenset({"everyone", "here"})
"""Reported to be refused as whole names (discord-api-docs#1229)."""

COMMON_WORDS = frozenset(
    """
    able abbey access agent amber angel answer anyone april arch art ash aspen august autumn baker bank basil bay beach
    bear believe berry best bill bird bishop blaze bliss blue bob bot bow boy bridge brook brown buck bud buddy butcher
    can candy captain carol case cat chad chair chance charity chase chef cherry chip chuck clay clear cliff coach cole
    colt cook cooper coral crew cricket critic curt daisy dale dawn day deacon dean destiny doc doctor dog dolly don
    dot drew duke dusty earl east echo ember eve ever everyone expert faith fern field fisher flint flora forest fox
    frank friend game gay gem gene general genesis ginger glen good grace grant gray green grey guest guide gunner
    guy hale hank happy harmony harp hart have hazel heath heather heaven helper hero holly honey hope host hunt hunter
    iris ivy jack jade jasmine jay jazz jean jet jewel jimmy joy judge judy june just justice king lance lane lark
    laurel leaf lily link lock lord love luck lucky major man march mark marsh mason master max may me melody mercy
    merit mike miles mill miller misty model moss nick noble norm north nova oak ocean olive opal page paige
    paint pat patience paul peace pearl peg penny people pepper phoenix pierce piper poppy porter precious prince
    prudence quill rain ranger ray red reed reef rich river rob robin rock rocket rose rosemary rowan royal ruby rue
    rush rusty sage sandy scout serenity shade shepherd sister sky smith sol someone sonny spring star steel sterling
    stone storm stormy sue summer sunny tab tad taylor teacher temple terry think this thorn tiger trace tracy trip
    tucker turner user violet wade walker ward way we well west wheeler who will willow wind winter wise wolf wood
    woody wren you young zen
    """.split()  # noqa: SIM905 - a hundred quotation marks would make it worse to read
)
"""English words that are also given names, and others somebody may call an agent; said, they rarely mean one."""


def taken(name: str) -> bool:
    """Whether Discord refuses the name, or it means something else in a room; letters of other scripts do not help."""
    seen = readable(name).casefold()
    return any(part in seen.replace(" ", "") for part in REFUSED_PARTS) or seen in REFUSED_WHOLE | RESERVED


def doubts(name: str) -> Iterator[str]:
    """Sentences about `name`, each a warning; none for a good one."""
    folded = name.casefold()
    for part in REFUSED_PARTS:
        if part in folded:
            yield _("Discord refuses names with {part} in them: another spelling will be shown").format(part=repr(part))
    if folded in REFUSED_WHOLE:
        yield _("Discord refuses the name {name}: another spelling will be shown").format(name=repr(name))
    if folded in COMMON_WORDS:
        said = _("{word} is a common word: the agent answers to @{name}, not to the bare word")
        yield said.format(word=repr(name), name=name)
    if "," in name:
        yield _("the name has a comma, and commas separate names in `/room start agents:`: it cannot be chosen there")
    if "@" in name:
        yield _("the name has an @, and an @ begins a name in a message: nobody will be able to address it")
