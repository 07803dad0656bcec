"""`python -m rooms_bot` is `rooms-bot`."""

import sys

from rooms_bot.cli import main

sys.exit(main())
