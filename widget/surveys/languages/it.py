"""What surveys say by default in Italian."""

from typing import Any

UI = {
    "title": "La tua opinione",
    "send": "Invia",
    "close": "Chiudi",
    "optional": "facoltativo",
    "required": "obbligatorio",
    "choose_first": "Scegli prima una risposta.",
    "answer_first": "Rispondi prima a questa domanda.",
    "sent": "La tua risposta è stata inviata.",
    "not_sent_yet": "La tua risposta è salvata qui e sarà inviata quando torni online.",
    "next": "Avanti",
    "back": "Indietro",
    "step": "Domanda %d di %d",
    "other": "Altro",
    "other_text": "Con parole tue",
    "choose_several": "Scegli tutte le risposte che valgono.",
    "choose_at_most": "Scegline al massimo %d.",
    "too_long": "Usa al massimo %d caratteri.",
    "consent_first": "Spunta la casella oppure lascia vuota la risposta.",
    "consent_birthday": "Potete conservare la mia data di nascita per farmi gli auguri.",
    "consent_interests": "Potete conservare i miei interessi per mostrarmi ciò che mi piace.",
    "day": "Giorno",
    "month": "Mese",
    "year": "Anno",
    "bad_day": "Indica un giorno che esiste.",
    "stars": "%d stelle su 5",
    "mood_1": "Pessimo",
    "mood_2": "Male",
    "mood_3": "Così così",
    "mood_4": "Bene",
    "mood_5": "Benissimo",
    "feedback": "Opinioni",
    "link": "Scopri di più",
    "result": "Il tuo risultato",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
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
    "csat": {
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
    "ces": {
        "question": "Quanto è stato facile trovare quello che cercavi?",
        "low_label": "Molto difficile",
        "high_label": "Molto facile",
        "follow_up": {
            "easy": "Che cosa l'ha reso facile?",
            "neutral": "Che cosa l'avrebbe reso più facile?",
            "difficult": "Che cosa l'ha reso difficile?",
        },
        "thanks": {
            "easy": "Grazie! È bello sentirlo.",
            "neutral": "Grazie! Ci lavoreremo.",
            "difficult": "Grazie di avercelo detto. Ce ne occuperemo.",
        },
    },
    "form": {"thanks": {"all": "Grazie delle tue risposte!"}},
    "quiz": {"thanks": {"all": "Grazie di aver giocato!"}},
}
