"""Bodies of operations that are no JSON: files, page images, the event stream."""

from __future__ import annotations

from typing import Any

from gateway.files.kinds import FILE_TYPES

_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_TEXT = {"schema": {"type": "string"}}
_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "*/*"}},
    "required": ["file"],
}

REQUESTS: dict[str, dict[str, Any]] = {
    "import_activities": {"text/calendar": _TEXT},
    "upload_file": {
        **dict.fromkeys(FILE_TYPES, _BINARY),
        "multipart/form-data": {"schema": _FORM},
    },
}
ANSWERS: dict[str, dict[str, Any]] = {
    "get_letter_file": dict.fromkeys(FILE_TYPES, _BINARY),
    "get_letter_page": {"image/webp": _BINARY},
    "list_register": {
        "application/json": {"schema": {"$ref": "#/components/schemas/RegisterPage"}},
        "text/csv": _TEXT,
        "application/pdf": _BINARY,
    },
    "list_retention": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Page_RetentionRow_"}
        },
        "text/csv": _TEXT,
    },
    "get_overview": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Overview"}},
        "text/csv": _TEXT,
    },
    "get_page_text": {
        "application/json": {"schema": {"$ref": "#/components/schemas/PageText"}},
        "text/plain": _TEXT,
    },
    "get_day_sheet": {"application/pdf": _BINARY, "text/plain": _TEXT},
    "read_calendar_feed": {"text/calendar": _TEXT},
    "read_public_calendar": {"text/calendar": _TEXT},
    "get_disposition_sheet": {"application/pdf": _BINARY},
    "get_letter_preview": {"application/pdf": _BINARY},
    "stream_notifications": {
        "text/event-stream": {
            "schema": {
                "type": "string",
                "description": "Events named `notification` with an `id`; the data is "
                "a Notification. Resumed by Last-Event-ID.",
            }
        }
    },
}
