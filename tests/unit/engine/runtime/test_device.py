"""The number format of a training: the fastest there is, as asked for, or as the run began."""

import json
from pathlib import Path

import pytest
import torch

from sciapp import settings
from sciapp.engine.runtime import device as precision
from sciapp.engine.runtime.device import Device, choose_device, device_before
from sciapp.errors import BadInput

CPU = torch.device("cpu")

pytestmark = pytest.mark.skipif(torch.cuda.is_available(), reason="about processors")


@pytest.fixture
def fast_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor with bf16 in hardware, which halves the time, and nothing that narrows its instructions."""
    for name in ("ONEDNN_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    monkeypatch.setattr(precision, "matrix_product_seconds", lambda autocast: 1.0 if autocast is None else 0.5)


def test_a_processor_with_fast_bf16_uses_it(fast_bf16: None) -> None:
    assert choose_device() == Device(CPU, torch.bfloat16)


def test_bf16_that_is_no_faster_is_left_alone(fast_bf16: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "matrix_product_seconds", lambda autocast: 1.0)
    assert choose_device() == Device(CPU, None)


def test_a_processor_without_it_computes_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    assert choose_device() == Device(CPU, None)


def test_a_busy_moment_does_not_change_the_format_of_the_next_run(
    fast_bf16: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose_device() == Device(CPU, torch.bfloat16)
    monkeypatch.setattr(precision, "matrix_product_seconds", lambda autocast: 1.0)
    assert choose_device() == Device(CPU, torch.bfloat16)


def test_a_run_that_measured_at_the_same_time_takes_what_the_first_one_found(
    fast_bf16: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(autocast: torch.dtype | None) -> float:
        # For the other one it was no faster.
        monkeypatch.setattr(precision, "matrix_product_seconds", lambda autocast: 1.0)
        assert choose_device() == Device(CPU, None)
        return 1.0 if autocast is None else 0.5

    monkeypatch.setattr(precision, "matrix_product_seconds", meanwhile)
    assert choose_device() == Device(CPU, None)


def test_other_instructions_are_measured_anew(fast_bf16: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_device() == Device(CPU, torch.bfloat16)
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")  # oneDNN leaves bf16 alone then
    monkeypatch.setattr(precision, "matrix_product_seconds", lambda autocast: 1.0)
    assert choose_device() == Device(CPU, None)


def test_what_is_remembered_and_damaged_is_measured_anew(fast_bf16: None) -> None:
    assert choose_device() == Device(CPU, torch.bfloat16)
    (file,) = (settings.cache_folder() / "number-formats").iterdir()
    file.write_text("{", encoding="utf-8")
    assert choose_device() == Device(CPU, torch.bfloat16)


def test_what_is_asked_for_is_done(fast_bf16: None) -> None:
    assert choose_device("fp32") == Device(CPU, None)
    assert choose_device("bf16") == Device(CPU, torch.bfloat16)
    with pytest.raises(BadInput, match="fp16 needs a GPU"):
        choose_device("fp16")


def test_a_resumed_run_computes_as_it_began(fast_bf16: None, tmp_path: Path) -> None:
    file = tmp_path / "environment.json"
    assert device_before(file) == ""
    file.write_text(json.dumps({"device": str(Device(CPU, None))}), encoding="utf-8")

    assert choose_device("auto", device_before(file)) == Device(CPU, None)


def test_a_run_that_began_on_a_gpu_takes_what_this_computer_has(fast_bf16: None) -> None:
    assert choose_device("auto", "cuda (float16)") == Device(CPU, torch.bfloat16)


def test_the_probe_takes_a_moment_and_is_a_time() -> None:
    assert 0 < precision.matrix_product_seconds(None) < 5
