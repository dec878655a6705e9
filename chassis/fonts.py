"""Where the fonts of paper lie: `ops.frontend` fetches them when Rakat is set up."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "share" / "rakat" / "fonts"
