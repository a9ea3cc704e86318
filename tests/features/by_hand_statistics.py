"""Quantiles and intervals with nothing but the standard library."""

import math
import statistics

Z = 1.96


def gamma_share(shape, x):
    """Regularised lower incomplete gamma function, by its power series."""
    if x <= 0:
        return 0.0
    term = total = 1 / shape
    k = shape
    while term > total * 1e-16:
        k += 1
        term *= x / k
        total += term
    return total * math.exp(-x + shape * math.log(x) - math.lgamma(shape))


def gamma_quantile(share, shape):
    low, high = 0.0, shape + 20 * math.sqrt(shape) + 40
    for _ in range(200):
        middle = (low + high) / 2
        if gamma_share(shape, middle) < share:
            low = middle
        else:
            high = middle
    return low


def t_quantile(freedom):
    """0.975 quantile of Student's t, by Simpson's rule over its density."""

    def density(x):
        power = -(freedom + 1) / 2 * math.log1p(x * x / freedom)
        return math.exp(power + math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / (
            math.sqrt(freedom * math.pi)
        )

    def below(x, steps=2000):
        inner = sum((4 if k % 2 else 2) * density(k * x / steps) for k in range(1, steps))
        return 0.5 + (density(0) + density(x) + inner) * x / steps / 3

    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < 0.975 else (low, middle)
    return low


def wilson(hits, n):
    share = hits / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def median_with_interval(values):
    ordered = sorted(values)
    n = len(ordered)
    width = Z * math.sqrt(n) / 2
    low = max(0, math.floor(n / 2 - width))
    high = min(n - 1, math.ceil(n / 2 + width))
    return statistics.median(ordered), ordered[low], ordered[high]


def waiting_median(waits):
    """Kaplan-Meier median with its log-log interval; `waits`: (minutes, was answered)."""
    survival, variance, at_risk = 1.0, 0.0, len(waits)
    found = [None, None, None]
    for time in sorted({time for time, _ in waits}):
        here = [answered for other, answered in waits if other == time]
        events = sum(here)
        survival *= 1 - events / at_risk
        if at_risk > events:
            variance += events / (at_risk * (at_risk - events))
        bounds = [survival] * 3
        if 0 < survival < 1:
            for place, sign in ((1, -1), (2, 1)):
                power = math.exp(sign * Z * math.sqrt(variance) / math.log(survival))
                bounds[place] = survival**power
        found = [
            time if known is None and bound <= 0.5 + 1e-9 else known
            for known, bound in zip(found, bounds, strict=True)
        ]
        at_risk -= len(here)
    return found
