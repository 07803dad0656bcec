"""One file per command group and one listener; they never import each other."""
