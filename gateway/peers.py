"""Who is at the other end of a connection; the REST part and the portal both ask."""

from __future__ import annotations

import ipaddress
from typing import Any

from aiohttp import web

from gateway import keys


def peer_address(request: web.Request) -> str:
    """Who connects; behind trusted proxies, who connected to the first of them."""
    address = request.remote or ""
    trusted = request.app[keys.CONFIG].trusted_proxies
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    while hops and _is_trusted(address, trusted):
        hop = hops.pop().strip()
        if not _is_address(hop):
            break
        address = hop
    return address


def _is_trusted(address: str, networks: tuple[Any, ...]) -> bool:
    if not networks or not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
