"""Parts of the documentation that are generated: they stand between `<!-- name: begin -->` and `<!-- name: end -->`."""

import sys
from difflib import unified_diff
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def renew(page: Path, name: str, part: str, check: bool) -> int:
    """Put the part into its page; or, to `check`, only look. The exit code: 1 where a page checked is stale."""
    old = page.read_text(encoding="utf-8")
    new = with_part(old, name, part)
    if not check:
        page.write_text(new, encoding="utf-8")
    elif old != new:
        sys.stderr.writelines(unified_diff(old.splitlines(True), new.splitlines(True), "as it is", "as it should be"))
        print(f"{page.name} is stale: run `python -m tools.{name}`.", file=sys.stderr)
        return 1
    return 0


def with_part(page: str, name: str, part: str) -> str:
    """The page with this part between its marks. Raises `ValueError` where they are missing."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, opened, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"the page has no place for {name}: {begin.strip()} … {end.strip()}")
    return f"{before}{begin}\n{part.strip()}\n\n{end}{after}"
