"""The flat fields of a campaign's form as the document the popups room takes, and back.

A field's name is the place of its value in the document; of a variant it has the key where the document has a list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from widget.core.typed_values import TypedValues, spell_all, spell_money, spell_scaled
from widget.popups.rules import PROFILE_FIELDS, VARIANT_KEYS

Document = dict[str, Any]

TEXTS = (
    "title", "text", "button", "decline", "teaser", "thanks_title", "thanks_text", "alt", "button_url", "privacy_url",
)  # fmt: skip
SECONDS = ("idle_seconds", "return_seconds", "after_seconds", "scroll_percent")
# What each way of leaving is armed by, and from when.
LEAVING = {"exit": ("after_seconds", 5), "touch": ("depth_percent", 30)}
PAGE_RULES = ("urls", "referrer")
MAX_ROWS = 20
# What a campaign has of a goal alone: left out where it has another.
OF_GOAL = {"survey_id": "survey", "download_url": "download"}
_PLAIN = ("name", "goal", "display", "default_language", "every_days", "per_session", "is_search_safe",
          "is_double_opt_in", "pool_id", "fixed_code", "survey_id", "download_url")  # fmt: skip


def spell_campaign(document: Mapping[str, Any], currency: str) -> dict[str, str]:
    """Return a campaign's document as the fields of its form."""
    given = {name: spell_all(document[name]) for name in _PLAIN}
    given["holdout_percent"] = spell_scaled(document["holdout_basis_points"], 2)
    given |= {f"languages.{language}": "1" for language in document["languages"]}
    given |= {f"consents.{language}": text for language, text in document["consents"].items()}
    given |= dict(_spell_asked(document["fields"]))
    given |= dict(_spell_triggers(document["triggers"], currency))
    given |= dict(_spell_rules(document["rules"], currency))
    for variant in document["variants"]:
        given |= dict(_spell_variant(variant))
    return given


def read_campaign(typed: TypedValues, kept: Mapping[str, Any]) -> Document:
    """Return the fields as a document; what the form has no field for stays as it is kept."""
    goal, display = typed.text("goal"), typed.text("display")
    texts = {name: typed.text(name) or None for name in ("pool_id", "fixed_code", "survey_id", "download_url")}
    languages = list_marked(typed.given, "languages")
    default_language = typed.text("default_language") or "en"
    return {
        "name": typed.text("name"),
        "goal": goal,
        "display": display,
        **{name: text if OF_GOAL.get(name, goal) == goal else None for name, text in texts.items()},
        "default_language": default_language,
        "languages": [default_language, *(one for one in languages if one != default_language)],
        "every_days": typed.whole("every_days", blank=30),
        "per_session": typed.whole("per_session", blank=1),
        "is_search_safe": typed.has("is_search_safe"),
        "is_double_opt_in": typed.has("is_double_opt_in"),
        "holdout_basis_points": typed.scaled("holdout_percent", 2, blank=0),
        "consents": {
            one: text for one in list_parts(typed.given, "consents") if (text := typed.text(f"consents.{one}"))
        },
        "fields": _read_asked(typed),
        "triggers": _read_triggers(typed),
        "rules": _read_rules(typed),
        "variants": [_read_variant(typed, key, kept) for key in list_variant_keys(typed.given)],
    }


def list_variant_keys(given: Mapping[str, str]) -> list[str]:
    """Return the variants that have fields, in order.

    >>> list_variant_keys({"variants.b.name": "B", "variants.a.name": "A", "variants.z.name": "Z", "name": "x"})
    ['a', 'b']
    """
    return [key for key in list_parts(given, "variants") if key in VARIANT_KEYS and len(key) == 1]


def list_parts(given: Mapping[str, str], base: str) -> list[str]:
    """Return what follows a name in the names of fields.

    >>> list_parts({"consents.en": "Yes", "consents.it": "", "name": "x"}, "consents")
    ['en', 'it']
    """
    prefix = f"{base}."
    return sorted({name.removeprefix(prefix).partition(".")[0] for name in given if name.startswith(prefix)})


def list_marked(given: Mapping[str, str], base: str) -> list[str]:
    """Return the boxes below a name that are ticked."""
    return [part for part in list_parts(given, base) if given.get(f"{base}.{part}")]


def list_places(given: Mapping[str, str], base: str) -> list[str]:
    """Return the numbers of the rows below a name, in order.

    >>> list_places({"urls.10.text": "/b", "urls.2.text": "/a", "urls.x.text": "", "urls.99999.text": ""}, "urls")
    ['2', '10']
    """
    parts = [one for one in list_parts(given, base) if one.isascii() and one.isdecimal() and len(one) <= 3]
    return sorted(parts, key=int)[:MAX_ROWS]


def _read_variant(typed: TypedValues, key: str, kept: Mapping[str, Any]) -> Document:
    base = f"variants.{key}"
    known: Mapping[str, Document] = next((one["texts"] for one in kept.get("variants", ()) if one["key"] == key), {})
    texts: dict[str, Document] = {}
    for language in {*list_parts(typed.given, f"{base}.texts"), *known}:
        said = {name: text for name in TEXTS if (text := typed.text(f"{base}.texts.{language}.{name}"))}
        if choices := known.get(language, {}).get("choices"):
            said["choices"] = choices
        if said:
            texts[language] = said
    return {
        "key": key,
        "name": typed.text(f"{base}.name") or key.upper(),
        "weight": typed.whole(f"{base}.weight", blank=1),
        "texts": texts,
        "picture_id": typed.text(f"{base}.picture_id") or None,
    }


def _spell_variant(variant: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    base = f"variants.{variant['key']}"
    for name in ("name", "weight", "picture_id"):
        yield f"{base}.{name}", spell_all(variant.get(name))
    for language, texts in variant["texts"].items():
        yield from ((f"{base}.texts.{language}.{name}", texts[name]) for name in TEXTS if name in texts)


def _read_asked(typed: TypedValues) -> list[Document]:
    asked = []
    for key in PROFILE_FIELDS:
        if how := typed.text(f"fields.{key}"):
            choices = {"choices": _read_list(typed, "fields.interests.choices")} if key == "interests" else {}
            asked.append({"key": key, "required": how == "required", **choices})
    return asked


def _spell_asked(asked: list[Document]) -> Iterator[tuple[str, str]]:
    for field in asked:
        yield f"fields.{field['key']}", "required" if field["required"] else "optional"
        if field.get("choices"):
            yield "fields.interests.choices", ", ".join(field["choices"])


def _read_triggers(typed: TypedValues) -> Document:
    triggers: Document = {}
    for name, (part, usual) in LEAVING.items():
        if typed.has(f"triggers.{name}"):
            triggers[name] = {part: typed.whole(f"triggers.{name}.{part}", blank=usual)}
    for name in SECONDS:
        if typed.has(f"triggers.{name}"):
            triggers[name] = typed.whole(f"triggers.{name}")
    if typed.has("triggers.cart_minor"):
        triggers["cart_minor"] = typed.money("triggers.cart_minor")
    if event := typed.text("triggers.event"):
        triggers["event"] = event
    return triggers


def _spell_triggers(triggers: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    for name, (part, usual) in LEAVING.items():
        if name in triggers:
            yield f"triggers.{name}", "1"
            yield f"triggers.{name}.{part}", spell_all(triggers[name].get(part, usual))
    for name in (*SECONDS, "event"):
        yield f"triggers.{name}", spell_all(triggers.get(name))
    yield "triggers.cart_minor", spell_money(triggers.get("cart_minor"), currency)


def _read_rules(typed: TypedValues) -> Document:
    rules: Document = {name: _read_rows(typed, f"rules.{name}") for name in PAGE_RULES}
    rules["devices"] = [typed.text("rules.devices")] if typed.has("rules.devices") else []
    rules["countries"] = [country.upper() for country in _read_list(typed, "rules.countries")]
    rules["visitors"] = typed.text("rules.visitors")
    rules["segments"] = list_marked(typed.given, "rules.segments")
    rules["tiers"] = list_marked(typed.given, "rules.tiers")
    cart = [typed.money(f"rules.cart_{end}") for end in ("min", "max")]
    rules["cart_minor"] = cart if cart != [None, None] else None
    rules["not_subscribed"] = typed.has("rules.not_subscribed")
    return {name: rule for name, rule in rules.items() if rule}


def _spell_rules(rules: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    for name in PAGE_RULES:
        for place, (match, text) in enumerate(rules.get(name, ())):
            yield f"rules.{name}.{place}.match", match
            yield f"rules.{name}.{place}.text", text
    devices = rules.get("devices", [])
    yield "rules.devices", devices[0] if len(devices) == 1 else ""
    yield "rules.countries", ", ".join(rules.get("countries", ()))
    yield "rules.visitors", rules.get("visitors", "")
    for name in ("segments", "tiers"):
        yield from ((f"rules.{name}.{one}", "1") for one in rules.get(name, ()))
    for end, amount in zip(("min", "max"), rules.get("cart_minor") or (None, None), strict=True):
        yield f"rules.cart_{end}", spell_money(amount, currency)
    yield "rules.not_subscribed", spell_all(rules.get("not_subscribed"))


def _read_rows(typed: TypedValues, base: str) -> list[list[str]]:
    names = [f"{base}.{place}" for place in list_places(typed.given, base)]
    return [[typed.text(f"{name}.match"), typed.text(f"{name}.text")] for name in names if typed.has(f"{name}.text")]


def _read_list(typed: TypedValues, name: str) -> list[str]:
    return [part for one in typed.text(name).split(",") if (part := one.strip())]
