"""Errors in the portal's words: what happened, whether work is safe, what to do.

The codes are those of the API; a page shows them in small type for the help desk.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from contracts.errors import RakatError, Unavailable
from gateway import problems
from gateway.portal import words


class Fault(NamedTuple):
    """One sentence as heading, at most two below, and one way on."""

    title: str
    text: str
    icon: str = "alert"
    link: str = "/"
    link_text: str = "Ke beranda"


_FAULTS = {
    "not_found": Fault(
        "Tidak ditemukan",
        "Surat atau halaman ini tidak ada, atau bukan untuk jabatan Anda.",
        "search",
    ),
    "unauthenticated": Fault(
        "Sesi berakhir", "Masuk lagi untuk melanjutkan.", "key", "/masuk", "Masuk lagi"
    ),
    "position_not_held": Fault(
        "Jabatan ini tidak lagi Anda pegang",
        "Suratnya ada pada pejabat yang sekarang.",
        "user",
        "/lainnya",
        "Ganti jabatan",
    ),
    "outside_authority": Fault(
        "Di luar wewenang",
        "Jabatan sejajar hanya dapat diminta koordinasi atau diberi tahu, "
        "tidak diminta menangani.",
        "branch",
    ),
    "outside_register": Fault(
        "Bukan register Anda",
        "Anda mencatat surat untuk jabatan di register unit Anda saja.",
        "inbox",
        "/meja",
        "Ke meja surat",
    ),
    "already_read": Fault(
        "Tidak dapat ditarik",
        "Disposisi sudah dibaca. Hubungi penerima, atau kirim disposisi susulan.",
        "eye",
    ),
    "illegal_transition": Fault(
        "Sudah berubah lebih dulu",
        "Tugas ini sudah ditangani dengan cara lain. Buka lagi untuk melihat "
        "keadaannya sekarang.",
        "refresh",
    ),
    "open_children": Fault(
        "Masih ada bawahan yang belum melapor",
        "Laporan akhir dapat dikirim setelah semua yang Anda tugasi selesai.",
        "tree",
    ),
    "open_tasks": Fault(
        "Masih ada yang menangani surat ini",
        "Surat dapat ditutup setelah mereka selesai.",
        "tree",
    ),
    "already_disposed": Fault(
        "Sudah didisposisi",
        "Isi surat tidak dapat diubah lagi; hanya sifatnya yang dapat dinaikkan.",
        "branch",
    ),
    "branch_begun": Fault(
        "Sudah mulai ditangani",
        "Minta mereka mengembalikan tugasnya, atau batalkan dahulu disposisinya.",
        "branch",
    ),
    "no_paper": Fault(
        "Tidak ada surat fisik",
        "Surat ini datang tanpa kertas.",
        "file",
    ),
    "paper_on_the_way": Fault(
        "Fisik surat sedang dalam perjalanan",
        "Tunggu penerimanya menandatangani, atau tarik kembali dahulu.",
        "st-fwd",
    ),
    "version_conflict": Fault(
        "Sudah diubah orang lain",
        "Perubahan Anda belum tersimpan. Buka lagi lalu ulangi.",
        "refresh",
    ),
    "not_schedule_keeper": Fault(
        "Bukan pengatur waktunya",
        "Ajukan kegiatan ini; ajudan, sekretaris, atau protokol menetapkannya.",
        "calendar",
        "/jadwal",
        "Ke jadwal",
    ),
    "not_organiser": Fault(
        "Bukan penyelenggaranya",
        "Untuk agenda publik: ajukan, pimpinan atau TU unit itu menetapkannya.",
        "calendar",
        "/jadwal",
        "Ke jadwal",
    ),
    "schedule_conflict": Fault(
        "Waktu ini bentrok",
        "Belum tersimpan. Pilih waktu lain atau wakilkan.",
        "st-clash",
        "/jadwal",
        "Ke jadwal",
    ),
    "rate_limited": Fault(
        "Terlalu sering dicoba", "Tunggu sebentar, lalu coba lagi.", "clock"
    ),
    "too_large": Fault(
        "Lebih dari 25 MB", "Pindai dengan mutu sedang, lalu unggah lagi.", "file"
    ),
    "unreadable_file": Fault(
        "Berkas terkunci atau rusak",
        "Minta berkas tanpa kata sandi, atau pindai ulang.",
        "file",
    ),
    "unsupported_media_type": Fault(
        "Jenis berkas tidak diterima",
        "Yang diterima: PDF, PNG, JPEG, DOCX, XLSX, ODT.",
        "file",
    ),
    "csrf_failed": Fault(
        "Halaman sudah lama terbuka",
        "Belum terkirim. Muat ulang halamannya, lalu kirim lagi.",
        "refresh",
    ),
    "internal": Fault(
        "Bagian ini sedang terganggu",
        "Yang sudah tersimpan tetap aman. Coba lagi; bila berulang, sebutkan kode "
        "di bawah ini kepada meja bantuan.",
        "refresh",
        "",
        "Coba lagi",
    ),
    "forbidden": Fault(
        "Bukan untuk jabatan Anda",
        "Tindakan ini dilakukan oleh jabatan lain.",
        "lock",
    ),
}
_AWAY = {
    "letters": "Layanan surat sedang terganggu",
    "schedule": "Layanan jadwal sedang terganggu",
    "directory": "Layanan direktori sedang terganggu",
    "notify": "Layanan pemberitahuan sedang terganggu",
}
_OTHER = Fault(
    "Belum tersimpan", "Ada yang tidak sesuai. Periksa isian Anda, lalu kirim lagi."
)


def fault_of(error: RakatError) -> Fault:
    """How to tell people of `error`."""
    if isinstance(error, Unavailable) and error.code == error.default_code:
        return _away(error)
    if error.code == "too_large" and error.errors:
        return Fault("Terlalu besar", error.errors[0]["message"], "file")
    return _FAULTS.get(error.code) or _worded(error)


def _worded(error: RakatError) -> Fault:
    """The words of the API, where a code has its own."""
    if error.code not in problems.CODES or error.code == error.default_code:
        return _OTHER
    return Fault(*problems.wording_of(error)[1:])


def title_of(code: str | None) -> str:
    """What happened, in a few words, when only the code is known."""
    return _FAULTS.get(code or "", _OTHER).title


def _away(error: Unavailable) -> Fault:
    title = _AWAY.get(str(error.facts.get("service")), "Layanan sedang terganggu")
    seconds = int(error.facts.get("retry_after") or 5)
    text = f"Bagian lain tetap berjalan. Coba lagi dalam {seconds} detik."
    return Fault(title, text, "refresh", "", "Coba sekarang")


def sentence(error: RakatError, facts: dict[str, Any] | None = None) -> str:
    """One line for a form or a toast."""
    if error.errors:
        return str(error.errors[0]["message"])
    fault = fault_of(error)
    moment = (facts or error.facts).get("read_at")
    if error.code == "already_read" and moment:
        return f"Tidak dapat ditarik, sudah dibaca pukul {words.clock(moment)}."
    return f"{fault.title}. {fault.text}"
