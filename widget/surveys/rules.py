"""Scores, their buckets and intervals, sampling, and what makes an answer suspicious."""

from math import sqrt

NPS_SCORES = range(11)
CSAT_SCORES = range(1, 6)
CES_SCORES = range(1, 8)
# Forms and quizzes have questions of their own and no score.
SCORES = {"nps": NPS_SCORES, "csat": CSAT_SCORES, "ces": CES_SCORES, "form": range(0), "quiz": range(0)}
BUCKETS: dict[str, tuple[str, ...]] = {
    "nps": ("promoter", "passive", "detractor"),
    "csat": ("satisfied", "neutral", "dissatisfied"),
    "ces": ("easy", "neutral", "difficult"),
    "form": (),
    "quiz": (),
}
# The lowest score of the best bucket and the highest of the worst.
_BUCKET_ENDS = {"nps": (9, 6), "csat": (4, 2), "ces": (5, 3)}
Z_95 = 1.96
SAMPLE_RANGE = 10_000

# Nobody reads a question and answers it faster; a hidden field filled within seconds is a script, but
# one filled later may be a password manager.
TOO_FAST_MS = 400
HONEYPOT_FAST_MS = 3_000
# More requests of one network in a minute are a burst: answers are stored, but left out of the scores.
BURST_HITS = 300


def bucket_of(kind: str, score: int) -> str:
    """Return the bucket of a score.

    >>> [bucket_of("nps", score) for score in (0, 6, 7, 8, 9, 10)]
    ['detractor', 'detractor', 'passive', 'passive', 'promoter', 'promoter']
    >>> [bucket_of("csat", score) for score in (1, 2, 3, 4, 5)]
    ['dissatisfied', 'dissatisfied', 'neutral', 'satisfied', 'satisfied']
    >>> [bucket_of("ces", score) for score in (1, 3, 4, 5, 7)]
    ['difficult', 'difficult', 'neutral', 'easy', 'easy']
    """
    high, low = _BUCKET_ENDS[kind]
    good, middling, bad = BUCKETS[kind]
    if score >= high:
        return good
    return bad if score <= low else middling


def nps_score(promoters: int, passives: int, detractors: int) -> float | None:
    """Return % promoters - % detractors, -100..100, or None without answers.

    >>> nps_score(7, 2, 1), nps_score(0, 0, 0)
    (60.0, None)
    """
    answered = promoters + passives + detractors
    return None if answered == 0 else 100 * (promoters - detractors) / answered


def nps_interval(promoters: int, passives: int, detractors: int) -> tuple[float, float] | None:
    """Return the adjusted-Wald 95 % interval of an NPS, clamped to -100..100.

    Source: Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70(4), 2016:
    add 3/4 promoter, 3/2 passive and 3/4 detractor.

    >>> [round(end, 2) for end in nps_interval(690, 392, 1271)]
    [-28.21, -21.11]
    >>> nps_interval(10, 0, 0)[1]
    100.0
    """
    answered = promoters + passives + detractors
    if answered == 0:
        return None
    adjusted = answered + 3
    positive, negative = (promoters + 0.75) / adjusted, (detractors + 0.75) / adjusted
    difference = positive - negative
    half_width = Z_95 * sqrt((positive + negative - difference**2) / adjusted)
    return max(-100.0, 100 * (difference - half_width)), min(100.0, 100 * (difference + half_width))


def csat_score(satisfied: int, neutral: int, dissatisfied: int) -> float | None:
    """Return the percentage of 4 and 5 among the answers, 0..100, or None without answers.

    The score of CES is the same of its buckets: the percentage of 5 to 7, which found it easy.

    >>> csat_score(3, 1, 0)
    75.0
    """
    answered = satisfied + neutral + dissatisfied
    return None if answered == 0 else 100 * satisfied / answered


def csat_interval(satisfied: int, neutral: int, dissatisfied: int) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval of a CSAT (Wilson, JASA 22, 1927), which stays within 0..100.

    >>> [round(end, 2) for end in csat_interval(8, 1, 1)]
    [49.02, 94.33]
    """
    answered = satisfied + neutral + dissatisfied
    if answered == 0:
        return None
    share = satisfied / answered
    denominator = 1 + Z_95**2 / answered
    centre = (share + Z_95**2 / (2 * answered)) / denominator
    half_width = Z_95 * sqrt(share * (1 - share) / answered + Z_95**2 / (4 * answered**2)) / denominator
    return max(0.0, 100 * (centre - half_width)), min(100.0, 100 * (centre + half_width))


def score_and_interval(kind: str, buckets: dict[str, int]) -> tuple[float | None, tuple[float, float] | None]:
    """Return a kind's score and interval from the number of answers in each bucket.

    >>> score_and_interval("csat", {"satisfied": 0, "neutral": 0, "dissatisfied": 0})
    (None, None)
    >>> score_and_interval("quiz", {})
    (None, None)
    """
    if not BUCKETS[kind]:
        return None, None
    counts = [buckets[bucket] for bucket in BUCKETS[kind]]
    if kind == "nps":
        return nps_score(*counts), nps_interval(*counts)
    return csat_score(*counts), csat_interval(*counts)


def draw_order(survey_id: str) -> tuple[int, int]:
    """Return the step and the start by which a survey puts the buckets of visitors in an order of its own.

    They come from the FNV-1a (32 bit) of its id; the step has no divisor in common with the number of buckets, so the
    share is exact in every survey, and surveys draw independently.

    >>> draw_order("0190f3a0-0000-7000-8000-000000000001")
    (8333, 8305)
    """
    seed = 0x811C9DC5
    for byte in survey_id.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    return ((seed >> 16) * 10 + 3) % SAMPLE_RANGE, seed % SAMPLE_RANGE


def is_sampled(bucket: int, survey_id: str, sample_basis_points: int) -> bool:
    """Tell whether a visitor with this bucket is in a survey's sample, as the page does.

    >>> is_sampled(17, "0190f3a0-0000-7000-8000-000000000000", 10_000)
    True
    """
    step, start = draw_order(survey_id)
    return (bucket * step + start) % SAMPLE_RANGE < sample_basis_points


def find_flag(elapsed_ms: int | None, *, is_honeypot_filled: bool, is_burst: bool) -> str | None:
    """Return why an answer is suspicious, or None; a filled honeypot alone is no reason.

    >>> find_flag(200, is_honeypot_filled=False, is_burst=False)
    'too_fast'
    >>> find_flag(60_000, is_honeypot_filled=True, is_burst=False) is None
    True
    """
    if elapsed_ms is not None and elapsed_ms < TOO_FAST_MS:
        return "too_fast"
    if is_honeypot_filled and (elapsed_ms is None or elapsed_ms < HONEYPOT_FAST_MS):
        return "honeypot"
    return "burst" if is_burst else None
