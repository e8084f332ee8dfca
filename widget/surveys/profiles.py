"""What customers tell of themselves in a survey: kept with their profile, with the sentence they agreed to."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from widget.core.db import writing_connection
from widget.core.shopper_languages import choose_language
from widget.customers.service import save_attribute
from widget.surveys.content import word_consent
from widget.surveys.definitions import PROFILE_TYPES
from widget.surveys.published import PublishedSurvey, PublishedVersion
from widget.surveys.texts import Wording


def save_profile(
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    survey: PublishedSurvey,
    asked: PublishedSurvey | PublishedVersion,
    answers: Mapping[str, Any],
    wanted_language: str | None,
    said_at: datetime,
) -> None:
    """Keep the profile fields among a customer's answers, in a transaction of its own; repeats change nothing."""
    given = [
        question
        for question in asked.definition.get("questions", ())
        if question["type"] in PROFILE_TYPES and question["key"] in answers
    ]
    if not given:
        return
    language = choose_language(wanted_language or "", asked.default_language, asked.languages)
    wording = Wording(survey.kind, language, asked.default_language, asked.texts)
    with writing_connection() as connection:
        for question in given:
            save_attribute(
                connection,
                site_id,
                customer_id,
                question["type"],
                answers[question["key"]],
                consent_text=word_consent(question, wording),
                language=language,
                source=f"survey:{survey.id}",
                given_at=said_at,
            )
