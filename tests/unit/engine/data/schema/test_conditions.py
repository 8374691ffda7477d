"""Conditions of a measurement are proposed by what stands in the columns, and nothing else is taken for one."""

from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.data.readers.table_reader import preview
from sciapp.engine.data.schema.infer import propose
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from tests.helpers.messages import has_part


def written(folder: Path, header: str, rows: list[str]) -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def proposed(path: Path, domain: str = "molecule") -> Proposal:
    return propose(preview(path), domain)


HEATS = [f"{'C' * n}O,{t},{n * 3 + t / 97:.3f}" for n in range(1, 16) for t in (300, 400, 500, 600)]


def test_what_varies_where_the_input_is_the_same_is_a_condition(tmp_path: Path) -> None:
    path = written(tmp_path, "smiles,run_at,Cp", HEATS)
    found = proposed(path)
    assert (found.input, found.targets, found.covariates) == ("smiles", ("Cp",), ("run_at",))
    assert has_part(found.reason, n=1, inputs="“smiles”", names="“run_at”")
    project = Project.create(tmp_path / "p", domain="molecule")
    roles = Roles(input=found.input, targets=found.targets, covariates=found.covariates)
    card = import_table(project, ImportRequest(file=str(path), roles=roles))
    assert isinstance(card, DatasetCard)
    assert (card.rows_kept, card.rows_set_aside) == (60, 0)


def test_two_conditions_are_found_together(tmp_path: Path) -> None:
    rows = [f"{'C' * n}O,{t},{ph},{n + t / 97 + ph:.3f}" for n in range(1, 9) for t in (300, 400) for ph in (5, 7)]
    found = proposed(written(tmp_path, "smiles,T,pH,y", rows))
    assert set(found.covariates) == {"T", "pH"}
    assert has_part(found.reason, n=2, inputs="“smiles”", names={"items": ["“T”"], "last": "“pH”"})


def test_an_error_of_the_measurement_is_no_condition(tmp_path: Path) -> None:
    rows = [f"{'C' * (n % 10 + 1)}O,{n / 7:.3f},{n / 1000:.4f},{n / 13:.4f}" for n in range(60)]
    found = proposed(written(tmp_path, "smiles,y,y_error,readout", rows))
    assert found.targets == ("y",)
    assert found.covariates == ()
    assert has_part(found.reason, read="“smiles”")


def test_where_inputs_do_not_repeat_there_is_no_condition(tmp_path: Path) -> None:
    rows = [f"{'C' * n}O,{300 + n % 3},{n / 7:.3f}" for n in range(1, 40)]
    found = proposed(written(tmp_path, "smiles,T,y", rows))
    assert found.covariates == ()
    assert "condition" not in found.reason


def test_of_pairs_both_inputs_tell_rows_apart(tmp_path: Path) -> None:
    solvents = ("O", "CO", "CCO", "CC#N")
    rows = [f"{'C' * n}O,{solvent},{n + len(solvent) / 3:.3f}" for n in range(1, 16) for solvent in solvents]
    found = proposed(written(tmp_path, "solute,solvent,y", rows))
    assert (found.input, found.second_input, found.covariates) == ("solute", "solvent", ())
    assert "contradictions" not in found.reason


def test_a_column_has_one_role(tmp_path: Path) -> None:
    rows = [f"{'C' * n}O,{w},{n + w:.3f}" for n in range(1, 16) for w in (1, 2, 3)]
    found = proposed(written(tmp_path, "smiles,weight,y", rows))
    assert found.weight != "weight" or "weight" not in found.covariates
    assert len(found.roles.by_column) == 2 + (found.weight is not None) + len(found.covariates)


def test_answers_in_a_word_are_no_second_input(tmp_path: Path) -> None:
    asked = "Is the sample number {} soluble in water at room temperature?"
    rows = [f"{asked.format(n)},{'yes' if n % 3 else 'no'}" for n in range(40)]
    found = proposed(written(tmp_path, "question,answer", rows), "text")
    assert (found.input, found.second_input, found.targets) == ("question", None, ("answer",))
