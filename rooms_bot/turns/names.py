"""Names that are also common words: these are addressed with the @ only, or every other sentence would be to them."""

from rooms_bot.turns.folding import folded

_ENGLISH = """
well will may mark page hope art bill rose grace frank rich sunny joy faith dawn pat sue drew chase miles norm guy buddy
chip cliff clay rob skip stone summer autumn winter spring april june august march sky star penny king queen prince
major captain chef boss judge fact now so yes no ok okay right sure true first next then maybe please thanks sorry again
today here there man dude folks friend love dear honey baby son mom dad sir madam assistant user agent bot reason logic
truth justice patience chance sage read reed ray earnest ernest pearl ruby violet olive ivy lily iris daisy robin jay
victor pierce trace wade bob jack peg dick will gene dean duke earl baron bishop hunter mason carter cooper skipper gill
brook heath glen dale lane forest woods fields marsh hill banks church young long short small brown black white green gray
grey gold silver may mays case cash dash bond colt drake finch martin crane wren dove hawk wolf fox bear buck sandy dusty
rusty misty stormy cherry ginger basil honor merit verity charity mercy trinity destiny melody harmony cadence carol angel
crystal amber jade opal hazel holly heather poppy rosemary sterling general private sergeant page fine good great nice
wow oh ah hey hi hello bye also and but or if as anyway however still though instead otherwise indeed actually honestly
clearly finally overall meanwhile question answer note warning idea example problem point news time money life people
""".split()
_OTHER = """
gut also ja nein nun doch klar genau ernst mut stern kaiser könig herr frau leider danke bitte mai juni juli sommer engel
glück heil hart klein lang kurz kraus jung alt bald wohl eben selig bon bien oui non alors enfin juste constant parfait
fleur reine roi avril mai juin juillet août bonjour merci bueno bien pues sí luz sol mar paz rosa cruz esperanza consuelo
dolores pilar mercedes gracia gracias linda bella blanca franco rey reina abril mayo junio julio agosto domingo claro hola
vale santo león
""".split()
_NOT = frozenset("bob jack carol martin robin carter cooper dick peg heather amber crystal hazel holly basil".split())
