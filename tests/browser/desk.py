"""A survey that owners have worked through: questions, tags, notes, a saved filter and a shared report."""

from sqlalchemy import select

from tests.surveys.builders import set_questions, tag_response
from widget.core.db import db
from widget.reports import service
from widget.surveys import desk
from widget.surveys.models import Survey, SurveyResponse

DEFINITION = {
    "questions": [
        {
            "key": "why",
            "type": "multiple",
            "choices": [{"id": "price"}, {"id": "range"}, {"id": "speed"}],
            "other": True,
        },
        {"key": "site", "type": "stars", "min": 1, "max": 5},
        {"key": "more", "type": "text"},
    ]
}
TEXTS = {
    "en": {
        "questions": {
            "why": {
                "question": "What brought you to us in the first place, of all the stores there are?",
                "choices": {"price": "The prices", "range": "So much to choose from", "speed": "Fast delivery"},
                "other": "Something else",
            },
            "site": {"question": "How do you like our website?"},
            "more": {"question": "Anything else?"},
        }
    }
}
SAID = (
    {"why": ["price", "speed"], "site": 4},
    {"why": ["other"], "why.other": "My neighbour's cat", "site": 2, "more": "Please open on Sundays."},
    {"site": 5},
    {},
)


def work_through(survey: Survey) -> str:
    """Let owners have worked on a survey's answers; return the path of its report. The caller commits."""
    set_questions(survey, DEFINITION, TEXTS)
    db.session.flush()
    mine = (SurveyResponse.site_id == survey.site_id, SurveyResponse.survey_id == survey.id)
    responses = db.session.scalars(
        select(SurveyResponse).where(*mine).order_by(SurveyResponse.answered_at.desc())
    ).all()
    for number, response in enumerate(responses):
        response.answers = SAID[number % len(SAID)]
    tag_response(responses[0], "delivery", "call back")
    desk.add_note(responses[0], "Called her on Tuesday. She will order again.", "alice@maple.example")
    desk.save_filter(survey, "Unhappy Italians", {"bucket": "detractor", "language": "it"})
    link = service.create_link(survey, name="May, for the board", query={}, shows_comments=True, days=30)
    db.session.flush()
    return "/l/r/" + service.link_url(link).rpartition("/")[2]
