"""The customers of Maple Store: Carol and Frank, who can log in, and others who only answered before."""

from widget.demo.catalogue import SHOPPERS, Shopper

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
OTHER_PEOPLE = 40


def _make_person(number: int) -> Shopper:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number * 7 % len(LAST_NAMES)]
    return Shopper(f"customer-{1001 + number}", f"{first} {last}", f"{first}.{last}@shoppers.example".lower())


PEOPLE = SHOPPERS + tuple(_make_person(number) for number in range(OTHER_PEOPLE))
