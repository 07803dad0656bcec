"""The tree of errors: each is named for what happened and says it in a sentence for the one who caused it.

RoomsError
├── SetupError            the operator must change something; the program ends with exit code 2
├── Refused               a person asked for something that cannot be; the sentence is their answer
├── PersonaError          a persona file that cannot be read
├── OutletGone            the channel, the webhook or the right to post is gone
├── PostRefused           one post was not accepted; others may be
│   └── PostBlocked       it says what the server does not allow
└── AgentError            an agent's turn failed; the sentence is neutral enough for the channel
    ├── AgentTimeout
    ├── AgentUnreachable
    ├── AgentRefused
    └── AgentEmpty
"""

from rooms_bot.i18n import N_, _


class RoomsError(Exception):
    """Anything this program raises on purpose; `str()` of it is a sentence a person can read.

    It is said in the language of who reads it: `sentence` is translated then, and `values` put in by name.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values

    def __str__(self) -> str:
        said = _(self.sentence)
        return said.format(**self.values) if self.values else said


class SetupError(RoomsError):
    """The set-up is wrong; the sentence tells the operator what to do."""


class Refused(RoomsError):
    """A request that cannot be granted; the sentence is the answer to the one who asked."""


class PersonaError(RoomsError):
    """A persona file that cannot be used."""

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        self.file, self.reason, self.line = file, reason, line
        where = N_("{file}, line {line}: {reason}") if line else N_("{file}: {reason}")
        super().__init__(where, file=file, line=line, reason=reason)


class OutletGone(RoomsError):
    """Nothing can be posted there any more: deleted, or the right to do it was taken."""


class PostRefused(RoomsError):
    """What an agent said was not accepted. `detail` is for the log only."""

    phrase = N_("spoke, but Discord did not accept it")

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(self.phrase)


class PostBlocked(PostRefused):
    """What an agent would have said is not allowed on this server. `detail` says by which rule, without its words."""

    phrase = N_("was kept from saying something this server does not allow")

    def __init__(self, rule: str, **named: object) -> None:
        super().__init__(rule.format(**named))
        self._rule, self._named = rule, named

    @property
    def rule(self) -> str:
        """By which rule, in the language of who reads it; `detail` is English."""
        return _(self._rule).format(**self._named)


class AgentError(RoomsError):
    """An agent's turn failed. `detail` is for the log only and never shown: it may quote the provider."""

    phrase = N_("could not answer")

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(self.phrase)


class AgentTimeout(AgentError):
    """The answer did not come within the agent's time."""

    phrase = N_("took too long to answer")


class AgentUnreachable(AgentError):
    """The model could not be reached, is overloaded or refuses the key."""

    phrase = N_("could not be reached")


class AgentRefused(AgentError):
    """The provider declined to answer this content."""

    phrase = N_("was not allowed to answer by its provider")


class AgentEmpty(AgentError):
    """The model answered with nothing."""

    phrase = N_("had nothing to say")
