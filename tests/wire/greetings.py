"""What the shipped personas say by way of introduction, which is no turn."""

from rooms_bot.store.personas import read_library

GREETINGS = frozenset(persona.greeting.strip() for persona in read_library().personas.values())
