"""What a survey says by default, in the shopper's language."""

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("en", "it", "id")
LANGUAGE_NAMES = {"en": "English", "it": "Italiano", "id": "Bahasa Indonesia"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

UI_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Your opinion",
        "send": "Send",
        "close": "Close",
        "optional": "optional",
        "choose_first": "Please choose an answer first.",
        "sent": "Your answer has been sent.",
        "not_sent_yet": "Your answer is saved here and will be sent when you are back online.",
    },
    "it": {
        "title": "La tua opinione",
        "send": "Invia",
        "close": "Chiudi",
        "optional": "facoltativo",
        "choose_first": "Scegli prima una risposta.",
        "sent": "La tua risposta è stata inviata.",
        "not_sent_yet": "La tua risposta è salvata qui e sarà inviata quando torni online.",
    },
    "id": {
        "title": "Pendapat Anda",
        "send": "Kirim",
        "close": "Tutup",
        "optional": "opsional",
        "choose_first": "Silakan pilih jawaban terlebih dahulu.",
        "sent": "Jawaban Anda telah terkirim.",
        "not_sent_yet": "Jawaban Anda tersimpan di sini dan akan dikirim saat Anda kembali daring.",
    },
}

SURVEY_TEXTS: dict[str, dict[str, dict[str, Any]]] = {
    "nps": {
        "en": {
            "question": "How likely are you to recommend us to a friend?",
            "low_label": "Not at all likely",
            "high_label": "Extremely likely",
            "follow_up": {
                "promoter": "What did you like most?",
                "passive": "What would have made it better?",
                "detractor": "What went wrong?",
            },
            "thanks": {
                "promoter": "Thank you! We are glad you like it here.",
                "passive": "Thank you! We will work on it.",
                "detractor": "Thank you for telling us. We will look into it.",
            },
        },
        "it": {
            "question": "Con quale probabilità ci consiglieresti a un amico?",
            "low_label": "Per niente probabile",
            "high_label": "Estremamente probabile",
            "follow_up": {
                "promoter": "Che cosa ti è piaciuto di più?",
                "passive": "Che cosa avremmo potuto fare meglio?",
                "detractor": "Che cosa è andato storto?",
            },
            "thanks": {
                "promoter": "Grazie! Siamo felici che ti trovi bene da noi.",
                "passive": "Grazie! Ci lavoreremo.",
                "detractor": "Grazie di avercelo detto. Ce ne occuperemo.",
            },
        },
        "id": {
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
    },
    "csat": {
        "en": {
            "question": "How satisfied are you with your purchase?",
            "labels": ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
            "follow_up": {
                "satisfied": "What did you like most?",
                "neutral": "What would have made it better?",
                "dissatisfied": "What went wrong?",
            },
            "thanks": {
                "satisfied": "Thank you! It is good to hear that.",
                "neutral": "Thank you! We will work on it.",
                "dissatisfied": "Thank you for telling us. We will look into it.",
            },
        },
        "it": {
            "question": "Quanto sei soddisfatto del tuo acquisto?",
            "labels": [
                "Molto insoddisfatto",
                "Insoddisfatto",
                "Né soddisfatto né insoddisfatto",
                "Soddisfatto",
                "Molto soddisfatto",
            ],
            "follow_up": {
                "satisfied": "Che cosa ti è piaciuto di più?",
                "neutral": "Che cosa avremmo potuto fare meglio?",
                "dissatisfied": "Che cosa è andato storto?",
            },
            "thanks": {
                "satisfied": "Grazie! È bello sentirlo.",
                "neutral": "Grazie! Ci lavoreremo.",
                "dissatisfied": "Grazie di avercelo detto. Ce ne occuperemo.",
            },
        },
        "id": {
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
    },
}


def choose_language(wanted: str, default: str) -> str:
    """Return the first language of a comma-separated wish list that we speak, else the default.

    >>> choose_language("fr-FR,it-IT,en", "en"), choose_language("fr", "id"), choose_language("in", "en")
    ('it', 'id', 'id')
    """
    for tag in wanted.split(","):
        primary = tag.strip().lower().replace("_", "-").partition("-")[0]
        # Some browsers still send Indonesian as "in", its code before 1989.
        language = "id" if primary == "in" else primary
        if language in LANGUAGES:
            return language
    return default


def merge_texts(kind: str, language: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a survey's texts in one language: the owner's wording over the default one.

    >>> merge_texts("nps", "en", {"thanks": {"passive": "Ta!"}})["thanks"]["passive"]
    'Ta!'
    """
    merged: dict[str, Any] = {}
    for name, default in SURVEY_TEXTS[kind][language].items():
        given = own.get(name)
        if isinstance(default, dict):
            merged[name] = {**default, **{key: text for key, text in (given or {}).items() if text}}
        else:
            merged[name] = given or default
    return merged
