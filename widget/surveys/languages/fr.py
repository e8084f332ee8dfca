"""What surveys say by default in French."""

from typing import Any

UI = {
    "title": "Votre avis",
    "send": "Envoyer",
    "close": "Fermer",
    "optional": "facultatif",
    "required": "obligatoire",
    "choose_first": "Choisissez d'abord une réponse.",
    "answer_first": "Répondez d'abord à cette question.",
    "sent": "Votre réponse a été envoyée.",
    "not_sent_yet": "Votre réponse est gardée ici et sera envoyée dès que vous serez de nouveau en ligne.",
    "next": "Suivant",
    "back": "Retour",
    "step": "Question %d sur %d",
    "other": "Autre",
    "other_text": "Avec vos propres mots",
    "choose_several": "Choisissez tout ce qui convient.",
    "choose_at_most": "Choisissez-en au plus %d.",
    "too_long": "Utilisez au plus %d caractères.",
    "consent_first": "Cochez la case ou laissez la réponse vide.",
    "consent_birthday": "Vous pouvez garder ma date de naissance pour me souhaiter mon anniversaire.",
    "consent_interests": "Vous pouvez garder mes centres d'intérêt pour me montrer ce qui y correspond.",
    "day": "Jour",
    "month": "Mois",
    "year": "Année",
    "bad_day": "Indiquez un jour qui existe.",
    "stars": "%d étoiles sur 5",
    "mood_1": "Très mauvais",
    "mood_2": "Mauvais",
    "mood_3": "Moyen",
    "mood_4": "Bon",
    "mood_5": "Très bon",
    "feedback": "Avis",
    "link": "En savoir plus",
    "result": "Votre résultat",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
        "question": "Quelle est la probabilité que vous nous recommandiez à un ami ?",
        "low_label": "Pas du tout probable",
        "high_label": "Tout à fait probable",
        "follow_up": {
            "promoter": "Qu'avez-vous le plus apprécié ?",
            "passive": "Qu'aurions-nous pu faire de mieux ?",
            "detractor": "Qu'est-ce qui n'a pas été ?",
        },
        "thanks": {
            "promoter": "Merci ! Nous sommes ravis que vous vous plaisiez chez nous.",
            "passive": "Merci ! Nous allons y travailler.",
            "detractor": "Merci de nous l'avoir dit. Nous allons nous en occuper.",
        },
    },
    "csat": {
        "question": "Êtes-vous satisfait de votre achat ?",
        "labels": ["Très insatisfait", "Insatisfait", "Neutre", "Satisfait", "Très satisfait"],
        "follow_up": {
            "satisfied": "Qu'avez-vous le plus apprécié ?",
            "neutral": "Qu'aurions-nous pu faire de mieux ?",
            "dissatisfied": "Qu'est-ce qui n'a pas été ?",
        },
        "thanks": {
            "satisfied": "Merci ! Cela fait plaisir à entendre.",
            "neutral": "Merci ! Nous allons y travailler.",
            "dissatisfied": "Merci de nous l'avoir dit. Nous allons nous en occuper.",
        },
    },
    "ces": {
        "question": "A-t-il été facile d'obtenir ce que vous cherchiez ?",
        "low_label": "Très difficile",
        "high_label": "Très facile",
        "follow_up": {
            "easy": "Qu'est-ce qui l'a rendu facile ?",
            "neutral": "Qu'est-ce qui l'aurait rendu plus facile ?",
            "difficult": "Qu'est-ce qui l'a rendu difficile ?",
        },
        "thanks": {
            "easy": "Merci ! Cela fait plaisir à entendre.",
            "neutral": "Merci ! Nous allons y travailler.",
            "difficult": "Merci de nous l'avoir dit. Nous allons nous en occuper.",
        },
    },
    "form": {"thanks": {"all": "Merci pour vos réponses !"}},
    "quiz": {"thanks": {"all": "Merci d'avoir joué !"}},
}
