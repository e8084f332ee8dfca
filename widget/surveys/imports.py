"""Storing the answers of a file, so that importing it again changes nothing."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db, insert_unless_known
from widget.core.import_runs import RowImport, Stored
from widget.core.importing import RowFile, SourceRow
from widget.customers.service import save_customers
from widget.surveys.counting import SurveyKey, belongs_to
from widget.surveys.import_answers import AnswerReader
from widget.surveys.import_rows import ImportedResponse, RowReader
from widget.surveys.models import Survey, SurveyField, SurveyResponse
from widget.surveys.recording import MAX_FIELD_NAMES, mark_day_stale

Identified = tuple[uuid.UUID, ImportedResponse]


def prepare_import(
    survey: Survey, file: RowFile, mapping: Mapping[str, str], *, dry_run: bool
) -> RowImport[Identified]:
    """Return the import of a file into a survey; raise FileRefused for columns that do not fit."""
    importer = ResponseImporter(survey, RowReader(AnswerReader.of(survey), file.columns, mapping, utc_now()))
    store = importer.find_new if dry_run else importer.store
    return RowImport(file, lambda rows: importer.parse(rows[0]), store)


class ResponseImporter:
    """One import into one survey.

    An answer without an id gets one from its content and from how often that came before in the file: the
    same file names the same answers again, and real duplicates stay.
    """

    def __init__(self, survey: Survey, reader: RowReader) -> None:
        self._site_id, self._survey_id, self._kind = survey.site_id, survey.id, survey.kind
        self._reader = reader
        self._occurrences: Counter[bytes] = Counter()
        self._tried_ids: set[uuid.UUID] = set()

    def parse(self, row: SourceRow) -> Identified:
        """Read a row and give it its id; raise RowRefused."""
        response = self._reader.read(row)
        if response.id is not None:
            return response.id, response
        content = uuid.uuid5(self._survey_id, response.as_content())
        self._occurrences[content.bytes] += 1
        return uuid.uuid5(content, str(self._occurrences[content.bytes])), response

    def find_new(self, batch: list[Identified]) -> Stored:
        """Return how many of a batch a real import would store."""
        new = [response_id for response_id, _ in self._pick_new(batch) if response_id not in self._tried_ids]
        self._tried_ids.update(new)
        return Stored(len(new))

    def store(self, batch: list[Identified]) -> Stored:
        """Store a batch in one transaction; return how many of it are new."""
        begin_writing()
        new = self._pick_new(batch)
        if new:
            self._insert(new)
            self._remember_field_names(new)
            for day in sorted({response.answered_at.date() for _, response in new}):
                mark_day_stale(db.session.connection(), self._site_id, self._survey_id, day)
        db.session.commit()
        pause()
        return Stored(len(new))

    def _pick_new(self, batch: Sequence[Identified]) -> Sequence[Identified]:
        """Return the answers of a batch that are not stored yet, each with the id it will have."""
        moved = {row_id: uuid.uuid5(self._survey_id, str(row_id)) for row_id, row in batch if row.id is not None}
        owners = self._find_owners({row_id for row_id, _ in batch} | set(moved.values()))
        answered_here = self._find_unfinished_times(batch)
        new: dict[uuid.UUID, ImportedResponse] = {}
        for row_id, response in batch:
            is_known = owners.get(row_id) == self._survey_id or moved.get(row_id) in owners
            if is_known or (_is_nameless(response) and response.answered_at in answered_here):
                continue
            # The answer may stand in another survey of the site already: here it gets an id of its own.
            new.setdefault(moved[row_id] if row_id in owners else row_id, response)
        return list(new.items())

    def _find_owners(self, ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        rows = db.session.execute(
            select(SurveyResponse.id, SurveyResponse.survey_id).where(
                SurveyResponse.site_id == self._site_id, SurveyResponse.id.in_(ids)
            )
        )
        return {row.id: row.survey_id for row in rows}

    def _find_unfinished_times(self, batch: Sequence[Identified]) -> set[datetime]:
        """Return when answers were given here that a file names without their ids, for they were unfinished."""
        times = {response.answered_at for _, response in batch if _is_nameless(response)}
        if not times:
            return set()
        return set(
            db.session.scalars(
                select(SurveyResponse.answered_at).where(
                    belongs_to(SurveyResponse, SurveyKey(self._site_id, self._survey_id)),
                    SurveyResponse.source == "widget",
                    SurveyResponse.answered_at.in_(times),
                )
            )
        )

    def _insert(self, new: Sequence[Identified]) -> None:
        customers = save_customers(self._site_id, {row.customer for _, row in new if row.customer})
        db.session.execute(
            insert_unless_known(SurveyResponse).on_conflict_do_nothing(),
            [
                {
                    "site_id": self._site_id,
                    "id": row_id,
                    "survey_id": self._survey_id,
                    "kind": self._kind,
                    "score": row.score,
                    "comment": row.comment,
                    "answers": row.answers,
                    "survey_version": row.survey_version,
                    "hidden": row.hidden,
                    "language": row.language,
                    "page_url": row.page_url,
                    "elapsed_ms": row.elapsed_ms,
                    "customer_id": customers[row.customer] if row.customer else None,
                    "source": "import",
                    "flag": row.flag,
                    "answered_at": row.answered_at,
                    "completed_at": row.completed_at,
                }
                for row_id, row in new
            ],
        )

    def _remember_field_names(self, new: Sequence[Identified]) -> None:
        names = {name for _, row in new for name in row.hidden}
        is_here = belongs_to(SurveyField, SurveyKey(self._site_id, self._survey_id))
        known = set(db.session.scalars(select(SurveyField.name).where(is_here)))
        for name in sorted(names - known)[: max(0, MAX_FIELD_NAMES - len(known))]:
            db.session.execute(
                insert_unless_known(SurveyField)
                .values(site_id=self._site_id, survey_id=self._survey_id, name=name)
                .on_conflict_do_nothing()
            )


def _is_nameless(response: ImportedResponse) -> bool:
    return response.id is None and response.completed_at is None
