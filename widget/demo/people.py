"""The made-up customers of Maple Store; who can log in is none of them, so that the demo asks them."""

from datetime import date

from widget.demo.catalogue import Shopper

FIRST_NAMES = (
    "Amira",
    "Bruno",
    "Chiara",
    "Dewi",
    "Elena",
    "Felix",
    "Giulia",
    "Hana",
    "Indra",
    "Jonas",
    "Karim",
    "Lucia",
    "Marta",
    "Noor",
    "Oskar",
    "Putri",
    "Rosa",
    "Sari",
    "Tomas",
    "Ulla",
    "Vera",
    "Wayan",
    "Yusuf",
)
LAST_NAMES = (
    "Bauer",
    "Conti",
    "Evans",
    "Ferrari",
    "Hartono",
    "Ivanov",
    "Lind",
    "Marchetti",
    "Novak",
    "Okafor",
    "Rossi",
    "Santoso",
    "Tanaka",
    "Utami",
    "Virtanen",
    "Walker",
    "Weber",
)
# The shop sold for a year before it began to ask, and found new people every day.
SOLD_DAYS_BEFORE = 360
FIRST_PEOPLE, NEW_PEOPLE_A_DAY = 60, 2
# Above 1, those who came first buy most.
LOYALTY = 1.6


def count_days_open(opened_on: date, day: date) -> int:
    """Return how long the shop has sold on a day, from the day on which it began to ask."""
    return (day - opened_on).days + SOLD_DAYS_BEFORE


def find_person(shopper_number: int, days_open: int) -> Shopper:
    """Return the customer with an account behind a made-up number, on a day the shop has been open so long.

    >>> find_person(0, 100).email
    'lucia.utami.1001@shoppers.example'
    """
    return _make_person("customer", 1001 + _pick(shopper_number, days_open))


def find_guest(shopper_number: int, days_open: int) -> Shopper:
    """Return who bought without an account; the shop knows their e-mail alone."""
    return _make_person("guest", 5001 + _pick(shopper_number, days_open))


def _pick(shopper_number: int, days_open: int) -> int:
    place = shopper_number // 2 % 10_000 / 10_000
    return int((FIRST_PEOPLE + NEW_PEOPLE_A_DAY * days_open) * place**LOYALTY)


def _make_person(kind: str, number: int) -> Shopper:
    first = FIRST_NAMES[(number - 1) % len(FIRST_NAMES)]
    last = LAST_NAMES[(number - 1) * 7 % len(LAST_NAMES)]
    return Shopper(f"{kind}-{number}", f"{first} {last}", f"{first}.{last}.{number}@shoppers.example".lower())
