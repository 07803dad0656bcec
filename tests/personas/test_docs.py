"""What the guide says is so."""

import re
from pathlib import Path

from rooms_bot.store.persona_files import KEYS, check, load

GUIDE = (Path(__file__).parents[2] / "docs" / "personas.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_a_good_persona(tmp_path: Path) -> None:
    [example] = re.findall(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "zoltan.md"
    file.write_text(example, encoding="utf-8")
    assert check(file) == []
    zoltan = load(file)
    assert zoltan.name == "Zoltan"
    assert zoltan.prompt.startswith("You are Zoltan,")


def test_the_guide_tells_every_key_and_no_other() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)) == set(KEYS)
