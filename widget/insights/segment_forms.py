"""The form of a segment: what an owner has typed so far, and the document it makes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from widget.core.money import to_decimal, to_minor
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.customers.segment_models import Segment
from widget.insights.conditions import FIELDS, MAX_CONDITIONS, MEETS, Condition, Field
from widget.insights.segment_schemas import SegmentIn

# How amounts are read before the first order says in which currency they are.
_NO_CURRENCY = "EUR"


class SegmentForm:
    """A segment that is being put together: its rows as they were typed, and what is wrong by the field's name."""

    def __init__(self, name: str, meets: str, rows: list[dict[str, str]], currency: str | None) -> None:
        self.name, self.meets, self.rows = name, meets, rows
        self.currency = currency or _NO_CURRENCY
        self.errors: dict[str, list[str]] = {}
        self.focus = ""

    @classmethod
    def of(cls, segment: Segment, currency: str | None) -> "SegmentForm":
        """Return the form of a segment as it is."""
        return cls.started(segment.name, segment.meets, segment.conditions, currency)

    @classmethod
    def started(cls, name: str, meets: str, conditions: Any, currency: str | None) -> "SegmentForm":
        """Return the form of conditions that are right."""
        form = cls(name, meets, [], currency)
        form.rows = [form._spell(condition) for condition in conditions]
        return form

    @classmethod
    def submitted(cls, given: Mapping[str, str], currency: str | None) -> "SegmentForm":
        """Return the form as the browser sent it; a row without a known field is none."""
        meets = given.get("meets", "all")
        form = cls(given.get("name", "").strip(), meets if meets in MEETS else "all", [], currency)
        for place in range(MAX_CONDITIONS):
            row = {part: given.get(f"conditions.{place}.{part}", "") for part in ("field", "comparison", "value")}
            if row["field"] in FIELDS:
                form.rows.append(row)
        return form

    def act(self, action: str, added: str) -> None:
        """Add a row, or take one away, as a button says; remember where to go on."""
        what, _, place = action.partition(".")
        if what == "remove" and place.isdecimal() and int(place) < len(self.rows):
            del self.rows[int(place)]
            self.focus = "add"
        if what == "add" and added in FIELDS and len(self.rows) < MAX_CONDITIONS:
            field = FIELDS[added]
            self.rows.append({"field": added, "comparison": field.comparisons[0], "value": _first_value(field)})
            self.focus = f"conditions.{len(self.rows) - 1}.comparison"

    def validate(self) -> dict[str, Any] | None:
        """Return the checked document, or None with `errors` by field."""
        try:
            document: dict[str, Any] = SegmentIn().load(self.as_document())
        except ValidationError as error:
            self.add_errors(flatten_messages(error.messages))
            return None
        return document

    def list_right_conditions(self) -> list[Condition] | None:
        """Return the conditions where there is one and all are right, else None."""
        try:
            document = SegmentIn(only=["conditions"]).load({"conditions": self.as_document()["conditions"]})
        except ValidationError:
            return None
        return list(document["conditions"])

    def as_document(self) -> dict[str, Any]:
        """Return the form as the store's server would send it; what is no number stays as it was typed."""
        conditions = [{**row, "value": self._read(FIELDS[row["field"]], row["value"])} for row in self.rows]
        return {"name": self.name, "meets": self.meets, "conditions": conditions}

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put what is wrong to the fields it belongs to."""
        for error in errors:
            self.errors.setdefault(error.pointer.removeprefix("#/").replace("/", "."), []).append(error.detail)

    def add_problem(self, problem: InvalidFields) -> None:
        """Put what a service refused to the fields it belongs to."""
        self.add_errors(problem.errors)

    def _read(self, field: Field, text: str) -> Any:
        text = text.strip()
        if field.kind == "flag":
            return {"true": True, "false": False}.get(text, text)
        if field.kind == "money":
            try:
                return to_minor(text.replace(",", "."), self.currency)
            except ValueError:
                return text
        is_number = text.isascii() and text.isdecimal() and len(text) < 16
        return int(text) if is_number and field.kind != "text" else text

    def _spell(self, condition: Condition) -> dict[str, str]:
        field, value = FIELDS[condition["field"]], condition["value"]
        if field.kind == "money":
            amount = to_decimal(value, self.currency)
            value = int(amount) if amount == int(amount) else amount
        if isinstance(value, bool):
            value = str(value).lower()
        return {"field": field.name, "comparison": condition["comparison"], "value": _plain(value)}


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _first_value(field: Field) -> str:
    if field.kind == "flag":
        return "true"
    return {"days": "30", "number": "1", "quintile": "4"}.get(
        field.kind, str(field.choices[0]) if field.choices else ""
    )
