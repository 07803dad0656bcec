"""Commands in the languages of the catalogues: descriptions, options and choices, and the names of context menus."""

from discord import Locale
from discord.app_commands import ContextMenu, TranslationContextTypes, Translator, locale_str
from discord.app_commands import TranslationContextLocation as At

from rooms_bot.i18n import _, has_words, speaking

LONGEST = 100
"""Characters of a description or of a choice's name, in any language."""
LONGEST_NAME = 32
"""Characters of a command's name."""

SAID = (At.command_description, At.group_description, At.parameter_description, At.choice_name)


def is_said(context: TranslationContextTypes) -> bool:
    """Whether this is a sentence to be translated.

    The names of commands and options are not: sentences, the documentation and people who help each other call a
    command by its name, which is the same for all of them. Nobody types the name of a context menu.
    """
    named = context.location is At.command_name and isinstance(context.data, ContextMenu)
    return context.location in SAID or named


class CommandTranslator(Translator):
    """Asked by discord.py when the commands are registered. What it has no words for stays English."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        if not has_words(locale.value) or not is_said(context):
            return None
        with speaking(locale.value):
            said = _(string.message)
        longest = LONGEST_NAME if context.location is At.command_name else LONGEST
        return said if said != string.message and len(said) <= longest else None
