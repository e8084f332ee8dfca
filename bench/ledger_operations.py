"""Let chance do a million things to books of points, and check every one of them after each step.

Run: python -m bench.ledger_operations [operations]
"""

import random
import sys
from contextlib import suppress
from datetime import timedelta

from tests.loyalty.books import at, check_book
from widget.loyalty.book import Book
from widget.loyalty.entries import Cause, InsufficientPoints, NewEntry

OPERATIONS, STEPS_A_BOOK = 1_000_000, 100
KINDS = ("earn", "earn", "earn", "spend", "hold", "release", "commit", "give_back", "claw", "adjust", "wait", "wait")


class Account:
    """A book with what may still be undone of it."""

    def __init__(self, chance: random.Random) -> None:
        self.book, self.chance, self.day = Book(at(0)), chance, 0
        self.orders: dict[str, int] = {}
        self.held: list[dict[int, int]] = []
        self.spent: list[dict[int, int]] = []

    def step(self, number: int) -> None:
        """Do one thing, and check."""
        kind, cause = self.chance.choice(KINDS), Cause(f"step:{number}")
        with suppress(InsufficientPoints):
            getattr(self, kind)(cause)
        check_book(self.book, self.book.entries)

    def earn(self, cause: Cause) -> None:
        points, now = self.chance.randint(1, 100), self.book.settled_at
        start = now + timedelta(days=self.chance.choice([-5, 0, 0, 3, 10]))
        end = self.chance.choice([None, start + timedelta(days=self.chance.randint(0, 30))])
        self.book.credit(points, "earn", cause, available_at=start, expires_at=end)
        self.orders[cause.source] = points

    def spend(self, cause: Cause) -> None:
        self.spent.append(self._uses_of(self.book.spend(self.chance.randint(1, 120), "redeem", cause)))

    def hold(self, cause: Cause) -> None:
        self.held.append(self._uses_of(self.book.hold(self.chance.randint(1, 60), cause)))

    def release(self, cause: Cause) -> None:
        if self.held:
            self.book.release(self._pick(self.held), cause)

    def commit(self, cause: Cause) -> None:
        if self.held:
            self.spent.append(uses := self._pick(self.held))
            self.book.commit(uses, cause)

    def give_back(self, cause: Cause) -> None:
        if self.spent:
            self.book.give_back(self._pick(self.spent), "give_back", cause)

    def claw(self, cause: Cause) -> None:
        if self.orders:
            source = self.chance.choice(list(self.orders))
            points = self.chance.randint(1, self.orders[source])
            left = self.book.take_back(points, "claw", Cause(source), debt_limit=self.chance.choice([None, 0, 50]))
            self.orders[source] -= points - left
            if not self.orders[source]:
                del self.orders[source]

    def adjust(self, cause: Cause) -> None:
        if self.chance.random() < 0.5:
            self.book.credit(self.chance.randint(1, 20), "adjust", cause)
        else:
            self.book.take_back(self.chance.randint(1, 20), "adjust", cause)

    def wait(self, cause: Cause) -> None:
        self.day += self.chance.randint(0, 6)
        self.book.settle(at(self.day))

    def _uses_of(self, entry: NewEntry) -> dict[int, int]:
        return {lot: points for (number, lot), points in self.book.uses.items() if number == entry.number}

    def _pick(self, uses: list[dict[int, int]]) -> dict[int, int]:
        return uses.pop(self.chance.randrange(len(uses)))


def main() -> int:
    """Do so many things; a violation ends it with the step that made it."""
    operations = int(sys.argv[1]) if len(sys.argv) > 1 else OPERATIONS
    for seed in range(operations // STEPS_A_BOOK):
        account = Account(random.Random(seed))
        for number in range(STEPS_A_BOOK):
            account.step(number)
    print(f"{operations:,} operations on {operations // STEPS_A_BOOK:,} books: no violation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
