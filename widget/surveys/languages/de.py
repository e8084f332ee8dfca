"""What surveys say by default in German."""

from typing import Any

UI = {
    "title": "Ihre Meinung",
    "send": "Senden",
    "close": "Schließen",
    "optional": "freiwillig",
    "required": "erforderlich",
    "choose_first": "Bitte wählen Sie zuerst eine Antwort.",
    "answer_first": "Bitte beantworten Sie zuerst diese Frage.",
    "sent": "Ihre Antwort wurde gesendet.",
    "not_sent_yet": "Ihre Antwort ist hier gespeichert und wird gesendet, sobald Sie wieder online sind.",
    "next": "Weiter",
    "back": "Zurück",
    "step": "Frage %d von %d",
    "other": "Anderes",
    "other_text": "In Ihren eigenen Worten",
    "choose_several": "Wählen Sie alles, was zutrifft.",
    "choose_at_most": "Wählen Sie höchstens %d.",
    "too_long": "Bitte verwenden Sie höchstens %d Zeichen.",
    "consent_first": "Bitte setzen Sie das Häkchen oder lassen Sie die Antwort leer.",
    "consent_birthday": "Mein Geburtstag darf gespeichert werden, um mir zu gratulieren.",
    "consent_interests": "Meine Interessen dürfen gespeichert werden, um mir Passendes zu zeigen.",
    "day": "Tag",
    "month": "Monat",
    "year": "Jahr",
    "bad_day": "Bitte geben Sie einen Tag an, den es gibt.",
    "stars": "%d von 5 Sternen",
    "mood_1": "Sehr schlecht",
    "mood_2": "Schlecht",
    "mood_3": "Mittel",
    "mood_4": "Gut",
    "mood_5": "Sehr gut",
    "feedback": "Feedback",
    "link": "Mehr erfahren",
    "result": "Ihr Ergebnis",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
        "question": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "low_label": "Sehr unwahrscheinlich",
        "high_label": "Sehr wahrscheinlich",
        "follow_up": {
            "promoter": "Was hat Ihnen am besten gefallen?",
            "passive": "Was hätte es besser gemacht?",
            "detractor": "Was ist schiefgegangen?",
        },
        "thanks": {
            "promoter": "Vielen Dank! Schön, dass es Ihnen bei uns gefällt.",
            "passive": "Vielen Dank! Wir arbeiten daran.",
            "detractor": "Danke, dass Sie uns das sagen. Wir kümmern uns darum.",
        },
    },
    "csat": {
        "question": "Wie zufrieden sind Sie mit Ihrem Einkauf?",
        "labels": ["Sehr unzufrieden", "Unzufrieden", "Teils, teils", "Zufrieden", "Sehr zufrieden"],
        "follow_up": {
            "satisfied": "Was hat Ihnen am besten gefallen?",
            "neutral": "Was hätte es besser gemacht?",
            "dissatisfied": "Was ist schiefgegangen?",
        },
        "thanks": {
            "satisfied": "Vielen Dank! Das hören wir gern.",
            "neutral": "Vielen Dank! Wir arbeiten daran.",
            "dissatisfied": "Danke, dass Sie uns das sagen. Wir kümmern uns darum.",
        },
    },
    "ces": {
        "question": "Wie leicht haben Sie bekommen, was Sie wollten?",
        "low_label": "Sehr schwer",
        "high_label": "Sehr leicht",
        "follow_up": {
            "easy": "Was hat es leicht gemacht?",
            "neutral": "Was hätte es leichter gemacht?",
            "difficult": "Was hat es schwer gemacht?",
        },
        "thanks": {
            "easy": "Vielen Dank! Das hören wir gern.",
            "neutral": "Vielen Dank! Wir arbeiten daran.",
            "difficult": "Danke, dass Sie uns das sagen. Wir kümmern uns darum.",
        },
    },
    "form": {"thanks": {"all": "Vielen Dank für Ihre Antworten!"}},
    "quiz": {"thanks": {"all": "Danke fürs Mitspielen!"}},
}
