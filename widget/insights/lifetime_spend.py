"""How much customers spend and what follows for the next year: the Gamma-Gamma model. Pure; needs numpy and scipy.

Fader, Hardie, "The Gamma-Gamma Model of Monetary Value", 2013. What a customer spends in a purchase varies around a
mean of their own (Gamma distributed, `p` and a rate that is itself Gamma distributed, `q` and `gamma`),
whatever the number of purchases. The models of purchases and of spend are independent.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, digamma

from widget.insights.lifetime import (
    Array,
    Fit,
    FitFailed,
    Histories,
    alive_ratios,
    expected_purchases,
    fit_by_starts,
)

STARTS = ((2.0, 2.0, 1.0), (6.0, 3.0, 2.0), (1.0, 1.0, 1.0))
DRAWS = 400
CUSTOMERS_AT_ONCE = 2_000
SEED = 20_050_401
INTERVAL = (2.5, 97.5)
MAX_PURCHASES = 10_000.0
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Spending:
    """Of each customer, how many repeat purchases have a price, and their mean, in any unit of money."""

    purchases: Array
    means: Array


@dataclass(frozen=True)
class Forecast:
    """What customers will spend within some weeks: expected, and where it lies 19 times in 20.

    `mean` with its ends is that of all customers together.
    """

    expected: Array
    low: Array
    high: Array
    mean: float
    mean_low: float
    mean_high: float


def fit_spend(spending: Spending) -> Fit:
    """Return p, q - 1 and gamma that make the means of repeat purchases likeliest; raise FitFailed.

    `q` is kept above one, where the mean over customers is finite. Who spent nothing tells nothing.

    >>> fit_spend(Spending(np.zeros(3), np.zeros(3)))
    Traceback (most recent call last):
    widget.insights.lifetime.FitFailed: no repeat purchase has a price
    """
    is_known = (spending.purchases > 0) & (spending.means > 0)
    if not is_known.any():
        raise FitFailed("no repeat purchase has a price")
    x, means = spending.purchases[is_known], spending.means[is_known]
    unit = float(means.mean())
    rows, counts = np.unique(np.stack([x, means / unit], axis=1), axis=0, return_counts=True)
    weights = counts / len(x)
    fit = fit_by_starts(lambda logs: _spend_objective(logs, rows.T, weights), STARTS, len(x))
    p, above_one, gamma = fit.values
    # The unit moves the logarithm of gamma, and no covariance.
    return Fit((p, above_one, gamma * unit), fit.covariance)


def _spend_objective(logs: Array, columns: Array, weights: Array) -> tuple[float, Array]:
    p, above_one, gamma = np.exp(logs)
    q = 1 + above_one
    x, mean = columns
    whole = gamma + x * mean
    likelihood = q * np.log(gamma) + (p * x - 1) * np.log(mean) + p * x * np.log(x) - betaln(p * x, q)
    likelihood = likelihood - (p * x + q) * np.log(whole)
    both = digamma(p * x + q)
    slopes = np.stack(
        [
            x * (np.log(mean) + np.log(x) + both - digamma(p * x) - np.log(whole)),
            np.log(gamma) + both - digamma(q) - np.log(whole),
            q / gamma - (p * x + q) / whole,
        ]
    )
    return -float(weights @ likelihood), -(slopes @ weights) * np.array([p, above_one, gamma])


def expected_spend(values: tuple[float, ...], spending: Spending) -> Array:
    """Return what each customer is expected to spend in a purchase, drawn from their own mean to that of all.

    >>> never = Spending(np.array([0.0, 4.0]), np.array([0.0, 100.0]))
    >>> [round(float(one), 2) for one in expected_spend((6.25, 2.74, 15.44), never)]
    [35.22, 93.6]
    """
    p, above_one, gamma = values
    return np.asarray(p * (gamma + spending.purchases * spending.means) / (p * spending.purchases + above_one))


def forecast_spend(purchases: Fit, spend: Fit, histories: Histories, spending: Spending, weeks: float) -> Forecast:
    """Return what customers will spend: expected by formula, its interval from simulated futures.

    Each of 400 futures draws the parameters from their normal distribution about the fit (in logarithms), and
    then, for each customer, a rate, a chance to leave and a mean spend given what they did, and from these
    the purchases and their amounts. The draws are the same each time.
    """
    expected = expected_purchases(purchases.values, histories, weeks) * expected_spend(spend.values, spending)
    random = np.random.default_rng(SEED)
    drawn = [
        np.exp(random.multivariate_normal(np.log(fit.values), fit.covariance, DRAWS)) for fit in (purchases, spend)
    ]
    low, high, sums = [], [], np.zeros(DRAWS)
    for start in range(0, len(histories), CUSTOMERS_AT_ONCE):
        part = slice(start, start + CUSTOMERS_AT_ONCE)
        few = Histories(histories.repeats[part], histories.last_weeks[part], histories.weeks[part])
        spent = _simulate(random, drawn, few, Spending(spending.purchases[part], spending.means[part]), weeks)
        ends = np.percentile(spent, INTERVAL, axis=0)
        low.append(ends[0])
        high.append(ends[1])
        sums += spent.sum(axis=1)
    mean_low, mean_high = np.percentile(sums / len(histories), INTERVAL)
    if not np.isfinite([*expected, *sums]).all():
        raise FitFailed("what follows from the fit is not finite")
    return Forecast(
        expected, np.concatenate(low), np.concatenate(high), float(expected.mean()), float(mean_low), float(mean_high)
    )


def _simulate(
    random: np.random.Generator, drawn: list[Array], histories: Histories, spending: Spending, weeks: float
) -> Array:
    """Return what each customer (a column) spends in each future (a row)."""
    r, alpha, a, b = (column[:, None] for column in drawn[0].T)
    p, above_one, gamma = (column[:, None] for column in drawn[1].T)
    x = histories.repeats[None, :]
    shape = (DRAWS, len(histories))
    alive = np.stack([alive_ratios(tuple(values), histories) for values in drawn[0]])
    rates = random.gamma(np.broadcast_to(r + x, shape)) / (alpha + histories.weeks)
    leaving = np.maximum(random.beta(np.broadcast_to(a, shape), np.broadcast_to(b + x, shape)), 1e-9)
    wanted: Whole = random.poisson(np.minimum(rates * weeks, MAX_PURCHASES))
    bought = np.where(random.random(shape) < alive, np.minimum(wanted, random.geometric(leaving)), 0)
    known = spending.purchases[None, :]
    inverse_scale = random.gamma(np.broadcast_to(p * known + 1 + above_one, shape))
    inverse_scale = inverse_scale / (gamma + known * spending.means)
    return np.asarray(random.gamma(p * bought) / inverse_scale)
