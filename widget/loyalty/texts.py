"""What shoppers read about points, said in their language and with the names the owner gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from widget.core.money import to_decimal
from widget.core.shopper_languages import choose_language
from widget.loyalty.languages import ar, de, en, es, fr, it
from widget.loyalty.languages import id as indonesian

_BUILT_IN: dict[str, ModuleType] = {"en": en, "it": it, "id": indonesian, "es": es, "fr": fr, "de": de, "ar": ar}
LANGUAGES = tuple(_BUILT_IN)
DEFAULT_LANGUAGE = "en"


def choose_texts_language(wanted: str) -> str:
    """Return the first of a comma-separated list of languages in which there are texts.

    >>> choose_texts_language("nl,it-IT,en"), choose_texts_language("")
    ('it', 'en')
    """
    return choose_language(wanted, DEFAULT_LANGUAGE, LANGUAGES)


def choose_text(texts: Mapping[str, Any], language: str) -> Any:
    """Return what an owner wrote in a language, else in English, else in whichever there is; None for nothing.

    >>> choose_text({"en": "Gold", "it": "Oro"}, "it"), choose_text({"fr": "Or"}, "it"), choose_text({}, "it")
    ('Oro', 'Or', None)
    """
    return texts.get(language) or texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), None)


@dataclass(frozen=True)
class Words:
    """The texts of one language; `names` are what points are called, one and several, by language.

    >>> words = Words("en")
    >>> words.points(1), words.points(-1240), words.say("to_next", missing=words.points(240), tier="Gold")
    ('1 point', '-1,240 points', '240 points to Gold')
    >>> leaves = Words("it", {"it": ["foglia", "foglie"]})
    >>> leaves.points(1), leaves.points(2), leaves.unit(1240)
    ('1 foglia', '2 foglie', 'foglie')
    """

    language: str
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def texts(self) -> ModuleType:
        return _BUILT_IN[self.language]

    def say(self, sentence: str, /, **values: Any) -> str:
        """Return a sentence with its values."""
        return str(self.texts.SENTENCES[sentence].format(**values))

    def points(self, number: int) -> str:
        """Return so many points."""
        names = choose_text(self.names, self.language)
        if not names:
            return self.count(self.texts.POINTS, number)
        return f"{self.number(number)} {self.unit(number)}"

    def unit(self, number: int) -> str:
        """Return what so many points are called, without their number."""
        names = choose_text(self.names, self.language)
        plural = self._plural(number)
        if names:
            return str(names[0] if plural == "one" else names[1])
        return str(self.texts.UNIT.get(plural, self.texts.UNIT["other"]))

    def orders(self, number: int) -> str:
        """Return so many orders."""
        return self.count(self.texts.ORDERS, number)

    def count(self, forms: Mapping[str, str], number: int) -> str:
        """Return a text in the form its number asks for."""
        return forms.get(self._plural(number), forms["other"]).format(n=self.number(number))

    def number(self, number: int) -> str:
        """Return a number with its thousands apart."""
        return str(format_decimal(number, "#,##0", locale=self.language))

    def factor(self, thousandths: int) -> str:
        """Return what something is multiplied with.

        >>> Words("it").factor(1500), Words("en").factor(2000)
        ('1,5', '2')
        """
        return str(format_decimal(Decimal(thousandths) / 1000, "#,##0.###", locale=self.language))

    def percent(self, basis_points: int) -> str:
        """Return a percentage.

        >>> Words("en").percent(750)
        '7.5%'
        """
        return str(format_percent(Decimal(basis_points) / 10_000, "#,##0.##%", locale=self.language))

    def money(self, minor: int, currency: str) -> str:
        """Return an amount; a round one without what is behind the point.

        >>> Words("en").money(100, "USD"), Words("en").money(2990, "EUR"), Words("en").money(100, "JPY")
        ('$1', '€29.90', '¥100')
        """
        amount = to_decimal(minor, currency)
        if amount != int(amount):
            return str(format_currency(amount, currency, locale=self.language))
        pattern = Locale(self.language).currency_formats["standard"].pattern.replace("0.00", "0")
        return str(format_currency(amount, currency, pattern, locale=self.language, currency_digits=False))

    def day(self, day: date) -> str:
        """Return a day.

        >>> Words("en").day(date(2026, 12, 31)), Words("it").day(date(2026, 12, 31))
        ('December 31, 2026', '31 dicembre 2026')
        """
        return str(format_date(day, "long", locale=self.language))

    def day_before(self, day: date) -> str:
        """Return the last day before one on which something is over."""
        return self.day(day - timedelta(days=1))

    def _plural(self, number: int) -> str:
        return str(Locale(self.language).plural_form(abs(number)))
