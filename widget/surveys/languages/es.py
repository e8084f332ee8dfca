"""What surveys say by default in Spanish."""

from typing import Any

UI = {
    "title": "Tu opinión",
    "send": "Enviar",
    "close": "Cerrar",
    "optional": "opcional",
    "required": "obligatorio",
    "choose_first": "Elige primero una respuesta.",
    "answer_first": "Responde primero a esta pregunta.",
    "sent": "Tu respuesta se ha enviado.",
    "not_sent_yet": "Tu respuesta está guardada aquí y se enviará cuando vuelvas a tener conexión.",
    "next": "Siguiente",
    "back": "Atrás",
    "step": "Pregunta %d de %d",
    "other": "Otro",
    "other_text": "Con tus propias palabras",
    "choose_several": "Elige todas las que correspondan.",
    "choose_at_most": "Elige como máximo %d.",
    "too_long": "Usa como máximo %d caracteres.",
    "consent_first": "Marca la casilla o deja la respuesta en blanco.",
    "consent_birthday": "Podéis guardar mi fecha de nacimiento para felicitarme.",
    "consent_interests": "Podéis guardar mis intereses para mostrarme lo que encaja con ellos.",
    "day": "Día",
    "month": "Mes",
    "year": "Año",
    "bad_day": "Indica un día que exista.",
    "stars": "%d de 5 estrellas",
    "mood_1": "Muy mal",
    "mood_2": "Mal",
    "mood_3": "Regular",
    "mood_4": "Bien",
    "mood_5": "Muy bien",
    "feedback": "Opinión",
    "link": "Más información",
    "result": "Tu resultado",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
        "question": "¿Qué probabilidad hay de que nos recomiendes a un amigo?",
        "low_label": "Nada probable",
        "high_label": "Muy probable",
        "follow_up": {
            "promoter": "¿Qué es lo que más te ha gustado?",
            "passive": "¿Qué lo habría hecho mejor?",
            "detractor": "¿Qué ha ido mal?",
        },
        "thanks": {
            "promoter": "¡Gracias! Nos alegra que estés a gusto aquí.",
            "passive": "¡Gracias! Trabajaremos en ello.",
            "detractor": "Gracias por contárnoslo. Nos ocuparemos de ello.",
        },
    },
    "csat": {
        "question": "¿Cómo valoras tu satisfacción con la compra?",
        "labels": ["Muy insatisfecho", "Insatisfecho", "Neutral", "Satisfecho", "Muy satisfecho"],
        "follow_up": {
            "satisfied": "¿Qué es lo que más te ha gustado?",
            "neutral": "¿Qué lo habría hecho mejor?",
            "dissatisfied": "¿Qué ha ido mal?",
        },
        "thanks": {
            "satisfied": "¡Gracias! Nos alegra saberlo.",
            "neutral": "¡Gracias! Trabajaremos en ello.",
            "dissatisfied": "Gracias por contárnoslo. Nos ocuparemos de ello.",
        },
    },
    "ces": {
        "question": "¿Te ha resultado fácil conseguir lo que buscabas?",
        "low_label": "Muy difícil",
        "high_label": "Muy fácil",
        "follow_up": {
            "easy": "¿Qué lo ha hecho fácil?",
            "neutral": "¿Qué lo habría hecho más fácil?",
            "difficult": "¿Qué lo ha hecho difícil?",
        },
        "thanks": {
            "easy": "¡Gracias! Nos alegra saberlo.",
            "neutral": "¡Gracias! Trabajaremos en ello.",
            "difficult": "Gracias por contárnoslo. Nos ocuparemos de ello.",
        },
    },
    "form": {"thanks": {"all": "¡Gracias por tus respuestas!"}},
    "quiz": {"thanks": {"all": "¡Gracias por jugar!"}},
}
