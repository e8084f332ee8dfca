"""How requests are read: strict JSON, strict fields, field errors as problem documents."""

import unicodedata
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

import orjson
from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from widget.core.paging import MAX_PAGE_SIZE
from widget.core.problems import (
    FieldError,
    InvalidFields,
    MalformedRequest,
    TooLarge,
    WrongContentType,
    flatten_messages,
)

# The longest id of a store's own, of an order or a customer, say.
MAX_ID_LENGTH = 200


class RequestSchema(Schema):
    """The base of what comes in: unknown fields are errors, so that a typo is not silently dropped."""

    class Meta:
        unknown = RAISE


class QuerySchema(Schema):
    """The base of query strings: parameters of others (campaign tags, say) pass unread."""


class Text(fields.String):
    """A string that every database can store: no NUL."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text:
            raise ValidationError("Must not contain the NUL character.")
        return text


class Line(Text):
    """A line of text in any script: no control characters."""

    def __init__(self, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        # What a document can say of it, with a beginning that is not blank.
        pattern = r"^[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$"
        described = {"minLength": 1, "maxLength": longest, "pattern": pattern, **kwargs.pop("metadata", {})}
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_line(text, self.longest):
            raise ValidationError(f"Must be 1 to {self.longest} characters, none of them a control character.")
        return text


def is_line(text: str, longest: int) -> bool:
    """Tell whether a text is one line of up to so many characters, which names in any script are."""
    return 1 <= len(text) <= longest and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


class WholeNumber(fields.Integer):
    """A JSON integer: neither "5" nor 5.0 nor true."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("Must be a whole number.")
        return value


class Flag(fields.Boolean):
    """A JSON boolean: neither "yes" nor 1."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Moment(fields.AwareDateTime):
    """An ISO 8601 time; one without an offset is read as UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Must be a time such as 2026-05-31T12:00:00Z.")
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        return moment


class Identifier(fields.UUID):
    """A UUID written as a string."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> uuid.UUID:
        if not isinstance(value, str):
            raise ValidationError("Must be a UUID.")
        identifier: uuid.UUID = super()._deserialize(value, attr, data, **kwargs)
        return identifier


class NamedValues(fields.Field[dict[str, str]]):
    """What a page or a store says beside something: names to strings, numbers or booleans, kept as strings."""

    MAX_VALUES, MAX_NAME_LENGTH, MAX_VALUE_LENGTH = 20, 64, 500

    def __init__(self, **kwargs: Any) -> None:
        described = {
            "type": "object",
            "maxProperties": self.MAX_VALUES,
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        }
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict) or len(value) > self.MAX_VALUES:
            raise ValidationError(f"Must be an object of at most {self.MAX_VALUES} fields.")
        return {self._read_name(name): self._read_value(name, text) for name, text in value.items()}

    def _read_name(self, name: str) -> str:
        if not 1 <= len(name) <= self.MAX_NAME_LENGTH or not name.isprintable():
            raise ValidationError(f"A field's name has 1 to {self.MAX_NAME_LENGTH} printable characters.")
        return name

    def _read_value(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if not isinstance(value, str) or len(value) > self.MAX_VALUE_LENGTH or "\x00" in value:
            message = f"Must be a string of at most {self.MAX_VALUE_LENGTH} characters, a number or a boolean."
            raise ValidationError({name: [message]})
        return value


class LanguageTag(Text):
    """A language as browsers and stores name it, such as it or pt-BR."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(r"[A-Za-z0-9-]{1,35}\Z"), **kwargs)


class PageAddress(Text):
    """The address of the page somebody writes from; it may be left out."""

    def __init__(self) -> None:
        is_address = validate.And(validate.Length(max=2000), validate.Regexp(r"https?://[^\s]+\Z"))
        super().__init__(allow_none=True, load_default=None, validate=is_address)


class NothingIn(RequestSchema):
    """A step that needs no words: an empty object."""


class PageQuery(QuerySchema):
    """Where a page of a list begins and how long it is."""

    cursor = Text(metadata={"description": "The `next_cursor` of the page before"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE_SIZE))


class StrictParser(FlaskParser):
    """Read requests strictly and raise problems instead of aborting."""

    def _raw_load_json(self, req: Request) -> Any:
        return load_json(req)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1 and next(iter(messages)) in ("json", "query"):
            # webargs wraps the messages in the name of the place they come from.
            messages = next(iter(messages.values()))
        raise InvalidFields(errors=flatten_messages(messages)) from error


def load_json(request: Request) -> Any:
    """Return the body as JSON; raise a problem for a wrong type, size, encoding or nesting."""
    if request.mimetype != "application/json":
        raise WrongContentType()
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise TooLarge() from error
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequest(f"The body is not valid JSON: {error}") from error


def load_body(schema: Schema, request: Request) -> Any:
    """Return the JSON body as the schema loads it; the lean way of the hot paths."""
    return load_document(schema, load_json(request))


def load_document(schema: Schema, document: Any) -> Any:
    """Return a JSON document as the schema loads it; raise InvalidFields."""
    if not isinstance(document, dict):
        raise InvalidFields(errors=[FieldError("#", "Must be a JSON object.")])
    try:
        return schema.load(document)
    except ValidationError as error:
        raise InvalidFields(errors=flatten_messages(error.messages)) from error


def load_one_or_many(one: Schema, many: Schema, name: str, request: Request) -> list[Any]:
    """Return what a JSON body says: one document, or a list of them under a name; raise InvalidFields."""
    document = load_json(request)
    if isinstance(document, dict) and name in document:
        loaded: list[Any] = load_document(many, document)[name]
        return loaded
    return [load_document(one, document)]
