"""What is said of Maple Store's products, and what the shop asks beside stars."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TEXTS = Path(__file__).with_name("reviews.json")
ATTRIBUTES = [
    {
        "key": "size",
        "type": "scale",
        "labels": {"en": "Size", "it": "Dimensioni", "id": "Ukuran"},
        "low": {"en": "Smaller than expected", "it": "Più piccolo del previsto", "id": "Lebih kecil dari perkiraan"},
        "high": {"en": "Larger than expected", "it": "Più grande del previsto", "id": "Lebih besar dari perkiraan"},
    },
    {
        "key": "quality",
        "type": "scale",
        "labels": {"en": "Quality", "it": "Qualità", "id": "Kualitas"},
        "low": {"en": "Poor", "it": "Scarsa", "id": "Buruk"},
        "high": {"en": "Excellent", "it": "Ottima", "id": "Sangat baik"},
    },
]


@dataclass(frozen=True)
class MadeUpReview:
    """One review with what became of it; `order` says that a seeded order shows the purchase.

    Where it does, the buyer's name takes the place of `name`; a reply calls its author `{name}`.
    """

    product: str
    days: int
    stars: int
    language: str
    name: str
    title: str
    text: str
    size: int | None = None
    quality: int | None = None
    order: int = 0
    photos: int = 0
    helpful: int = 0
    featured: int = 0
    incentive: str | None = None
    reply: str | None = None
    state: str | None = None
    rejected: str | None = None
    flags: Sequence[str] = field(default_factory=list)

    @property
    def attributes(self) -> Mapping[str, int]:
        said = {"size": self.size, "quality": self.quality}
        return {name: value for name, value in said.items() if value is not None}


def list_reviews() -> list[MadeUpReview]:
    """Return the made-up reviews."""
    return [MadeUpReview(**row) for row in json.loads(TEXTS.read_text(encoding="utf-8"))]
