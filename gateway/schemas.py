"""``python -m gateway.schemas``: print the OpenAPI document; needs nothing running.

``make schemas`` writes it to ``tests/contract/openapi.json``, where a change of the
contract shows in the diff.
"""

from __future__ import annotations

import json
import sys

from gateway.api.v1.openapi import document
from gateway.api.v1.table import all_operations


def text() -> str:
    return json.dumps(document(all_operations()), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
