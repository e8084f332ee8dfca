"""What surveys say by default in Indonesian."""

from typing import Any

UI = {
    "title": "Pendapat Anda",
    "send": "Kirim",
    "close": "Tutup",
    "optional": "opsional",
    "required": "wajib",
    "choose_first": "Silakan pilih jawaban terlebih dahulu.",
    "answer_first": "Silakan jawab pertanyaan ini terlebih dahulu.",
    "sent": "Jawaban Anda telah terkirim.",
    "not_sent_yet": "Jawaban Anda tersimpan di sini dan akan dikirim saat Anda kembali daring.",
    "next": "Lanjut",
    "back": "Kembali",
    "step": "Pertanyaan %d dari %d",
    "other": "Lainnya",
    "other_text": "Dengan kata-kata Anda sendiri",
    "choose_several": "Pilih semua yang sesuai.",
    "choose_at_most": "Pilih paling banyak %d.",
    "too_long": "Gunakan paling banyak %d karakter.",
    "consent_first": "Silakan centang kotaknya, atau kosongkan jawabannya.",
    "consent_birthday": "Tanggal lahir saya boleh disimpan untuk mengirim ucapan selamat.",
    "consent_interests": "Minat saya boleh disimpan untuk menampilkan yang sesuai.",
    "day": "Tanggal",
    "month": "Bulan",
    "year": "Tahun",
    "bad_day": "Silakan isi tanggal yang ada.",
    "stars": "%d dari 5 bintang",
    "mood_1": "Sangat buruk",
    "mood_2": "Buruk",
    "mood_3": "Biasa saja",
    "mood_4": "Baik",
    "mood_5": "Sangat baik",
    "feedback": "Masukan",
    "link": "Selengkapnya",
    "result": "Hasil Anda",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
        "question": "Seberapa besar kemungkinan Anda merekomendasikan kami kepada teman?",
        "low_label": "Sangat tidak mungkin",
        "high_label": "Sangat mungkin",
        "follow_up": {
            "promoter": "Apa yang paling Anda sukai?",
            "passive": "Apa yang bisa membuatnya lebih baik?",
            "detractor": "Apa yang kurang berkenan?",
        },
        "thanks": {
            "promoter": "Terima kasih! Kami senang Anda menyukainya.",
            "passive": "Terima kasih! Kami akan memperbaikinya.",
            "detractor": "Terima kasih sudah memberi tahu. Kami akan menindaklanjutinya.",
        },
    },
    "csat": {
        "question": "Seberapa puas Anda dengan pembelian Anda?",
        "labels": ["Sangat tidak puas", "Tidak puas", "Netral", "Puas", "Sangat puas"],
        "follow_up": {
            "satisfied": "Apa yang paling Anda sukai?",
            "neutral": "Apa yang bisa membuatnya lebih baik?",
            "dissatisfied": "Apa yang kurang berkenan?",
        },
        "thanks": {
            "satisfied": "Terima kasih! Senang mendengarnya.",
            "neutral": "Terima kasih! Kami akan memperbaikinya.",
            "dissatisfied": "Terima kasih sudah memberi tahu. Kami akan menindaklanjutinya.",
        },
    },
    "ces": {
        "question": "Seberapa mudah Anda mendapatkan yang Anda cari?",
        "low_label": "Sangat sulit",
        "high_label": "Sangat mudah",
        "follow_up": {
            "easy": "Apa yang membuatnya mudah?",
            "neutral": "Apa yang bisa membuatnya lebih mudah?",
            "difficult": "Apa yang membuatnya sulit?",
        },
        "thanks": {
            "easy": "Terima kasih! Senang mendengarnya.",
            "neutral": "Terima kasih! Kami akan memperbaikinya.",
            "difficult": "Terima kasih sudah memberi tahu. Kami akan menindaklanjutinya.",
        },
    },
    "form": {"thanks": {"all": "Terima kasih atas jawaban Anda!"}},
    "quiz": {"thanks": {"all": "Terima kasih sudah ikut bermain!"}},
}
