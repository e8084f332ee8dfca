"""One account's points: its lots, what may happen to them, and the entries that tell of it. Pure.

A book is read from the tables, changed here, and written back as what is new in it (`ledger.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from widget.loyalty.entries import Cause, InsufficientPoints, LotState, NewEntry


@dataclass
class Book:
    """An account as of `settled_at`, with the lots that have points left and those asked for by name."""

    settled_at: datetime
    balance: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    lifetime: int = 0
    last_number: int = 0
    inactive_at: datetime | None = None
    lots: dict[int, LotState] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)
    uses: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def next_change_at(self) -> datetime | None:
        """Return when time alone changes something next, None for never."""
        moments = [lot.available_at if self._is_pending(lot) else lot.expires_at for lot in self.list_live()]
        if moments:
            moments.append(self.inactive_at)
        return min((moment for moment in moments if moment is not None), default=None)

    def settle(self, now: datetime) -> None:
        """Let everything happen that time alone brings until now: points become available, and expire.

        What is settled late ends as if it had been settled on time.
        """
        while (due := self.next_change_at) is not None and due <= now:
            at = max(due, self.settled_at)
            arriving = [lot for lot in self.lots.values() if self._is_pending(lot) and lot.available_at <= at]
            self.settled_at = at
            for lot in sorted(arriving, key=lambda lot: lot.spending_order):
                self.pending -= lot.remaining
                self.balance += lot.remaining
                self._pay_debt([lot])
            is_over = self.inactive_at is not None and self.inactive_at <= at
            for lot in self._list_available():
                if is_over or (lot.expires_at is not None and lot.expires_at <= at):
                    self._expire(lot, at, lot.remaining)
            self.inactive_at = None if is_over else self.inactive_at
        self.settled_at = max(self.settled_at, now)

    def credit(
        self,
        points: int,
        kind: str,
        cause: Cause,
        *,
        available_at: datetime | None = None,
        expires_at: datetime | None = None,
        of: str | None = None,
    ) -> NewEntry:
        """Add points, which can be spent from `available_at` on until they expire; `of` names another source."""
        start = self.settled_at if available_at is None else available_at
        entry = self._add(points, kind, cause, start)
        lot = LotState(entry.number, of or cause.source, points, points, start, expires_at)
        self.lots[lot.number] = lot
        if self._is_pending(lot):
            self.pending += points
        else:
            self.balance += points
            self._pay_debt([lot])
            self.settle(self.settled_at)
        if kind in ("earn", "gift"):
            self.lifetime += points
        return entry

    def spend(self, points: int, kind: str, cause: Cause) -> NewEntry:
        """Take points from the lots that expire first; raise InsufficientPoints."""
        if points > self.balance:
            raise InsufficientPoints()
        entry = self._add(-points, kind, cause)
        self.balance -= points
        self._take(entry, self._list_available(), points)
        return entry

    def hold(self, points: int, cause: Cause) -> NewEntry:
        """Reserve points, which expire no more while they are held; raise InsufficientPoints."""
        entry = self.spend(points, "hold", cause)
        self.held += points
        return entry

    def give_back(self, uses: Mapping[int, int], kind: str, cause: Cause) -> NewEntry:
        """Give points back to the lots they came from, which expire when they would have; debt is paid first."""
        entry = self._return(uses, kind, cause)
        self._pay_debt([self.lots[number] for number in uses])
        self.settle(self.settled_at)
        return entry

    def release(self, uses: Mapping[int, int], cause: Cause) -> NewEntry:
        """Give reserved points back."""
        self.held -= sum(uses.values())
        return self.give_back(uses, "release", cause)

    def commit(self, uses: Mapping[int, int], cause: Cause) -> NewEntry:
        """Spend reserved points for good."""
        points = sum(uses.values())
        self.held -= points
        self._return(uses, "release", cause)
        entry = self._add(-points, "redeem", cause)
        self.balance -= points
        for number, taken in uses.items():
            self._take(entry, [self.lots[number]], taken)
        return entry

    def take_back(self, points: int, kind: str, cause: Cause, *, debt_limit: int | None = None) -> int:
        """Take points away whatever has become of them; return how many could not be, for the limit of debt.

        The points of the same source go first: those not yet available, those left, those that expired unspent. Then
        others, those that expire first; what is missing then is debt, which new points pay.
        """
        own = sorted((lot for lot in self.lots.values() if lot.source == cause.source), key=lambda lot: lot.number)
        rest = points - self._take_pending(own, kind, cause, points)
        left = [lot for lot in own if self._is_available(lot)]
        rest -= self._take_expired(own, kind, cause, rest - sum(lot.remaining for lot in left))
        others = [lot for lot in self._list_available() if lot not in left]
        available = sum(lot.remaining for lot in (*left, *others))
        taken = min(rest, available + (rest if debt_limit is None else max(0, debt_limit - self.debt)))
        if taken:
            self._take(self._add(-taken, kind, cause), [*left, *others], taken)
            self.debt += max(0, taken - available)
            self.balance -= taken
        if kind == "claw":
            self.lifetime = max(0, self.lifetime - points + rest - taken)
        return rest - taken

    def move_out(self, lot: LotState, cause: Cause, kind: str = "merge_out") -> None:
        """Take everything from a lot, what expired of it too."""
        if lot.expired:
            self._take_expired([lot], kind, cause, lot.expired)
        if self._is_pending(lot):
            self._take_pending([lot], kind, cause, lot.remaining)
        elif lot.remaining:
            points = lot.remaining
            self._take(self._add(-points, kind, cause), [lot], points)
            self.balance -= points

    def move_in(self, lot: LotState, expired: int, cause: Cause, kind: str = "merge_in") -> None:
        """Take over a lot of another account, of which so much has expired already."""
        entry = self._add(lot.granted, kind, cause, lot.available_at)
        arrived = replace(lot, number=entry.number)
        self.lots[entry.number] = arrived
        if self._is_pending(arrived):
            self.pending += arrived.granted
            return
        self.balance += arrived.granted
        if expired:
            self._expire(arrived, self.settled_at, expired)
        self._pay_debt([arrived])
        self.settle(self.settled_at)

    def forgive_debt(self, kind: str, cause: Cause) -> None:
        """Strike out what the account owes."""
        self._add(self.debt, kind, cause)
        self.balance += self.debt
        self.debt = 0

    def list_live(self) -> list[LotState]:
        """Return the lots that have points left, in the order in which they are spent."""
        return sorted((lot for lot in self.lots.values() if lot.remaining), key=lambda lot: lot.spending_order)

    def _add(self, delta: int, kind: str, cause: Cause, available_at: datetime | None = None) -> NewEntry:
        self.last_number += 1
        start = self.settled_at if available_at is None else available_at
        if any(entry.cause.key == cause.key for entry in self.entries):
            # What one cause does may take several entries; the first of them is known by its key.
            cause = replace(cause, key=None)
        entry = NewEntry(self.last_number, delta, kind, cause, start, self.settled_at)
        self.entries.append(entry)
        return entry

    def _take(self, entry: NewEntry, lots: Iterable[LotState], points: int) -> None:
        """Take points from lots in their order, as far as they go."""
        for lot in lots:
            taken = min(points, lot.remaining)
            if taken:
                lot.remaining -= taken
                points -= taken
                self.uses[entry.number, lot.number] += taken

    def _take_pending(self, lots: Iterable[LotState], kind: str, cause: Cause, wanted: int) -> int:
        """Take points that are not available yet; return how many there were."""
        gone = 0
        for lot in lots:
            taken = min(wanted - gone, lot.remaining)
            if taken and self._is_pending(lot):
                self._take(self._add(-taken, kind, cause, lot.available_at), [lot], taken)
                self.pending -= taken
                gone += taken
        return gone

    def _take_expired(self, lots: Iterable[LotState], kind: str, cause: Cause, wanted: int) -> int:
        """Take points that went unspent: their expiry is undone, and they are taken for the other reason."""
        gone = 0
        for lot in lots:
            taken = min(wanted - gone, lot.expired)
            if taken > 0:
                back, away = self._add(taken, "unexpire", cause), self._add(-taken, kind, cause)
                self.uses[back.number, lot.number] -= taken
                self.uses[away.number, lot.number] += taken
                lot.expired -= taken
                gone += taken
        return gone

    def _return(self, uses: Mapping[int, int], kind: str, cause: Cause) -> NewEntry:
        points = sum(uses.values())
        entry = self._add(points, kind, cause)
        self.balance += points
        for number, taken in uses.items():
            self.lots[number].remaining += taken
            self.uses[entry.number, number] -= taken
        return entry

    def _expire(self, lot: LotState, at: datetime, points: int) -> None:
        entry = self._add(-points, "expire", Cause(f"lot:{lot.number}", reason={"of": lot.source}), at)
        self._take(entry, [lot], points)
        lot.expired += points
        self.balance -= points

    def _pay_debt(self, lots: Iterable[LotState]) -> None:
        for lot in sorted(lots, key=lambda lot: lot.spending_order):
            paid = min(self.debt, lot.remaining)
            if paid:
                lot.remaining -= paid
                self.debt -= paid
                self.uses[lot.number, lot.number] += paid

    def _is_pending(self, lot: LotState) -> bool:
        return lot.available_at > self.settled_at

    def _is_available(self, lot: LotState) -> bool:
        return lot.remaining > 0 and not self._is_pending(lot)

    def _list_available(self) -> list[LotState]:
        return [lot for lot in self.list_live() if self._is_available(lot)]
