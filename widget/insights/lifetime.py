"""How often customers will buy: the BG/NBD model, fitted by maximum likelihood. Pure; needs numpy and scipy.

Fader, Hardie, Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model", Marketing
Science 24(2), 2005. While active, a customer buys at a rate of their own (rates are Gamma distributed, `r` and
`alpha`); after each purchase they may be gone for good (with a chance that is Beta distributed, `a` and `b`).
Times are weeks: days divided by seven. Only the worker imports this: it takes tens of megabytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

Array = npt.NDArray[np.float64]
# What is minimised: the mean negative logarithm of the likelihood, with its slope, by the logarithms of parameters.
Objective = Callable[[Array], tuple[float, Array]]

STARTS = ((0.5, 5.0, 1.0, 2.0), (1.0, 10.0, 0.5, 5.0), (0.2, 2.0, 2.0, 2.0))
# Parameters beyond e to this power say that the data do not fix them.
MAX_LOGARITHM = 12.0
MAX_LOGARITHM_ERROR = 4.0
_STEP = 1e-4


class FitFailed(Exception):
    """The data do not tell the parameters; the message says what went wrong."""


@dataclass(frozen=True)
class Histories:
    """What is known of customers: repeat purchases, the week of the last one, and the weeks since the first.

    The first purchase begins a customer's time and is not counted; several on one day are one.
    """

    repeats: Array
    last_weeks: Array
    weeks: Array

    def __len__(self) -> int:
        return len(self.repeats)


@dataclass(frozen=True)
class Fit:
    """Parameters, and the covariance of their logarithms (the inverse of the Hessian of the log-likelihood)."""

    values: tuple[float, ...]
    covariance: Array

    def standard_errors(self) -> tuple[float, ...]:
        """Return the standard errors of the parameters, by the delta method from those of their logarithms."""
        return tuple(float(e) for e in np.array(self.values) * np.sqrt(np.diag(self.covariance)))


def fit_purchases(histories: Histories) -> Fit:
    """Return r, alpha, a and b that make the histories likeliest; raise FitFailed.

    >>> rng = np.random.default_rng(1)
    >>> few = Histories(np.zeros(5), np.zeros(5), np.full(5, 20.0))
    >>> fit_purchases(few)
    Traceback (most recent call last):
    widget.insights.lifetime.FitFailed: nobody bought again
    """
    if not len(histories) or not histories.repeats.any():
        raise FitFailed("nobody bought again")
    rows = np.stack([histories.repeats, histories.last_weeks, histories.weeks], axis=1)
    # Customers with the same history are counted, not repeated.
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    weights = counts / len(histories)
    return fit_by_starts(lambda logs: _purchase_objective(logs, distinct.T, weights), STARTS, len(histories))


def fit_by_starts(objective: Objective, starts: tuple[tuple[float, ...], ...], customers: int) -> Fit:
    """Minimise from several starts and return the best, with its uncertainty; raise FitFailed."""
    bounds = [(-MAX_LOGARITHM, MAX_LOGARITHM)] * len(starts[0])
    found: list[Any] = []
    for start in starts:
        result: Any = minimize(
            objective, np.log(start), jac=True, bounds=bounds, method="L-BFGS-B",
            options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-8},
        )  # fmt: skip
        if np.isfinite(result.fun):
            found.append(result)
    if not found:
        raise FitFailed("the likelihood is not finite")
    best = min(found, key=lambda result: float(result.fun))
    slope = np.abs(objective(best.x)[1]).max()
    if slope > 1e-4 or np.abs(best.x).max() >= MAX_LOGARITHM:
        raise FitFailed("the likelihood has no maximum within reach")
    hessian = _find_hessian(objective, best.x) * customers
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 0:
        raise FitFailed("the likelihood is flat at its maximum")
    covariance = np.asarray(np.linalg.inv(hessian), np.float64)
    if np.sqrt(np.diag(covariance)).max() > MAX_LOGARITHM_ERROR:
        raise FitFailed("the data leave the parameters open")
    return Fit(tuple(float(value) for value in np.exp(best.x)), covariance)


def _find_hessian(objective: Objective, logs: Array) -> Array:
    rows = []
    for place in range(len(logs)):
        step = np.zeros(len(logs))
        step[place] = _STEP
        rows.append((objective(logs + step)[1] - objective(logs - step)[1]) / (2 * _STEP))
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2)


def log_likelihood(values: tuple[float, ...], histories: Histories) -> float:
    """Return the logarithm of the likelihood of r, alpha, a and b (equation 6 of the article).

    >>> one = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    >>> round(log_likelihood((0.243, 4.414, 0.793, 2.426), one), 2)
    -9.46
    """
    columns = np.array([histories.repeats, histories.last_weeks, histories.weeks])
    return -_purchase_objective(np.log(values), columns, np.ones(len(histories)))[0]


def _purchase_objective(logs: Array, columns: Array, weights: Array) -> tuple[float, Array]:
    r, alpha, a, b = np.exp(logs)
    x, last, weeks = columns
    again = x > 0
    others = np.where(again, b + x - 1, 1.0)
    gone = np.where(again, np.log(a) - np.log(others) - (r + x) * np.log(alpha + last), -np.inf)
    alive = -(r + x) * np.log(alpha + weeks)
    both = np.logaddexp(alive, gone)
    likelihood = (
        gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b) + both
    )  # fmt: skip
    is_alive, is_gone = np.exp(alive - both), np.exp(gone - both)
    slopes = np.stack(
        [
            digamma(r + x) - digamma(r) + np.log(alpha)
            - is_alive * np.log(alpha + weeks) - is_gone * np.log(alpha + last),
            r / alpha - (r + x) * (is_alive / (alpha + weeks) + is_gone / (alpha + last)),
            digamma(a + b) - digamma(a + b + x) + is_gone / a,
            digamma(a + b) + digamma(b + x) - digamma(b) - digamma(a + b + x) - is_gone / others,
        ]
    )  # fmt: skip
    return -float(weights @ likelihood), -(slopes @ weights) * np.exp(logs)


def alive_ratios(values: tuple[float, ...], histories: Histories) -> Array:
    """Return how likely each customer is to be active still; who bought once has had no chance to leave.

    >>> both = Histories(np.array([0.0, 2.0]), np.array([0.0, 30.43]), np.array([38.86, 38.86]))
    >>> [round(float(ratio), 3) for ratio in alive_ratios((0.243, 4.414, 0.793, 2.426), both)]
    [1.0, 0.727]
    """
    r, alpha, a, b = values
    x = histories.repeats
    odds = a / np.where(x > 0, b + x - 1, 1.0) * ((alpha + histories.weeks) / (alpha + histories.last_weeks)) ** (r + x)
    return np.asarray(np.where(x > 0, 1 / (1 + odds), 1.0))


def expected_purchases(values: tuple[float, ...], histories: Histories, weeks: float) -> Array:
    """Return how many purchases each customer is expected to make in the coming weeks (equation 10).

    Euler's transformation of the hypergeometric function keeps it small where the article's form overflows.

    >>> one = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    >>> round(float(expected_purchases((0.243, 4.414, 0.793, 2.426), one, 39.0)[0]), 3)
    1.226
    """
    r, alpha, a, b = values
    # The formula is 0 / 0 where a is exactly 1.
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    x = histories.repeats
    part = weeks / (alpha + histories.weeks + weeks)
    series = (1 - part) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, part)
    if_alive = (a + b + x - 1) / (a - 1) * (1 - series)
    return np.asarray(np.maximum(if_alive, 0.0) * alive_ratios((r, alpha, a, b), histories))
