"""What surveys say by default in English."""

from typing import Any

UI = {
    "title": "Your opinion",
    "send": "Send",
    "close": "Close",
    "optional": "optional",
    "required": "required",
    "choose_first": "Please choose an answer first.",
    "answer_first": "Please answer this question first.",
    "sent": "Your answer has been sent.",
    "not_sent_yet": "Your answer is saved here and will be sent when you are back online.",
    "next": "Next",
    "back": "Back",
    "step": "Question %d of %d",
    "other": "Other",
    "other_text": "In your own words",
    "choose_several": "Choose all that apply.",
    "choose_at_most": "Choose at most %d.",
    "too_long": "Please use at most %d characters.",
    "consent_first": "Please tick the box, or leave the answer out.",
    "consent_birthday": "You may keep my birthday to send me a greeting.",
    "consent_interests": "You may keep my interests to show me what suits them.",
    "day": "Day",
    "month": "Month",
    "year": "Year",
    "bad_day": "Please give a day that exists.",
    "stars": "%d of 5 stars",
    "mood_1": "Very bad",
    "mood_2": "Bad",
    "mood_3": "So-so",
    "mood_4": "Good",
    "mood_5": "Very good",
    "feedback": "Feedback",
    "link": "Find out more",
    "result": "Your result",
}

SURVEYS: dict[str, dict[str, Any]] = {
    "nps": {
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
    "csat": {
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
    "ces": {
        "question": "How easy was it to get what you came for?",
        "low_label": "Very difficult",
        "high_label": "Very easy",
        "follow_up": {
            "easy": "What made it easy?",
            "neutral": "What would have made it easier?",
            "difficult": "What made it difficult?",
        },
        "thanks": {
            "easy": "Thank you! It is good to hear that.",
            "neutral": "Thank you! We will work on it.",
            "difficult": "Thank you for telling us. We will look into it.",
        },
    },
    "form": {"thanks": {"all": "Thank you for your answers!"}},
    "quiz": {"thanks": {"all": "Thank you for playing!"}},
}
