"""Series as patches: what a network reads of spectra and of light curves, and that the scale is saved with it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import MultiInput
from sciapp.engine.domains.series.values import Series
from sciapp.engine.inputs.kinds.series import BEHIND, CHANNELS, KIND, SeriesReader
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.models.load import load_classifier, load_tokenizer
from sciapp.errors import BadInput

RNG = np.random.default_rng(0)
SPECTRA = [Series.even(level + RNG.normal(size=100), start=850, step=2).text for level in range(20)]


def light_curve(points: int, seed: int) -> Series:
    rng = np.random.default_rng(seed)
    bands = rng.choice(["g", "r"], points).tolist()
    times = np.sort(rng.uniform(5e4, 5e4 + 100, points))
    return Series.of(times, rng.normal(20, 1, points), bands=bands, errors=rng.uniform(0.01, 0.1, points))


CURVES = [light_curve(30 + seed, seed).text for seed in range(20)]


def reader_of(rows: list[str]) -> SeriesReader:
    reader: SeriesReader = KIND.fresh_reader(domain_named("series").inputs, rows)
    return reader


def rows_of(reader: SeriesReader, values: list[str], longest: int = 512) -> list[np.ndarray]:
    tokens = KIND.encode(reader, values, longest, lambda done: None)
    return [tokens.rows[index] for index in range(len(values))]


def test_spectra_are_cut_into_patches_and_standardised_by_the_training_rows() -> None:
    reader = reader_of(SPECTRA)
    rows = rows_of(reader, SPECTRA)
    assert reader.patch == 4 and reader.grid == (850, 2, 100)
    assert {row.shape for row in rows} == {(25, 4 * len(CHANNELS) + len(BEHIND))}
    values = np.stack(rows)[:, :, :4]
    np.testing.assert_allclose(values.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(values.std(axis=0), 1, atol=1e-3)
    assert rows[0][0, -3] < 0.02 and rows[0][-1, -3] > 0.98


def test_each_measurement_of_a_light_curve_has_its_own_time_band_and_error() -> None:
    reader = reader_of(CURVES)
    series = Series.parse(CURVES[0])
    row = rows_of(reader, CURVES[:1])[0]
    assert (reader.patch, reader.grid, reader.bands) == (1, None, ("g", "r"))
    assert len(row) == len(series)
    np.testing.assert_allclose(row[:, -3] * reader.time_scale, series.times - series.times[0], atol=1e-3)
    assert set(row[:, -2]) == {1, 2}
    np.testing.assert_allclose(10 ** row[:, 4] * np.array(reader.error)[series.band], series.errors, rtol=1e-4)


def test_gaps_are_marked_and_a_patch_without_any_value_is_left_out() -> None:
    reader = reader_of(SPECTRA)
    values = np.ones(100) * 3
    values[1] = values[8:12] = np.nan
    row = rows_of(reader, [Series.even(values, start=850, step=2).text])[0]
    assert len(row) == 24
    assert row[0, 8:12].tolist() == [1, 0, 1, 1] and row[0, 1] == 0


def test_a_series_on_another_axis_is_refused_and_a_part_of_the_axis_is_read() -> None:
    reader = reader_of(SPECTRA)
    part = rows_of(reader, [Series.even(np.arange(40.0), start=900, step=2).text])[0]
    assert len(part) == 10 and 0.2 < part[0, -3] < 0.3
    for start, step in ((1100, 2), (851, 2)):
        with pytest.raises(BadInput) as raised:
            rows_of(reader, [Series.even(np.arange(40.0), start=start, step=step).text])
        assert "another axis" in str(raised.value)
        with pytest.raises(Rejected):
            KIND.check(reader, Series.even(np.arange(40.0), start=start, step=step).text)
    KIND.check(reader, SPECTRA[0])


def test_a_band_that_no_training_row_has_is_read_as_unknown() -> None:
    row = rows_of(reader_of(CURVES), [Series.of([1, 2, 3], [1, 2, 3], bands=["z", "z", "z"]).text])[0]
    assert set(row[:, -2]) == {0}


def test_rows_that_are_too_long_are_thinned_and_counted() -> None:
    reader = reader_of(CURVES)
    tokens = KIND.encode(reader, CURVES[:3], 10, lambda done: None)
    assert tokens.cut == 3 and tokens.rows.lengths.tolist() == [10, 10, 10]
    assert tokens.rows[0][0, -3] == 0


def test_two_inputs_of_a_row_are_told_apart() -> None:
    tokens = KIND.encode(reader_of(SPECTRA), [MultiInput((SPECTRA[0], SPECTRA[1]))], 512, lambda done: None)
    assert tokens.rows[0][:, -1].tolist() == [0] * 25 + [1] * 25


@pytest.mark.parametrize("rows", [SPECTRA, CURVES])
def test_reader_and_network_are_loaded_as_they_were_saved(tmp_path: Path, rows: list[str]) -> None:
    reader = fresh_reader("series", rows)
    fresh_network("series", reader, "tiny", 0).save_pretrained(tmp_path)
    reader.save_pretrained(tmp_path)
    assert load_tokenizer(tmp_path) == reader
    model = load_classifier(
        tmp_path, labels=["a", "b"], problem_type="single_label_classification", dropout=0.1, seed=0, pad_token_id=None
    ).eval()
    patches, mask = KIND.encode(reader, rows, 512, lambda done: None).rows.padded(np.arange(20), 64, 0)
    with torch.no_grad():
        logits = model(patches=torch.from_numpy(patches), attention_mask=torch.from_numpy(mask)).logits
        alone = model(
            patches=torch.from_numpy(patches[:1, : mask[0].sum()]), attention_mask=torch.ones(1, int(mask[0].sum()))
        ).logits
    assert logits.shape == (20, 2)
    torch.testing.assert_close(alone[0], logits[0], rtol=1e-4, atol=1e-5)
