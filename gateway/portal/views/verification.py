"""The page behind the QR of a letter: is it genuine? For anybody, on any phone."""

from __future__ import annotations

from typing import Any, NamedTuple

from aiohttp import web

from contracts.errors import NotFound, RakatError, TooMany
from gateway.portal import rendering, words


class Shown(NamedTuple):
    title: str
    text: str
    tone: str
    icon: str


VERDICTS = {
    "issued": Shown(
        "Surat ini belum terbukti ditandatangani",
        "Diterbitkan Pemerintah Kabupaten Hulu Sungai Selatan untuk ditandatangani "
        "basah, tetapi lembar bertanda tangan belum diterima di sini. Tanyakan kepada "
        "pengirimnya.",
        "soon",
        "alert",
    ),
    "genuine": Shown(
        "Surat ini asli",
        "Diterbitkan Pemerintah Kabupaten Hulu Sungai Selatan dan tidak berubah sejak "
        "ditandatangani.",
        "done",
        "shieldok",
    ),
    "changed": Shown(
        "Berkas sudah berubah",
        "Isi berkas tidak sama dengan yang ditandatangani. Jangan dipakai; minta "
        "berkas asli kepada pengirim.",
        "late",
        "shieldx",
    ),
    "void": Shown(
        "Surat dibatalkan",
        "Nomor ini dibatalkan dan tidak berlaku lagi.",
        "soon",
        "alert",
    ),
    "unknown": Shown(
        "Kode tidak dikenal",
        "Periksa apakah tautan tersalin lengkap, atau pindai ulang kode pada surat.",
        "",
        "search",
    ),
    "busy": Shown(
        "Terlalu sering diperiksa", "Tunggu sebentar, lalu muat ulang.", "soon", "clock"
    ),
    "away": Shown(
        "Belum dapat diperiksa",
        "Layanan sedang terganggu. Ini bukan tanda bahwa surat Anda palsu; coba lagi "
        "sebentar.",
        "soon",
        "refresh",
    ),
}
METHODS = {
    "bsre": "Elektronik tersertifikasi (BSrE)",
    "local": "Elektronik, sertifikat daerah",
    "none": "Tanda tangan basah",
}
_ON_PAPER = (
    "Diterbitkan Pemerintah Kabupaten Hulu Sungai Selatan. Tanda tangannya di atas "
    "kertas; cocokkan isinya dengan berkas yang diterbitkan."
)


def show(
    request: web.Request, found: dict[str, Any] | None, error: RakatError | None
) -> web.Response:
    """`found` as the API gives it, or why there is nothing to show."""
    key = found["verdict"] if found else _key_of(error)
    response = rendering.render(
        request,
        None,
        "verification.html",
        status_code=error.status if error else 200,
        found=found,
        key=key,
        text=_text(found, key),
        seconds=words.instant(found["signed_at"]).strftime("%H.%M.%S") if found else "",
        print_of=_print_of(found["sha256"]) if found and found["sha256"] else (),
        VERDICTS=VERDICTS,
        METHODS=METHODS,
    )
    if error is not None and "retry_after" in error.facts:
        response.headers["Retry-After"] = str(round(error.facts["retry_after"]) or 1)
    return response


def _key_of(error: RakatError | None) -> str:
    if isinstance(error, NotFound):
        return "unknown"
    return "busy" if isinstance(error, TooMany) else "away"


def _text(found: dict[str, Any] | None, key: str) -> str | None:
    """Where the facts say more than the verdict."""
    if found is None:
        return None
    if key == "void" and found["voided_on"]:
        day = words.day_long(found["voided_on"]).partition(", ")[2]
        return f"Nomor ini dibatalkan pada {day} dan tidak berlaku lagi."
    return _ON_PAPER if key == "genuine" and found["method"] == "none" else None


def _print_of(sha256: str) -> tuple[str, str]:
    """The first and the last of the hash, in groups that can be compared by eye."""
    groups = [sha256[start : start + 4] for start in range(0, len(sha256), 4)]
    return " ".join(groups[:4]), " ".join(groups[-4:])
