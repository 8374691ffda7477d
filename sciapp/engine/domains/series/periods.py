"""Period of a series by the Lomb–Scargle periodogram, one for all bands, and the shape of the folded curve.

Lomb (1976, Astrophys. Space Sci. 39:447), Scargle (1982, ApJ 263:835); bands with one period and amplitudes of their
own as in VanderPlas & Ivezić (2015, ApJ 812:18). Sums over many frequencies are taken by a fast Fourier transform of
the times spread on a fine grid, as Press & Rybicki (1989, ApJ 338:277) do; the best frequencies are then looked at
exactly. There is one way for every computer: a model that reads periods must find the same ones everywhere.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sciapp.engine.domains.series.values import Channel, Floats

_FEWEST = 8  # measurements of a band
_OVERSAMPLED = 5.0  # frequencies within the width of a peak
_MOST = 100_000  # frequencies
_GRID = 4  # points of the fine grid for each frequency
_DAYS, _PER_DAY = 10_000.0, 10.0  # times from here on are Julian dates, in which nothing varies faster than that
_LOOKED_AT, _AROUND = 12, 21  # highest peaks, and frequencies around each
_HARMONICS = 3

NAMES = (
    "log period", "fold share", "fold amplitude", "fold ratio 2", "fold ratio 3", "fold phase 2", "fold phase 3"
)  # fmt: skip


def period_features(channels: Sequence[Channel]) -> Mapping[str, float]:
    """`NAMES`: decimal logarithm of the period, share of the variance that the folded curve explains, amplitudes and
    phases of its harmonics (Simon & Lee 1981, ApJ 248:291); NaN where too little was measured."""
    nothing = dict.fromkeys(NAMES, float("nan"))
    bands = [(times, values, weights) for channel in channels if (times := _usable(channel)) is not None
             for values, weights in [_standardised(channel)]]  # fmt: skip
    if not bands:
        return nothing
    begin = min(float(times[0]) for times, _, _ in bands)
    bands = [(times - begin, values, weights) for times, values, weights in bands]
    frequencies = _frequencies([times for times, _, _ in bands], begin)
    if not len(frequencies):
        return nothing
    power = np.sum([_fast_power(*band, frequencies) for band in bands], axis=0)
    step = frequencies[1] - frequencies[0] if len(frequencies) > 1 else frequencies[0]
    best, explained = 0.0, -1.0
    for peak in _peaks(power):
        near = frequencies[peak] + step * np.linspace(-1, 1, _AROUND)
        near = near[near > 0]
        exact = np.sum([_exact_power(*band, near) for band in bands], axis=0)
        frequency = float(near[int(np.argmax(exact))])
        # Aliases of a curve that is no sine explain as much with one wave, and less with its overtones.
        if (share := _folded(bands, frequency)["fold share"]) > explained:
            best, explained = frequency, share
    return {"log period": -float(np.log10(best))} | _folded(bands, best)


def _peaks(power: Floats) -> list[int]:
    """The highest local maxima."""
    inner = power[1:-1]
    tops = np.flatnonzero((inner >= power[:-2]) & (inner >= power[2:])) + 1
    tops = tops if len(tops) else np.array([int(power.argmax())])
    return [int(index) for index in tops[np.argsort(-power[tops])[:_LOOKED_AT]]]


def _usable(channel: Channel) -> Floats | None:
    known = ~np.isnan(channel.values)
    enough = known.sum() >= _FEWEST and np.ptp(channel.times[known]) > 0 and np.ptp(channel.values[known]) > 0
    return channel.times[known] if enough else None


def _standardised(channel: Channel) -> tuple[Floats, Floats]:
    """Known values with mean 0 and square 1, and their weights of the sum 1, both (known,)."""
    known = ~np.isnan(channel.values)
    values, weights = channel.values[known], np.ones(int(known.sum()))
    if channel.errors is not None:
        errors = channel.errors[known]
        usual = np.nanmedian(errors) if not np.isnan(errors).all() else np.nan
        if usual > 0:  # no error is taken to be so small that nothing else counts
            weights = np.nan_to_num(usual / np.maximum(errors, 0.2 * usual), nan=1.0) ** 2
    weights = weights / weights.sum()
    values = values - weights @ values
    return values / max(np.sqrt(weights @ values**2), 1e-300), weights


def _frequencies(bands: Sequence[Floats], begin: float) -> Floats:
    """Evenly spaced frequencies from one cycle in the whole time on."""
    span = max(float(times[-1] - times[0]) for times in bands)
    gaps = np.concatenate([np.diff(np.unique(times)) for times in bands])
    fastest = 0.5 / float(np.percentile(gaps, 5))
    if begin > _DAYS:
        fastest = _PER_DAY
    step = 1.0 / (_OVERSAMPLED * span)
    count = int(min(_MOST, np.ceil(fastest / step)))
    return np.asarray(step * np.arange(_OVERSAMPLED, max(count, int(_OVERSAMPLED) + 1)), dtype=np.float64)


def _fast_power(times: Floats, values: Floats, weights: Floats, frequencies: Floats) -> Floats:
    """Share of the weighted variance that a sine of each frequency explains (frequencies,)."""
    step = frequencies[1] - frequencies[0] if len(frequencies) > 1 else frequencies[0]
    last = round(frequencies[-1] / step)
    first = _spectrum(times, weights * values, step, last)[-len(frequencies) :]
    second = _spectrum(times, weights, 2 * step, last)[-len(frequencies) :]
    return _power(first.real, -first.imag, second.real, -second.imag)


def _spectrum(
    times: Floats, heights: Floats, step: float, last: int
) -> "np.ndarray[tuple[int], np.dtype[np.complex128]]":
    """Sums of heights · exp(−2πi · k · step · times) for k = 0 … last."""
    size = 1 << int(np.ceil(np.log2(_GRID * (last + 1))))
    positions = (times * step % 1.0) * size
    left = np.floor(positions).astype(np.int64)
    share = positions - left
    grid = np.bincount(left % size, heights * (1 - share), size)
    grid += np.bincount((left + 1) % size, heights * share, size)
    # To spread a height over two points of the grid dampens high frequencies by this much.
    dampened = np.sinc(np.arange(last + 1) / size) ** 2
    return np.asarray(np.fft.rfft(grid)[: last + 1] / dampened, dtype=np.complex128)


def _exact_power(times: Floats, values: Floats, weights: Floats, frequencies: Floats) -> Floats:
    angles = 2 * np.pi * np.outer(frequencies, times)
    sines, cosines = np.sin(angles), np.cos(angles)
    return _power(
        cosines @ (weights * values),
        sines @ (weights * values),
        np.cos(2 * angles) @ weights,
        np.sin(2 * angles) @ weights,
    )


def _power(cosine: Floats, sine: Floats, cosine2: Floats, sine2: Floats) -> Floats:
    """Lomb's normal equations solved for each frequency; sums over weights of the sum 1 and values of the square 1."""
    cc, ss, cs = (1 + cosine2) / 2, (1 - cosine2) / 2, sine2 / 2
    determinant = np.maximum(cc * ss - cs**2, 1e-9)
    return np.clip((ss * cosine**2 + cc * sine**2 - 2 * cs * cosine * sine) / determinant, 0.0, 1.0)


def _folded(bands: Sequence[tuple[Floats, Floats, Floats]], frequency: float) -> dict[str, float]:
    """Harmonics of all bands folded together, each in units of its spread."""
    times = np.concatenate([times for times, _, _ in bands])
    values = np.concatenate([values for _, values, _ in bands])
    weights = np.sqrt(np.concatenate([weights for _, _, weights in bands]))
    angles = 2 * np.pi * frequency * np.outer(times, np.arange(1, _HARMONICS + 1))
    columns = np.hstack([np.ones((len(times), 1)), np.cos(angles), np.sin(angles)])
    solved = np.linalg.lstsq(columns * weights[:, None], values * weights, rcond=1e-6)[0]
    missed = float((weights**2 @ (values - columns @ solved) ** 2) / (weights**2 @ values**2))
    waves = solved[1 : _HARMONICS + 1] - 1j * solved[_HARMONICS + 1 :]
    sizes, phases = np.abs(waves), np.angle(waves)
    turned = [(phases[order] - (order + 1) * phases[0]) % (2 * np.pi) for order in (1, 2)]
    ratios = np.minimum(sizes[1:] / max(float(sizes[0]), 1e-9), 10.0)
    return {
        "fold share": 1 - missed,
        "fold amplitude": float(sizes[0]),
        "fold ratio 2": float(ratios[0]),
        "fold ratio 3": float(ratios[1]),
        "fold phase 2": float(turned[0]),
        "fold phase 3": float(turned[1]),
    }
