"""What the surveys room refuses."""

from widget.core.problems import Conflict, NotFound


class SurveyNotFound(NotFound):
    slug, title = "survey-not-found", "This site has no such survey"


class ResponseFinished(Conflict):
    slug, title = "response-finished", "This answer is finished and cannot change"


class ResponseIdTaken(Conflict):
    slug, title = "response-id-taken", "This id belongs to an answer to another survey"


class SurveyNotLive(Conflict):
    slug, title = "survey-not-live", "Only a live survey takes answers by link"
