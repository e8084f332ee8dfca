"""What every page that shows answers by a filter has in common: the filter's form, its words, and its presets."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.clock import utc_now
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.customers.segment_queries import list_segments
from widget.surveys import desk_queries, queries
from widget.surveys.asked import CHOICES, SCALES, AskedQuestion, Version, list_asked, list_versions
from widget.surveys.filters import SOURCES, ResponseFilter, to_query
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES, bucket_of

FILTER_FIELDS_SHOWN = 8
PRESETS = ((_l("7 days"), 7), (_l("30 days"), 30), (_l("90 days"), 90))
BUCKET_NAMES = {
    "promoter": _l("Promoters"),
    "passive": _l("Passives"),
    "detractor": _l("Detractors"),
    "satisfied": _l("Satisfied"),
    "neutral": _l("Neutral"),
    "dissatisfied": _l("Dissatisfied"),
    "easy": _l("Easy"),
    "difficult": _l("Difficult"),
}
SOURCE_NAMES = {"widget": _l("In a page"), "link": _l("By a link"), "import": _l("Imported")}

Choices = list[tuple[str, str]]


def filter_context(survey: Survey, wanted: ResponseFilter) -> dict[str, Any]:
    """Return what the templates of a filtered page need besides their own figures."""
    names = queries.list_field_names(survey)[:FILTER_FIELDS_SHOWN]
    # The filter takes a language with all its regions: it finds it-CH too.
    primary_tags = (tag.partition("-")[0].lower() for tag in queries.list_languages(survey))
    versions = list_versions(survey)
    asked = list_asked(versions)
    query = to_query(wanted)
    segments = [(str(segment.id), segment.name) for segment in list_segments(survey.site_id)]
    return {
        "survey": survey,
        "wanted": wanted,
        "query": query,
        "wanted_fields": dict(wanted.fields),
        "wanted_answers": dict(wanted.answers),
        "field_choices": {name: _as_choices(queries.list_field_values(survey, name)) for name in names},
        "question_choices": list(_list_question_choices(asked)),
        "question_names": {question.key: question.wording for question in reversed(asked)},
        "outcome_choices": _list_outcomes(versions),
        "tag_choices": _as_choices(desk_queries.list_tags(survey)),
        "segment_choices": segments,
        "segment_names": dict(segments),
        "source_choices": [(source, str(SOURCE_NAMES[source])) for source in SOURCES],
        "language_choices": [(tag, name_language(tag)) for tag in dict.fromkeys(primary_tags)],
        "name_language": name_language,
        "score_choices": _as_choices(SCORES[survey.kind]),
        "bucket_choices": [(bucket, str(BUCKET_NAMES[bucket])) for bucket in BUCKETS[survey.kind]],
        "bucket_of": partial(bucket_of, survey.kind),
        "presets": _list_presets(query, utc_now().date()),
        "saved_filters": desk_queries.list_saved_filters(survey),
    }


def name_language(tag: str) -> str:
    """Return a language's own name, or its tag where we do not know it."""
    return str(LANGUAGE_NAMES.get(tag.partition("-")[0].lower(), tag))


def _list_question_choices(asked: Iterable[AskedQuestion]) -> Iterable[tuple[AskedQuestion, Choices]]:
    for question in asked:
        if question.type in SCALES | CHOICES and question.is_asked_now:
            yield question, [*question.choices, ("*", _("Any answer"))]


def _list_outcomes(versions: Iterable[Version]) -> Choices:
    outcomes: dict[str, str] = {}
    for version in versions:
        for outcome in version.definition.get("outcomes") or ():
            outcomes.setdefault(outcome["id"], version.find_text("outcomes", outcome["id"], "title") or outcome["id"])
    return list(outcomes.items())


def _as_choices(values: Iterable[object]) -> Choices:
    return [(str(value), str(value)) for value in values]


def _list_presets(query: dict[str, str], today: date) -> list[tuple[str, dict[str, str], bool]]:
    """Return (label, query, whether it is the one shown) for the usual ranges of days."""
    others = {name: value for name, value in query.items() if name not in ("from", "until")}
    choices = [(str(label), {"from": (today - timedelta(days - 1)).isoformat()}) for label, days in PRESETS]
    shown = {name: value for name, value in query.items() if name in ("from", "until")}
    return [(label, others | dates, dates == shown) for label, dates in [*choices, (_("All time"), {})]]
