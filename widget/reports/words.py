"""Which words, phrases and themes comments use, and who uses them. Pure: comments come in one by one.

Every comment counts a word once, so that nobody is louder by repeating themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from widget.reports.stop_words import NEGATIONS, STOP_WORDS
from widget.reports.themes import THEMES

# Letters with what combines with them, apostrophes inside; a number or a sign ends a phrase.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BREAK = re.compile(r"[.,;:!?()\[\]{}\"“”«»…\n\d/]+")
SHORTEST_WORD = 2
WORDS_SHOWN = 40
PHRASES_SHOWN = 20
THEME_WORDS_SHOWN = 4
# Rare words say nothing about many people, and would make the counts as large as the comments.
FEWEST_USES = 2


class Comment(NamedTuple):
    """A comment with where its score stands: 1 for the best bucket, -1 for the worst, else 0."""

    text: str
    language: str
    mood: int


@dataclass(frozen=True)
class Use:
    """How many comments use a word, a phrase or a theme, and how many of those are of happy and unhappy people."""

    text: str
    count: int
    good: int
    bad: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class WordCounts:
    """What the comments of one language say."""

    comments: int
    words: Sequence[Use]
    phrases: Sequence[Use]
    themes: Sequence[Use]


def count_words(comments: Iterable[Comment], language: str) -> WordCounts:
    """Count words, two-word phrases and themes of the comments in one language.

    >>> late = [Comment("The delivery was late!", "en", -1), Comment("Late delivery, again late.", "en", -1)]
    >>> found = count_words(late, "en")
    >>> [(use.text, use.count, use.bad) for use in found.words], found.themes[0].text
    ([('delivery', 2, 2), ('late', 2, 2)], 'delivery')
    """
    words, phrases, themes = _Tally(), _Tally(), _Tally()
    by_theme: dict[str, Counter[str]] = {theme: Counter() for theme in THEMES.get(language, {})}
    total = 0
    for comment in comments:
        total += 1
        runs = list(split_runs(comment.text))
        said = {word for run in runs for word in run if is_telling(word, language)}
        words.add(said, comment.mood)
        phrases.add({phrase for run in runs for phrase in _list_phrases(run, language)}, comment.mood)
        spoken = set()
        for theme, (beginnings, whole) in THEMES.get(language, {}).items():
            fitting = {word for word in said if word in whole or word.startswith(beginnings)}
            by_theme[theme].update(fitting)
            spoken |= {theme} if fitting else set()
        themes.add(spoken, comment.mood)
    return WordCounts(
        comments=total,
        words=list(words.list_most_used(WORDS_SHOWN)),
        phrases=list(phrases.list_most_used(PHRASES_SHOWN)),
        themes=[
            Use(use.text, use.count, use.good, use.bad, _list_top(by_theme[use.text]))
            for use in themes.list_most_used(len(by_theme), fewest=1)
        ],
    )


def split_runs(text: str) -> Iterator[list[str]]:
    """Yield the words of a text in lower case, parted where a phrase ends.

    >>> list(split_runs("Très BIEN, l'envoi: 2 jours"))
    [['très', 'bien'], ["l'envoi"], ['jours']]
    """
    for part in _BREAK.split(text.lower()):
        words = [word.replace("’", "'") for word in _WORD.findall(part)]
        if words:
            yield words


def is_telling(word: str, language: str) -> bool:
    """Tell whether a word says something by itself.

    >>> [is_telling(word, "it") for word in ("consegna", "della", "non", "x")]
    [True, False, False, False]
    """
    return (
        len(word) >= SHORTEST_WORD
        and word not in STOP_WORDS.get(language, ())
        and word not in NEGATIONS.get(language, ())
    )


def _list_phrases(run: Sequence[str], language: str) -> Iterator[str]:
    negations = NEGATIONS.get(language, frozenset())
    for first, second in pairwise(run):
        if is_telling(second, language) and (first in negations or is_telling(first, language)):
            yield f"{first} {second}"


def _list_top(counts: Counter[str]) -> tuple[str, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(word for word, _ in ordered[:THEME_WORDS_SHOWN])


class _Tally:
    """Counts of texts by mood."""

    def __init__(self) -> None:
        self._all: Counter[str] = Counter()
        self._good: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()

    def add(self, texts: Iterable[str], mood: int) -> None:
        found = list(texts)
        self._all.update(found)
        if mood:
            (self._good if mood > 0 else self._bad).update(found)

    def list_most_used(self, limit: int, *, fewest: int = FEWEST_USES) -> Iterator[Use]:
        ordered = sorted(self._all.items(), key=lambda item: (-item[1], item[0]))
        for text, count in ordered[:limit]:
            if count >= fewest:
                yield Use(text, count, self._good[text], self._bad[text])
