"""Autoregression as a rule of forecasting: of a series' own past, or learnt from the training rows (Hyndman &
Athanasopoulos 2021, Forecasting: Principles and Practice, section 9.3)."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from sciapp.engine.data.targets.base import Floats
from sciapp.engine.data.targets.forecast_rules import Past, Unlearnt
from sciapp.i18n import msg, plural

_LAST = 16  # values that a ridge regression reads


@dataclass(frozen=True)
class SelfRegression(Unlearnt):
    """Autoregression of the differences of a row's own past, one for all its bands: each next step from the `lags`
    before it. penalty: of coefficients other than a straight line's, as a share of the squares of the steps."""

    lags: int
    penalty: float
    kind: ClassVar[str] = "self-regression"

    @property
    def name(self) -> str:
        return plural(
            "Autoregression of each series by its last step",
            "Autoregression of each series by its last {n} steps",
            self.lags,
        )

    def forecast(self, past: Past, horizon: int) -> Floats:
        steps = past.steps * past.scale[:, :, None]  # all bands in the same units
        size = np.sqrt(np.nan_to_num(steps**2).sum(axis=(1, 2)) / np.maximum(1, (~np.isnan(steps)).sum(axis=(1, 2))))
        steps = steps / np.where(size > 0, size, 1.0)[:, None, None]
        coefficients = self._coefficients(steps)
        before = np.nan_to_num(steps[:, :, -self.lags :])
        before = np.pad(before, ((0, 0), (0, 0), (max(0, self.lags - before.shape[2]), 0)))
        ahead = []
        for _ in range(horizon):
            ahead.append(np.einsum("rk,rbk->rb", coefficients, before[:, :, ::-1]))
            ahead[-1] = np.clip(ahead[-1], -1e6, 1e6)  # one that explodes
            before = np.concatenate([before[:, :, 1:], ahead[-1][:, :, None]], axis=2)
        scale = np.where(past.scale > 0, past.scale, np.inf)
        return past.bounded(np.cumsum(np.stack(ahead, axis=2), axis=2) * size[:, None, None] / scale[:, :, None])

    def _coefficients(self, steps: Floats) -> Floats:
        """(rows, lags), of the latest step first; those of a straight line where the past is too short to say more."""
        rows, _, length = steps.shape
        line = np.eye(self.lags)[0]
        if length <= self.lags:
            return np.tile(line, (rows, 1))
        columns = [steps[:, :, self.lags - lag : length - lag] for lag in range(1, self.lags + 1)]
        before = np.stack(columns, axis=3).reshape(rows, -1, self.lags)
        after = steps[:, :, self.lags :].reshape(rows, -1)
        there = ~(np.isnan(before).any(axis=2) | np.isnan(after))
        before, after = np.where(there[:, :, None], before, 0.0), np.where(there, after, 0.0)
        squares = np.einsum("rtk,rtl->rkl", before, before)
        missed = np.einsum("rtk,rt->rk", before, after - before @ line)
        size = np.trace(squares, axis1=1, axis2=2) / self.lags
        held = squares + (self.penalty * size + 1e-12)[:, None, None] * np.eye(self.lags)
        return np.asarray(line + np.linalg.solve(held, missed[:, :, None])[:, :, 0])

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "lags": self.lags, "penalty": self.penalty}


@dataclass(frozen=True)
class Ridge:
    """Ridge regression on the last differences, learnt from the training rows. shared: one for all bands, each read by
    itself; else a band is predicted from all of them. penalty: as a share of the mean square of a difference.
    weight (bands, differences, horizon): before it is fitted nothing."""

    shared: bool
    penalty: float
    weight: Floats | None = None
    learns: ClassVar[bool] = True
    kind: ClassVar[str] = "ridge"

    @property
    def name(self) -> str:
        if self.shared:
            return msg("Ridge regression on the last {values} values, the same for all bands", values=_LAST)
        return msg("Ridge regression on the last {values} values", values=_LAST)

    @property
    def family(self) -> str:
        return f"{self.kind}, shared" if self.shared else self.kind

    def fitted(self, past: Past, future: Floats, weights: Floats | None) -> "Ridge":
        rows, bands, horizon = future.shape
        features = self._features(past)
        counts = np.ones(rows) if weights is None else weights
        if self.shared:
            together = future.transpose(1, 0, 2).reshape(-1, horizon)  # band by band, as the features
            coefficients = self._solved(np.tile(counts, bands), np.concatenate(features), together)
            return replace(self, weight=np.tile(coefficients, (bands, 1, 1)))
        solved = [self._solved(counts, features[band], future[:, band]) for band in range(bands)]
        return replace(self, weight=np.stack(solved))

    def _solved(self, counts: Floats, features: Floats, future: Floats) -> Floats:
        """(differences, horizon)."""
        columns = []
        for target in future.T:
            used = ~np.isnan(target) & (counts > 0)
            x, heavy = features[used], features[used] * counts[used, None]
            squares = heavy.T @ x
            size = float(np.trace(squares)) / max(1, len(squares))
            held = squares + (self.penalty * size + 1e-12) * np.eye(len(squares))
            columns.append(np.linalg.solve(held, heavy.T @ target[used]))
        return np.stack(columns, axis=1)

    def forecast(self, past: Past, horizon: int) -> Floats:
        assert self.weight is not None, "fitted before it is asked"
        features = self._features(past)
        ahead = [of_band @ weight for of_band, weight in zip(features, self.weight, strict=True)]
        return past.bounded(np.stack(ahead, axis=1))

    def _features(self, past: Past) -> list[Floats]:
        """Of each band (rows, differences); 0 before the begin of a series."""
        steps = np.nan_to_num(past.steps[:, :, -(_LAST - 1) :])
        steps = np.pad(steps, ((0, 0), (0, 0), (_LAST - 1 - steps.shape[2], 0)))
        rows, bands, _ = steps.shape
        return [steps[:, band] for band in range(bands)] if self.shared else [steps.reshape(rows, -1)] * bands

    def to_json(self) -> dict[str, Any]:
        assert self.weight is not None, "fitted before it is saved"
        return {"kind": self.kind, "shared": self.shared, "penalty": self.penalty, "weight": self.weight.tolist()}
