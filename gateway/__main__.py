"""``python -m gateway``: serve until SIGTERM or SIGINT, then drain."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys

import structlog
import uvloop
from aiohttp import web

from chassis import logs
from gateway import keys
from gateway.app import create_app
from gateway.config import ConfigError, GatewayConfig, read_config
from gateway.ops import create_ops_app

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 20.0


async def serve(config: GatewayConfig) -> None:
    app = create_app(config)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    ops = web.AppRunner(create_ops_app(app), access_log=None, shutdown_timeout=1)
    await ops.setup()
    try:
        await web.TCPSite(runner, config.host, config.port).start()
        if config.ops_port:
            await web.TCPSite(ops, config.ops_host, config.ops_port).start()
        log.info("gateway listens", host=config.host, port=config.port)
        _freeze()
        await _until_told()
        log.info("gateway stops")
        app[keys.DRAINING].set()
    finally:
        await runner.cleanup()
        await ops.cleanup()


def _freeze() -> None:
    """What lives as long as the process need not be looked at by each collection."""
    gc.collect()
    gc.freeze()


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def main() -> int:
    try:
        config = read_config()
    except ConfigError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return 2
    logs.configure("gateway", fmt=config.log_format)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvloop.run(serve(config))
    except OSError as error:
        print(f"gateway: cannot listen: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
