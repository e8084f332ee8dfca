"""The customers of Maple Store who answered before; who can log in has not, so that the demo asks them."""

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
    "Lucia",
    "Putri",
)
LAST_NAMES = (
    "Bauer",
    "Conti",
    "Evans",
    "Ferrari",
    "Hartono",
    "Lind",
    "Marchetti",
    "Novak",
    "Santoso",
    "Walker",
)
NUMBER_OF_PEOPLE = 42


def _make_person(number: int) -> Shopper:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number * 7 % len(LAST_NAMES)]
    return Shopper(f"customer-{1001 + number}", f"{first} {last}", f"{first}.{last}@shoppers.example".lower())


PEOPLE = tuple(_make_person(number) for number in range(NUMBER_OF_PEOPLE))
