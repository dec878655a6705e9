"""Every error code, worded for people: status, title and what to do now.

One table. A service raises a code with facts; here it becomes
``application/problem+json``. Append a row for a new code.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from contracts.errors import RakatError, TooLarge

CONTENT_TYPE = "application/problem+json"


class Wording(NamedTuple):
    """`detail` says what happened and what to do, in at most two sentences."""

    status: int
    title: str
    detail: str


CODES: dict[str, Wording] = {
    # everywhere
    "malformed": Wording(
        400,
        "Permintaan tidak terbaca",
        "Periksa bentuk isi permintaan, lalu kirim lagi.",
    ),
    "unauthenticated": Wording(401, "Belum masuk", "Masuk dahulu, lalu ulangi."),
    "forbidden": Wording(
        403, "Tidak berwenang", "Tindakan ini tidak terbuka bagi jabatan Anda."
    ),
    "not_found": Wording(
        404, "Tidak ditemukan", "Alamat ini tidak ada atau tidak terbuka bagi Anda."
    ),
    "method_not_allowed": Wording(
        405, "Metode tidak berlaku", "Pakai salah satu metode pada kepala Allow."
    ),
    "conflict": Wording(
        409, "Keadaan sudah berubah", "Muat ulang untuk melihat keadaan terakhir."
    ),
    "version_conflict": Wording(
        412, "Sudah diubah orang lain", "Muat ulang, lalu terapkan perubahan Anda lagi."
    ),
    "too_large": Wording(
        413, "Terlalu besar", "Lebih dari 25 MB. Pindai dengan mutu sedang."
    ),
    "unsupported_media_type": Wording(
        415,
        "Jenis isi tidak diterima",
        "Kirim JSON; untuk berkas: PDF, PNG, JPEG, DOCX, XLSX atau ODT.",
    ),
    "invalid": Wording(422, "Isian belum sesuai", "Perbaiki isian yang ditandai."),
    "precondition_required": Wording(
        428,
        "Versi belum disebut",
        "Sertakan kepala If-Match dengan ETag yang Anda baca.",
    ),
    "rate_limited": Wording(
        429, "Terlalu sering dicoba", "Tunggu sebentar, lalu coba lagi."
    ),
    "internal": Wording(
        500, "Kesalahan pada sistem", "Sebutkan nomor permintaan ini kepada pengelola."
    ),
    "service_unavailable": Wording(
        503,
        "Layanan sedang terganggu",
        "Belum pasti tersimpan. Ulangi sebentar lagi; isian Anda masih ada.",
    ),
    "deadline_exceeded": Wording(
        503, "Terlalu lama menunggu", "Belum pasti tersimpan. Ulangi sebentar lagi."
    ),
    "idempotency_in_progress": Wording(
        409,
        "Masih dikerjakan",
        "Permintaan yang sama sedang berjalan. Tunggu sebentar.",
    ),
    "idempotency_key_reused": Wording(
        422, "Kunci sudah dipakai", "Pakai Idempotency-Key baru untuk isi yang lain."
    ),
    "position_not_held": Wording(
        403, "Jabatan tidak Anda pegang", "Jabatan ini tidak lagi Anda pegang."
    ),
    "insufficient_scope": Wording(
        403, "Izin aplikasi kurang", "Minta scope yang diperlukan kepada pengelola."
    ),
    "csrf_failed": Wording(
        403, "Halaman sudah lama terbuka", "Muat ulang halaman, lalu kirim lagi."
    ),
    # sessions
    "invalid_credentials": Wording(
        401, "Tidak dapat masuk", "Nama pengguna atau kata sandi tidak cocok."
    ),
    # directory
    "position_occupied": Wording(
        409, "Jabatan sudah terisi", "Akhiri dahulu penugasan definitif yang berjalan."
    ),
    "acting_term_too_long": Wording(
        422,
        "Masa Plt terlalu lama",
        "Plt paling lama 3 bulan, dapat diperpanjang sekali.",
    ),
    "own_assignment": Wording(
        403, "Penugasan diri sendiri", "Minta pengelola lain mencatat penugasan Anda."
    ),
    # files
    "unreadable_file": Wording(
        422,
        "Berkas tidak terbaca",
        "Terkunci kata sandi atau rusak. Minta berkas tanpa kunci, atau pindai ulang.",
    ),
    # letters
    "outside_register": Wording(
        403,
        "Di luar buku agenda Anda",
        "Catat hanya surat untuk unit yang Anda agendakan.",
    ),
    "paper_only": Wording(
        422,
        "Hanya kertas",
        "Surat sangat rahasia tidak menerima berkas. Simpan kertasnya.",
    ),
    "already_disposed": Wording(
        409,
        "Sudah didisposisi",
        "Isi surat tidak dapat diubah lagi; hanya sifatnya dapat dinaikkan.",
    ),
    "branch_begun": Wording(
        409,
        "Sudah mulai ditangani",
        "Alamat lama sudah mendisposisi atau melapor. Minta ia mengembalikannya.",
    ),
    "already_reminded": Wording(
        429, "Sudah diingatkan hari ini", "Ingatkan lagi besok; sekali sehari cukup."
    ),
    "no_paper": Wording(
        409, "Tidak ada kertasnya", "Surat ini tidak mempunyai lembar fisik di sini."
    ),
    "paper_on_the_way": Wording(
        409,
        "Kertasnya sedang diserahkan",
        "Tunggu tanda terimanya, atau tarik kembali penyerahan itu.",
    ),
    "query_too_broad": Wording(
        422,
        "Pencarian terlalu luas",
        "Tambahkan kata yang lebih khas, atau persempit waktunya, lalu cari lagi.",
    ),
    "open_tasks": Wording(
        409,
        "Masih ada tugas terbuka",
        "Tunggu laporannya, atau tutup paksa sebagai alamat.",
    ),
    "outside_authority": Wording(
        403,
        "Di luar wewenang",
        "Di luar wewenang; jabatan sejajar hanya untuk koordinasi atau mengetahui.",
    ),
    "already_read": Wording(
        409,
        "Sudah dibaca",
        "Tidak dapat ditarik, sudah dibaca. Batalkan dengan alasan.",
    ),
    "illegal_transition": Wording(
        409,
        "Langkah tidak berlaku",
        "Keadaannya sudah berubah; muat ulang untuk melihatnya.",
    ),
    "activity_not_begun": Wording(
        409, "Kegiatan belum dimulai", "Isi hasil kegiatan setelah kegiatan dimulai."
    ),
    "open_children": Wording(
        409, "Bawahan belum selesai", "Masih ada bawahan yang belum melapor."
    ),
    "external_ref_taken": Wording(
        409, "Sudah pernah dikirim", "Rujukan luar ini sudah dicatat; buka catatannya."
    ),
    "not_an_invitation": Wording(
        409, "Bukan undangan", "Kehadiran hanya dijawab untuk surat undangan."
    ),
    "invitation_missing": Wording(
        409,
        "Waktu acara belum dicatat",
        "Minta pencatat mengisi waktu dan tempat acara, lalu jawab undangannya.",
    ),
    # signing
    "passphrase_required": Wording(
        422, "Kata sandi tanda tangan kosong", "Isi kata sandi tanda tangan Anda."
    ),
    "wrong_passphrase": Wording(
        422,
        "Kata sandi tanda tangan salah",
        "Surat belum ditandatangani. Isi lagi kata sandi sertifikat Anda.",
    ),
    "signing_not_configured": Wording(
        409,
        "Cara tanda tangan belum tersedia",
        "Pilih cara lain, atau minta pengelola menyiapkannya.",
    ),
    "signing_misconfigured": Wording(
        503,
        "Layanan tanda tangan menolak sistem ini",
        "Surat belum ditandatangani. Beri tahu pengelola: akun layanan BSrE ditolak.",
    ),
    "signing_unavailable": Wording(
        503,
        "Layanan tanda tangan tidak terhubung",
        "Surat belum ditandatangani. Coba lagi beberapa menit lagi.",
    ),
    "signing_timeout": Wording(
        503,
        "Layanan tanda tangan terlalu lama menjawab",
        "Surat belum ditandatangani. Coba lagi beberapa menit lagi.",
    ),
    "signing_bad_answer": Wording(
        503,
        "Jawaban layanan tanda tangan keliru",
        "Surat belum ditandatangani. Coba lagi; bila berulang, beri tahu pengelola.",
    ),
    "signing_refused": Wording(
        409,
        "Layanan tanda tangan menolak",
        "Surat belum ditandatangani. Hubungi pengelola sertifikat BSrE.",
    ),
    "signer_not_identified": Wording(
        409,
        "NIK penanda tangan belum dicatat",
        "Minta pengelola mencatat NIK atau surel Anda untuk layanan BSrE.",
    ),
    "signer_not_registered": Wording(
        409,
        "Belum terdaftar di BSrE",
        "Anda belum punya sertifikat elektronik. Daftarkan diri ke BSrE.",
    ),
    "certificate_expired": Wording(
        409, "Sertifikat kedaluwarsa", "Perbarui sertifikat elektronik Anda di BSrE."
    ),
    "certificate_renew": Wording(
        409,
        "Sertifikat sedang diperbarui",
        "Selesaikan pembaruan sertifikat Anda di BSrE, lalu tanda tangani lagi.",
    ),
    "certificate_waiting": Wording(
        409,
        "Sertifikat menunggu verifikasi",
        "BSrE masih memeriksa pendaftaran Anda. Coba lagi setelah disetujui.",
    ),
    "certificate_new": Wording(
        409,
        "Sertifikat belum diterbitkan",
        "Selesaikan aktivasi akun BSrE Anda, lalu tanda tangani lagi.",
    ),
    "certificate_suspended": Wording(
        409, "Sertifikat ditangguhkan", "Hubungi pengelola sertifikat BSrE."
    ),
    "certificate_revoked": Wording(
        409, "Sertifikat dicabut", "Ajukan sertifikat baru ke BSrE."
    ),
    "not_your_turn": Wording(
        409, "Belum giliran Anda", "Paraf dibubuhkan berurutan. Muat ulang surat ini."
    ),
    "revision_changed": Wording(
        409, "Konsep sudah diubah", "Muat ulang dan baca lagi sebelum memutuskan."
    ),
    "initials_missing": Wording(
        409, "Paraf belum lengkap", "Tunggu paraf yang masih kurang, lalu tandatangani."
    ),
    "signing_in_progress": Wording(
        409, "Sedang ditandatangani", "Tunggu sebentar, lalu muat ulang surat ini."
    ),
    "number_taken": Wording(
        409,
        "Nomor sudah dipakai",
        "Pola nomor menghasilkan nomor yang sama dua kali. Perbaiki polanya.",
    ),
    "not_a_pdf": Wording(
        409, "Bukan PDF", "Ganti berkas suratnya dengan PDF, lalu tandatangani."
    ),
    "recipient_gone": Wording(
        409, "Jabatan penerima tidak ada lagi", "Hubungi penerima lewat jabatan lain."
    ),
    "reauthentication_required": Wording(
        403, "Kata sandi diperlukan", "Isi kata sandi akun Anda untuk menandatangani."
    ),
    "wrong_password": Wording(
        403, "Kata sandi salah", "Isi kata sandi akun Anda, lalu tandatangani lagi."
    ),
    # schedule
    "letter_has_activity": Wording(
        409, "Sudah ada kegiatannya", "Buka kegiatan surat ini dan ubah di sana."
    ),
    "schedule_conflict": Wording(
        409, "Waktu ini bentrok", "Pilih waktu lain, atau wakilkan kepada yang luang."
    ),
    "resource_closed": Wording(
        409,
        "Ruang atau kendaraan tidak tersedia",
        "Pilih waktu dalam jam pakainya, atau ruang atau kendaraan lain.",
    ),
    "resource_code_taken": Wording(
        409, "Kode sudah dipakai", "Pilih kode lain untuk ruang atau kendaraan ini."
    ),
    "too_many_feeds": Wording(
        422, "Alamat kalender sudah penuh", "Cabut alamat yang tidak dipakai lagi."
    ),
    "not_organiser": Wording(
        403,
        "Bukan penyelenggara",
        "Ajukan sebagai usulan kepada penyelenggaranya, atau jangan buka untuk umum.",
    ),
    "not_schedule_keeper": Wording(
        403,
        "Bukan pemegang agenda",
        "Kirim sebagai usulan; pemegang agendanya yang memastikan.",
    ),
}

_RETRY_AFTER = {
    "idempotency_in_progress": 1,
    "rate_limited": 30,
    "service_unavailable": 2,
}


def problem(error: RakatError, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to `error`."""
    wording = CODES.get(error.code) or _fallback(error)
    status = wording.status
    document = {
        **error.facts,
        "type": f"urn:rakat:problem:{error.code}",
        "title": wording.title,
        "status": status,
        "detail": _detail(error, wording),
        "code": error.code,
        "request_id": request_id,
        "errors": error.errors,
    }
    return status, _headers(error, status), msgspec.json.encode(document)


BODY_LIMIT = 1024 * 1024
"""Of JSON and of forms; files and calendars have limits of their own."""


def body_too_large() -> TooLarge:
    said = (
        "Isian lebih dari 1 MB. Kirim lebih sedikit sekali jalan, atau sebagai berkas."
    )
    return TooLarge(errors=[{"field": "", "message": said}], limit=BODY_LIMIT)


_TOLD_BY_ROUTE = frozenset({"too_large", "unsupported_media_type"})


def _detail(error: RakatError, wording: Wording) -> str:
    """What may be how large, and of which kind, differs: who refuses it may say so."""
    if error.code in _TOLD_BY_ROUTE and error.errors:
        return error.errors[0]["message"]
    return wording.detail


def _headers(error: RakatError, status: int) -> dict[str, str]:
    headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
    usual = _RETRY_AFTER.get(error.code, 2 if status == 503 else None)
    seconds = error.facts.get("retry_after", usual)
    if seconds is not None:
        headers["Retry-After"] = str(max(1, round(seconds)))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="rakat"'
    return headers


def _fallback(error: RakatError) -> Wording:
    """A code without a row keeps its kind's words, so that nothing is left bare."""
    kind = CODES.get(error.default_code, CODES["internal"])
    return Wording(error.status, kind.title, kind.detail)


def wording_of(error: RakatError) -> Wording:
    """For pages: the same words as in the problem document."""
    return CODES.get(error.code) or _fallback(error)


def field_messages(error: RakatError) -> dict[str, Any]:
    """Messages by JSON Pointer, for forms."""
    return {each["field"]: each["message"] for each in error.errors}
