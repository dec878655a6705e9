"""The portal: server-rendered pages for people, phone first, in Indonesian.

Templates hold the look, `views` one module a feature, `words`, `labels` and
`status` the language. It talks to the services through `gateway.client` only and
never to the REST part. Every page works without JavaScript; htmx opens sheets
over the page and `static/portal.js` counts what arrives meanwhile.
"""

from __future__ import annotations

from aiohttp import web

from gateway import calendar_files, csrf, keys
from gateway.portal.access import ME, error_page
from gateway.portal.memory import Memory
from gateway.portal.offices import MEMORY
from gateway.portal.previews import PREVIEWS, Previews
from gateway.portal.routes import ROUTES
from gateway.portal.views import calendar_import

# An assignment is in force everywhere within two seconds.
ME_SECONDS = 1.0
OFFICES_SECONDS = 15.0
OUTAGE_SECONDS = 300.0


def setup_portal(app: web.Application) -> None:
    """Add the pages, static files and error pages to the gateway."""
    app[ME] = Memory(ME_SECONDS, OUTAGE_SECONDS)
    app[MEMORY] = Memory(OFFICES_SECONDS, OUTAGE_SECONDS)
    app[PREVIEWS] = Previews()
    app[keys.ERROR_PAGE] = error_page
    app[csrf.LARGER] = {
        calendar_import.HERE: (calendar_files.FORM_LIMIT, calendar_files.too_large)
    }
    app.add_routes(ROUTES)
