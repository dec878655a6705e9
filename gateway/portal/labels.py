"""The portal's words for the codes of the API.

One table for all pages, so that the same thing has the same word everywhere.
"""

from __future__ import annotations

from typing import Final

ROLES: Final = {
    "handle": ("Menangani", "flag"),
    "coordinate": ("Koordinasi", "venn"),
    "inform": ("Mengetahui", "eye"),
    "represent": ("Mewakili", "represent"),
}
URGENCIES: Final = {
    "biasa": ("Biasa", 1),
    "penting": ("Penting", 2),
    "segera": ("Segera", 3),
    "amat_segera": ("Amat segera", 4),
}
URGENCY_HINTS: Final = {
    "biasa": "5 hari kerja sejak surat diterima",
    "penting": "3 hari sejak surat diterima",
    "segera": "2 hari sejak surat diterima",
    "amat_segera": "24 jam sejak surat diterima",
}
SECRECIES: Final = {
    "biasa": "Biasa",
    "terbatas": "Terbatas",
    "rahasia": "Rahasia",
    "sangat_rahasia": "Sangat rahasia",
}
# What becomes of a letter that is made so secret.
SECRECY_EFFECTS: Final = {
    "terbatas": "Hanya penerima dan petugas tata usahanya yang dapat membuka. "
    "Perihal tidak lagi ditampilkan di pemberitahuan.",
    "rahasia": "Hanya mereka yang tercatat pada surat dan disposisinya. "
    "Perihal yang sudah diberitahukan ditarik, dan setiap pembacaan dicatat.",
    "sangat_rahasia": "Hanya mereka yang tercatat, dan hanya di kertas: "
    "berkasnya dilepas dari Rakat. Setiap pembacaan dicatat.",
}
CAPACITIES: Final = {
    "definitive": "Definitif",
    "plt": "Plt.",
    "plh": "Plh.",
    "pj": "Pj.",
    "delegate": "Didelegasikan",
    "aide": "Ajudan",
}
URGENCY_CHOICES: Final = tuple((code, text) for code, (text, _) in URGENCIES.items())
SIGNING_FORMS_SHORT: Final = {
    "self": "Sendiri",
    "an": "a.n.",
    "ub": "u.b.",
    "plt": "Plt.",
    "plh": "Plh.",
}
SIGNING_METHODS: Final = {
    "none": (
        "Tanda tangan basah",
        "Nomor ditetapkan sekarang. Cetak PDF, tanda tangani, unggah pindaiannya.",
    ),
    "local": (
        "Sertifikat kabupaten",
        "Ditandatangani sekarang dengan kata sandi akun Anda.",
    ),
    "bsre": (
        "Sertifikat BSrE",
        "Ditandatangani sekarang dengan passphrase sertifikat Anda.",
    ),
}
# An outgoing letter that waits for somebody: glyph, what for, the verb of its button.
REVIEW_STEPS: Final = {
    "initial": ("st-work", "Menunggu paraf Anda", "Periksa dan paraf"),
    "coordinate": ("st-work", "Menunggu paraf koordinasi Anda", "Periksa dan paraf"),
    "sign": ("st-reported", "Menunggu tanda tangan Anda", "Periksa dan tanda tangani"),
    "dispatch": ("st-fwd", "Sudah ditandatangani, belum dikirim", "Kirim"),
    "revise": ("st-back", "Diminta diperbaiki", "Perbaiki konsep"),
}
INITIAL_STATES: Final = {
    "waiting": ("st-tent", "Menunggu giliran", ""),
    "asked": ("st-work", "Sedang diperiksa", "work"),
    "approved": ("st-done", "Diparaf", "done"),
    "revise": ("st-back", "Minta perbaikan", "soon"),
}
# What a new revision of a draft changed, by the API's name of the field.
CHANGED: Final = {
    "subject": "perihal",
    "body_html": "isi",
    "file_ids": "berkas",
    "kind": "jenis",
    "classification_code": "klasifikasi",
    "signer_position_id": "penanda tangan",
    "signing_form": "bentuk tanda tangan",
    "initials": "paraf",
    "coordinators": "paraf koordinasi",
    "recipients": "penerima",
    "copies": "tembusan",
    "urgency": "urgensi",
    "secrecy": "keamanan",
    "invitation": "undangan",
    "replies_to": "surat yang dijawab",
}
LETTER_STATES: Final = {
    "draft": ("Konsep", "st-tent", ""),
    "in_review": ("Diperiksa", "st-work", "work"),
    "signed": ("Ditandatangani", "st-reported", ""),
    "dispatched": ("Dikirim", "st-done", "done"),
    "registered": ("Tercatat", "st-sent", ""),
    "under_disposition": ("Dalam disposisi", "st-work", "work"),
    "completed": ("Selesai", "st-done", "done"),
    "closed": ("Ditutup", "st-done", "done"),
    "void": ("Dibatalkan", "st-void", ""),
}
FATES: Final = {
    "destroy": "Musnah",
    "review": "Dinilai kembali",
    "permanent": "Permanen",
}
RETENTION_STAGES: Final = {
    "active": "Aktif",
    "inactive": "Inaktif",
    "due": "Jatuh tempo",
    "unscheduled": "Tanpa jadwal",
}
OUTCOMES: Final = {
    "resolved": "Diselesaikan",
    "decided": "Diputuskan",
    "noted": "Cukup diketahui",
    "archived": "Diarsipkan",
    "rejected": "Ditolak",
}
ACTIVITY_STATES: Final = {
    "proposed": ("Diajukan", "st-sent", ""),
    "tentative": ("Tentatif", "st-tent", ""),
    "confirmed": ("Definitif", "st-conf", ""),
    "completed": ("Selesai", "st-done", "done"),
    "postponed": ("Ditunda", "st-back", ""),
    "cancelled": ("Dibatalkan", "st-void", ""),
}
ACTIVITY_KINDS: Final = {
    "rapat": "Rapat",
    "audiensi": "Audiensi",
    "kunjungan": "Kunjungan",
    "upacara": "Upacara",
    "peresmian": "Peresmian",
    "sosialisasi": "Sosialisasi",
    "undangan": "Undangan",
    "perkawinan": "Perkawinan",
    "dinas_luar": "Dinas luar",
    "cuti": "Cuti",
    "pribadi": "Pribadi",
    "lainnya": "Lainnya",
}
VISIBILITIES: Final = {
    "internal": "Semua perangkat daerah",
    "public": "Umum",
    "busy_only": "Hanya terlihat sibuk",
}
PARTICIPANT_ROLES: Final = {
    "host": "Tuan rumah",
    "required": "Wajib hadir",
    "invited": "Diundang",
    "accompanying": "Mendampingi",
}
# Instructions in as few words as a chip holds; the rest keep their full label.
INSTRUCTIONS_SHORT: Final = {
    "tindaklanjuti": "Tindak lanjuti",
    "koordinasikan": "Koordinasikan",
    "saran": "Beri saran",
    "laporkan": "Laporkan hasilnya",
    "pelajari": "Pelajari",
    "hadiri": "Hadiri",
    "wakili": "Mewakili saya",
    "siapkan_bahan": "Siapkan bahan",
    "selesaikan_segera": "Segera selesaikan",
}
RESPONSES: Final = {
    "pending": ("Belum menjawab", "st-sent", ""),
    "attending": ("Hadir", "st-conf", "done"),
    "not_attending": ("Tidak hadir", "st-void", ""),
    "represented": ("Diwakilkan", "st-rep", ""),
}
ATTENDANCES: Final = {
    "attend": "Hadir",
    "represent": "Diwakilkan",
    "decline": "Tidak hadir",
}
# The paper of a letter, from hand to hand.
HANDOVERS: Final = {
    "sent": ("Dalam perjalanan", "st-fwd"),
    "received": ("Diterima", "st-done"),
    "refused": ("Tidak diterima", "st-back"),
}
# What a timeline entry says: glyph and verb, after the name of the office.
ACTIONS: Final = {
    "registered": ("st-sent", "mencatat surat"),
    "read": ("st-read", "membaca"),
    "accepted": ("st-work", "mulai mengerjakan"),
    "disposed": ("st-fwd", "mendisposisi"),
    "prepared": ("st-tent", "menyiapkan disposisi"),
    "discarded": ("st-void", "membuang disposisi yang disiapkan"),
    "reported": ("st-reported", "melapor"),
    "approved": ("st-done", "menyetujui laporan"),
    "rejected": ("st-back", "meminta perbaikan laporan"),
    "acknowledged": ("st-done", "mengetahui"),
    "completed": ("st-done", "menyelesaikan tugasnya"),
    "returned": ("st-back", "mengembalikan tugas"),
    "withdrawn": ("st-void", "menarik disposisi"),
    "cancelled": ("st-void", "membatalkan tugas"),
    "due_changed": ("st-soon", "mengubah tenggat"),
    "due_soon": ("st-soon", "mendekati tenggat"),
    "overdue": ("st-late", "melewati tenggat"),
    "attendance_decided": ("st-conf", "menjawab undangan"),
    "activity_linked": ("st-conf", "masuk ke jadwal"),
    "activity_cancelled": ("st-void", "kegiatannya dibatalkan"),
    "letter_completed": ("st-done", "Surat selesai ditangani"),
    "closed": ("st-done", "menutup surat"),
    "voided": ("st-void", "membatalkan surat"),
    "viewed": ("st-read", "membuka surat rahasia"),
    "corrected": ("st-work", "memperbaiki data surat"),
    "secrecy_raised": ("lock", "menaikkan sifat surat"),
    "redirected": ("st-fwd", "mengalihkan surat"),
    "reopened": ("undo", "membuka kembali surat"),
    "reminded": ("st-soon", "mengingatkan"),
    "handed_over": ("st-fwd", "menyerahkan surat fisik"),
    "receipt_signed": ("st-done", "menerima surat fisik"),
    "imported": ("st-sent", "diimpor dari aplikasi lama"),
    "number_reserved": ("st-tent", "memesan nomor"),
    "drafted": ("st-tent", "membuat konsep"),
    "revised": ("st-work", "mengubah konsep"),
    "submitted": ("st-fwd", "mengajukan konsep"),
    "initialled": ("st-done", "membubuhkan paraf"),
    "revision_asked": ("st-back", "meminta perbaikan konsep"),
    "recalled": ("st-back", "menarik kembali konsep"),
    "signed": ("st-done", "menandatangani surat"),
    "signing_failed": ("st-late", "gagal menandatangani"),
    "scan_attached": ("st-done", "melampirkan pindaian"),
    "dispatched": ("st-fwd", "mengirim surat"),
}
TOPICS: Final = {
    "task.assigned": ("branch", ""),
    "task.reported": ("st-reported", ""),
    "task.returned": ("undo", ""),
    "task.due": ("clock", "soon"),
    "task.overdue": ("alert", "late"),
    "letter.completed": ("check", "done"),
    "activity.changed": ("calendar", ""),
    "activity.proposed": ("calendar", ""),
    "activity.displaced": ("st-clash", "late"),
    "assignment.changed": ("user", ""),
    "system": ("info", ""),
}

TEXT_STATES = {
    "ready": "Halaman ini kosong.",
    "pending": "Teksnya sedang disiapkan. Muat ulang sebentar lagi.",
    "no_ocr": "Halaman ini pindaian; teksnya belum dapat dibaca. Lihat gambarnya.",
    "failed": "Teks halaman ini tidak terbaca. Lihat gambarnya.",
}
"""What stands in place of a page's text when it has none."""
FEED_DETAILS: Final = {"full": "Penuh", "busy": "Hanya sibuk"}
RESOURCE_KINDS: Final = {"room": "Ruang", "vehicle": "Kendaraan"}
