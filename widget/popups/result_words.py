"""A campaign's results in an owner's words, and where an interval is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import format_decimal, format_money, format_ratio
from widget.popups.experiments import MIN_EVENTS, MIN_VISITORS, Difference
from widget.popups.results import Arm, Measure, Results

# An interval is drawn on a line of this length, zero in its middle.
LINE = 200
TITLES = {"conversion": _l("Conversion"), "purchase": _l("Buyers"), "revenue": _l("Revenue per visitor")}
MEANINGS = {
    "conversion": _l("Of the visitors who saw it, how many did what the campaign asks for."),
    "purchase": _l("How many bought something within thirty days."),
    "revenue": _l("What a visitor spent on average within thirty days, refunds taken off."),
}
TONES = {"better": "chip-good", "worse": "chip-bad", "open": "", "too_few": ""}


@dataclass(frozen=True)
class MeasuredRow:
    """One arm of a measure as it is shown; `line` holds the ends of its interval as they are drawn."""

    name: str
    visitors: int
    figure: str
    is_control: bool
    is_winner: bool
    difference: str
    interval: str
    verdict: str
    tone: str
    line: tuple[float, float] | None


def name_arm(arm: Arm) -> str:
    """Return what an arm is called."""
    return str(_("Hold-out group")) if arm.is_holdout else arm.name


def list_rows(results: Results, measure: Measure) -> list[MeasuredRow]:
    """Return the arms of a measure, the control first."""
    widest = max((_reach(one) for one in measure.differences.values()), default=0.0)
    arms = {arm.key: arm for arm in results.arms}
    return [
        _make_row(results, measure, arms[key], measure.differences.get(key), widest) for key in measure.means
    ]  # fmt: skip


def conclude(results: Results, measure: Measure) -> str:
    """Return what may be said of a measure, in one sentence."""
    if not measure.is_comparable:
        return str(_("Nothing can be said while the arms have the wrong sizes."))
    names = {arm.key: name_arm(arm) for arm in results.arms}
    if measure.winner:
        return str(_("“%(name)s” is ahead, and that is no chance.", name=names[measure.winner]))
    better = [names[arm] for arm, one in measure.differences.items() if one.verdict == "better"]
    control = names[str(measure.control)]
    if len(better) > 1:
        return str(_("Several are better than “%(name)s”; which is best is open.", name=control))
    if better:
        words = {"name": better[0], "other": control}
        return str(_("“%(name)s” is better than “%(other)s”, but not yet apart from every other.", **words))
    if {one.verdict for one in measure.differences.values()} == {"too_few"}:
        return _say_too_few(measure)
    return str(_("No winner so far: the differences may be chance."))


def _say_too_few(measure: Measure) -> str:
    values = {"visitors": MIN_VISITORS, "events": MIN_EVENTS}
    if measure.name == "conversion":
        return str(
            _("Not enough visitors yet: an arm needs %(visitors)s, and two together %(events)s conversions.", **values)
        )
    return str(_("Not enough visitors yet: an arm needs %(visitors)s, and two together %(events)s buyers.", **values))


def _make_row(
    results: Results, measure: Measure, arm: Arm, difference: Difference | None, widest: float
) -> MeasuredRow:
    verdicts: Mapping[str, str] = {
        "better": _("better"),
        "worse": _("worse"),
        "open": _("open"),
        "too_few": _("too few"),
    }
    verdict = difference.verdict if difference else ""
    return MeasuredRow(
        name_arm(arm),
        arm.visitors,
        _format_mean(measure, measure.means[arm.key], results.currency),
        difference is None,
        measure.winner == arm.key,
        _format_step(measure, difference.estimate, results.currency) if difference else "",
        _format_interval(measure, difference, results.currency) if difference else "",
        verdicts.get(verdict, ""),
        TONES.get(verdict, ""),
        _place(difference, widest),
    )


def _reach(difference: Difference) -> float:
    return max(abs(difference.low or 0), abs(difference.high or 0))


def _place(difference: Difference | None, widest: float) -> tuple[float, float] | None:
    """Return where the ends of an interval lie on the line of all intervals of a measure."""
    if difference is None or difference.low is None or difference.high is None or not widest:
        return None
    low, high = (round(LINE / 2 * (1 + end / widest), 1) for end in (difference.low, difference.high))
    return low, high


def _format_mean(measure: Measure, mean: float | None, currency: str | None) -> str:
    if measure.name != "revenue":
        return format_ratio(mean)
    return format_money(None if mean is None else round(mean), currency)


def _format_step(measure: Measure, step: float | None, currency: str | None) -> str:
    """Return how far an arm is from the control, with its sign."""
    if step is None:
        return _format_mean(measure, None, currency)
    sign = "+" if step > 0 else ""
    if measure.name == "revenue":
        return sign + format_money(round(step), currency)
    return str(_("%(number)s points", number=sign + format_decimal(100 * step, 1)))


def _format_interval(measure: Measure, difference: Difference, currency: str | None) -> str:
    if difference.low is None or difference.high is None:
        return ""
    low, high = (
        format_money(round(end), currency) if measure.name == "revenue" else format_decimal(100 * end, 1)
        for end in (difference.low, difference.high)
    )
    return str(_("between %(low)s and %(high)s", low=low, high=high))
