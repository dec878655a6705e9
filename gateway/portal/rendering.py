"""Templates to answers: one environment, the page chrome, the security headers.

``render(request, visitor, "letters.html", block="rows")`` gives the whole page or
only a block of it, for htmx.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader
from jinja2.runtime import Macro

from chassis.clock import now as clock_now
from gateway.portal import assets, flash, icons, labels, status, words
from gateway.portal.visitor import Visitor

TEMPLATES = Path(__file__).parent / "templates"
MACROS = ("macros.html", "_sheet.html", "_verb.html", "_offices.html")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; frame-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "HX-Request, Cookie",
}


@cache
def environment() -> Environment:
    """The one template environment."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["first_upper"] = words.first_upper
    made.globals.update(
        icon=icons.icon,
        urgency_bars=icons.urgency_bars,
        static=assets.static,
        labels=labels,
        words=words,
        status=status,
    )
    for name in MACROS:
        # Global, because a block rendered alone does not run a template's imports.
        made.globals.update(_macros(made, name))
    return made


def _macros(made: Environment, name: str) -> dict[str, Any]:
    module = made.get_template(name).module
    return {
        key: value for key, value in vars(module).items() if isinstance(value, Macro)
    }


def is_fragment(request: web.Request) -> bool:
    """Whether htmx asked: a part of the page is enough."""
    return request.headers.get("HX-Request") == "true"


def render(
    request: web.Request,
    visitor: Visitor | None,
    template: str,
    *,
    block: str | None = None,
    status_code: int = 200,
    **values: Any,
) -> web.Response:
    """The page, or one block of it."""
    context = {**_chrome(request, visitor), **values}
    chosen = environment().get_template(template)
    if block:
        text = "".join(chosen.blocks[block](chosen.new_context(context)))
    else:
        text = chosen.render(context)
    response = _answer(text, status_code)
    if not block and context["flash"]:
        response.del_cookie(flash.COOKIE, path="/")
    return response


def sheet(
    request: web.Request, visitor: Visitor | None, template: str, **values: Any
) -> web.Response:
    """`render` of a sheet: alone for htmx, else over its page."""
    block = "sheet" if is_fragment(request) else None
    return render(request, visitor, template, block=block, **values)


def _chrome(request: web.Request, visitor: Visitor | None) -> dict[str, Any]:
    return {
        "visitor": visitor,
        "now": clock_now(),
        "path": request.path,
        "query": request.query,
        "flash": flash.take(request),
        "fragment": is_fragment(request),
        "csrf": visitor.csrf() if visitor else "",
    }


def _answer(text: str, status_code: int) -> web.Response:
    response = web.Response(
        text=text, status=status_code, content_type="text/html", headers=HEADERS
    )
    # Safe beside the CSRF token: the session cookie never travels with a request
    # that another site makes in the background (SameSite=Lax).
    response.enable_compression()
    return response


def see_other(
    request: web.Request, location: str, message: flash.Flash | None = None
) -> web.Response:
    """After a post: the next page, for htmx and without it."""
    if is_fragment(request):
        response = web.Response(status=204, headers={"HX-Redirect": location})
    else:
        response = web.Response(status=303, headers={"Location": location})
    response.headers["Cache-Control"] = "no-store"
    if message:
        flash.put(request, response, message)
    return response
