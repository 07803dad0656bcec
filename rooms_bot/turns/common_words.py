"""Names that are also common words: these are addressed with the @ only, or every other sentence would be to them."""

from rooms_bot.turns.folding import folded

_WORDS = """
well will may might must can do page mark hope art bill rose grace frank rich sunny joy faith dawn pat sue drew chase
miles norm guy buddy chip cliff clay skip stone summer autumn winter spring april june august march sky star penny
king queen prince princess major captain doctor chef boss judge fact now so yes no ok okay right sure true first
second next then maybe perhaps please thanks sorry again today tomorrow here there man woman dude folks everyone
everybody friend friends love dear honey baby son mom dad sir madam assistant user agent bot reason logic truth
justice patience chance sage read reed rusty misty stormy sandy dusty cherry basil ginger rosemary pepper olive violet
lily daisy pearl ruby amber crystal jade opal silver gold brown black white green gray grey red blue earnest jolly
merry noble wise swift bright duke earl baron bishop hunter mason banks church forest woods fields hill lane brook
river rain snow storm young long short small case cash dash bond trace fox bear wolf hawk dove crane finch honor merit
charity mercy destiny melody harmony angel general private sergeant fine good great nice wow oh ah hey hi hello bye
also and but or if as anyway however still though instead otherwise indeed actually honestly clearly finally overall
meanwhile question answer note warning idea example problem point news time money life people python java rust swift
go echo scout nova

gut also ja nein nun doch klar genau ernst mut stern kaiser könig herr frau leider danke bitte mai juni juli sommer
engel glück heil hart klein lang kurz kraus jung alt bald wohl eben selig natürlich vielleicht sicher richtig

bon bien oui non alors enfin juste constant parfait fleur reine roi avril mai juin juillet août bonjour merci voilà
certes

bueno bien pues sí luz sol mar paz rosa cruz esperanza consuelo dolores pilar mercedes gracia gracias linda bella
blanca franco rey reina abril mayo junio julio agosto domingo claro hola vale santo león
"""

COMMON = frozenset(map(folded, _WORDS.split()))
"""English, German, French and Spanish words that are names too and often stand beside a comma."""


def needs_at(name: str) -> bool:
    """Whether somebody of this name is only heard to be addressed when it is written with an @."""
    called = folded(name)
    return len(called) < 2 or called in COMMON
