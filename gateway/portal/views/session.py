"""Logging in and out, and which of my offices I act as."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from contracts.errors import Forbidden, RakatError, TooMany, Unauthenticated
from gateway import auth
from gateway.csrf import form_of
from gateway.keys import CLIENT, CONFIG, SESSIONS, TOKEN
from gateway.peers import peer_address
from gateway.portal import faults, forms, rendering
from gateway.portal.access import ACTING_COOKIE, page
from gateway.portal.visitor import Visitor

MONTH = 30 * 24 * 3600
DEVICE = "Portal"


async def login_form(request: web.Request) -> web.StreamResponse:
    """``GET /masuk``"""
    return _form(request, onward=safe_onward(request.query.get("lanjut")))


async def login(request: web.Request) -> web.StreamResponse:
    """``POST /masuk``: the page asked for, or home."""
    _refuse_foreign(request)
    fields = await forms.posted(request)
    onward = safe_onward(fields.get("lanjut"))
    try:
        opened = await _open_session(request, fields)
    except (Unauthenticated, TooMany) as error:
        return _form(
            request, onward, fields.get("username", ""), _notice(error), error.status
        )
    except RakatError as error:
        notice = {"tone": "soon", **faults.fault_of(error)._asdict()}
        return _form(request, onward, fields.get("username", ""), notice, error.status)
    response = rendering.see_other(request, onward)
    auth.set_session_cookie(request, response, opened["token"], MONTH)
    response.del_cookie(ACTING_COOKIE, path="/")
    return response


async def _open_session(request: web.Request, fields: Any) -> dict[str, Any]:
    config = request.app[CONFIG]
    password = (await form_of(request)).get("password", "")
    if not config.demo_allowed and password == config.demo_password:
        raise Unauthenticated("invalid_credentials")  # everybody knows that password
    body = {
        "username": fields.get("username") or "-",
        "password": password or "-",
        "otp": fields.get("otp") or None,
        "device_name": DEVICE,
    }
    opened: dict[str, Any] = await request.app[CLIENT].call(
        auth.anonymous_context(request),
        "directory",
        "open_session",
        seconds=5.0,
        body=forms.without_empty(body),
        address=peer_address(request),
    )
    return opened


def _notice(error: RakatError) -> dict[str, str]:
    """The same words for an unknown name and a wrong password."""
    if isinstance(error, TooMany):
        seconds = int(error.facts.get("retry_after") or 60)
        minutes = max(1, round(seconds / 60))
        return {
            "tone": "soon",
            "title": "Terlalu sering dicoba",
            "text": f"Coba lagi dalam {minutes} menit. Akun Anda tidak dikunci.",
        }
    return {
        "tone": "late",
        "title": "Nama pengguna atau kata sandi salah",
        "text": "Periksa huruf besar dan kecil, lalu coba lagi.",
    }


def _form(
    request: web.Request,
    onward: str,
    username: str = "",
    notice: dict[str, str] | None = None,
    status_code: int = 200,
) -> web.Response:
    return rendering.render(
        request,
        None,
        "login.html",
        status_code=status_code,
        onward=onward,
        username=username,
        notice=notice,
        wrong=bool(notice and notice["tone"] == "late"),
        host=request.host,
    )


def safe_onward(target: str | None) -> str:
    """Only a path of this portal, never another site."""
    if not target or not target.startswith("/") or "\\" in target:
        return "/"
    if not target.isprintable():  # no header may hold a line break
        return "/"
    parts = urlsplit(target)
    is_local = not parts.scheme and not parts.netloc and not target.startswith("//")
    return target if is_local and not target.startswith("/api/") else "/"


def _refuse_foreign(request: web.Request) -> None:
    """Another site must not log anybody in here (there is no session to key a
    token with yet)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.host
    if site not in ("same-origin", "none") or is_foreign:
        raise Forbidden("csrf_failed")


@page
async def logout(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /keluar``"""
    key = auth.token_key(request[TOKEN])
    request.app[SESSIONS].drop({"token_sha256": key})
    await request.app[CLIENT].call(
        visitor.context, "directory", "close_session", token_sha256=key
    )
    response = rendering.see_other(request, "/masuk")
    auth.clear_session_cookie(response)
    response.del_cookie(ACTING_COOKIE, path="/")
    return response


@page
async def switch_office(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``POST /jabatan``"""
    fields = await forms.posted(request)
    chosen = fields.get("jabatan")
    if not visitor.holds(chosen):
        raise Forbidden("position_not_held")
    response = rendering.see_other(request, safe_onward(fields.get("kembali")))
    response.set_cookie(
        ACTING_COOKIE,
        chosen or "",
        max_age=MONTH,
        httponly=True,
        samesite="Lax",
        path="/",
        secure=auth.is_secure(request),
    )
    return response


@page
async def more(request: web.Request, visitor: Visitor) -> web.StreamResponse:
    """``GET /lainnya``"""
    return rendering.render(request, visitor, "more.html")
