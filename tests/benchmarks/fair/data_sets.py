"""The data sets on which recipes are compared, and how they are divided in two halves.

A recipe is changed by looking at the *development* half alone; the *confirmation* half is measured when it is settled.
Which half a data set belongs to is decided by a hash of its name. The hash has a salt, the first number with which
every domain lies in both halves, tables of one source lie in the same, and what recipes were looked at on before (ESOL,
plasma protein binding) counts as development; it was chosen before anything was measured. What a recipe was changed for
since counts as development as well. All tables lie in the folder of shared data; where they come from and under which
licence stands in its README.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

Half = Literal["development", "confirmation"]
_SALT = 416
_LOOKED_AT = {"gb1_sampled", "gb1_three_vs_rest"}  # confirmation by the hash, development since a loss there was mended


@dataclass(frozen=True)
class DataSet:
    """A table with one way to read it and at least one way to divide it.

    files: relative to the shared data; several are put behind one another, and `parts` names what split each one is.
    inputs: columns that are read, joined by `joint` where there are several; a prefix with * takes all that begin so.
    splits: methods of `sciapp import`; `given` takes the column `split`. bits: 0/1 labels in several columns.
    """

    name: str
    domain: str
    task: str
    files: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    splits: tuple[str, ...]
    score: str
    parts: tuple[str, ...] = ()
    joint: str = ""
    group: str | None = None

    @property
    def half(self) -> Half:
        if self.name in _LOOKED_AT:
            return "development"
        even = hashlib.sha256(f"{self.name} {_SALT}".encode()).digest()[0] % 2 == 0
        return "development" if even else "confirmation"

    @property
    def greater_is_better(self) -> bool:
        return self.score != "rmse"


def _molecules(
    name: str,
    file: str,
    targets: tuple[str, ...],
    task: str,
    splits: tuple[str, ...],
    score: str,
    column: str = "smiles",
) -> DataSet:
    return DataSet(name, "molecule", task, (f"molecules/{file}",), (column,), targets, splits, score)


def _spectra(name: str, file: str, prefix: str, target: str, task: str, split: str, score: str) -> DataSet:
    return DataSet(name, "series", task, (f"spectra/{file}.csv.gz",), (prefix,), (target,), (split,), score)


def _formulas(name: str, file: str, task: str, score: str) -> DataSet:
    usual = "stratified" if task == "classification" else "random"
    return DataSet(
        name, "material", task, (f"materials/{file}.csv",), ("formula",), ("target",), (usual, "chemical_system"), score
    )


_TOX21 = (
    "NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma", "SR-ARE", "SR-ATAD5",
    "SR-HSE", "SR-MMP", "SR-p53",
)  # fmt: skip
_SIDER = (
    "Hepatobiliary disorders", "Eye disorders", "Gastrointestinal disorders", "Immune system disorders",
    "Vascular disorders", "Psychiatric disorders",
)  # fmt: skip
_THREE = ("train", "validation", "test")

DATA_SETS = (
    _molecules(
        "esol", "esol_delaney.csv", ("measured log solubility in mols per litre",), "regression",
        ("random", "scaffold"), "rmse",
    ),
    _molecules("freesolv", "freesolv_sampl.csv", ("expt",), "regression", ("random",), "rmse"),
    _molecules("plasma_protein_binding", "astrazeneca_PPB.csv", ("y",), "regression", ("random", "scaffold"), "rmse"),
    _molecules("clearance", "astrazeneca_CL.csv", ("y",), "regression", ("random", "scaffold"), "rmse"),
    _molecules(
        "photoswitches", "photoswitches.csv", ("E isomer pi-pi* wavelength in nm",), "regression", ("random",), "rmse",
        "SMILES",
    ),
    _molecules("bbbp", "bbbp.csv", ("p_np",), "classification", ("stratified", "scaffold"), "roc_auc"),
    _molecules("hiv", "hiv.csv.gz", ("HIV_active",), "classification", ("scaffold",), "roc_auc"),
    _molecules("clintox", "clintox.csv", ("CT_TOX",), "classification", ("stratified",), "roc_auc"),
    _molecules("tox21", "tox21.csv", _TOX21, "multilabel", ("scaffold",), "roc_auc"),
    _molecules("sider", "sider.csv", _SIDER, "multilabel", ("scaffold",), "roc_auc"),
    DataSet(
        "cycloaddition_barriers", "molecule", "regression", ("reactions/dipolar_cycloadditions.csv.gz",),
        ("reactants", "product"), ("activation_free_energy_kcal_mol",), ("random",), "rmse", joint=".",
    ),
    DataSet(
        "coupling_yields", "molecule", "regression", ("molecules/buchwald_hartwig_yields_fullcv01.csv.gz",),
        ("Ligand", "Additive", "Base", "Aryl halide"), ("Output",), ("random",), "rmse", joint=".",
    ),
    DataSet(
        "gb1_sampled", "protein", "regression", ("proteins/flip_gb1_sampled.csv.gz",), ("sequence",), ("target",),
        ("given",), "spearman",
    ),
    DataSet(
        "gb1_three_vs_rest", "protein", "regression", ("proteins/flip_gb1_three_vs_rest.csv.gz",), ("sequence",),
        ("target",), ("given",), "spearman",
    ),
    DataSet(
        "yeast_melting_points", "protein", "regression", ("proteins/meltome_yeast_tm.csv.gz",), ("sequence",),
        ("Tm_C",), ("cluster",), "rmse",
    ),
    DataSet(
        "antimicrobial_peptides", "protein", "classification", ("proteins/peptide_amp_modlamp.csv",), ("sequence",),
        ("label",), ("stratified", "cluster"), "roc_auc",
    ),
    DataSet(
        "nevirapine_resistance", "protein", "classification", ("proteins/peptide_hiv_nvp.csv",), ("sequence",),
        ("label",), ("stratified",), "roc_auc",
    ),
    DataSet(
        "b_cell_epitopes", "protein", "classification", ("proteins/peptide_bce_ibce.csv",), ("sequence",), ("label",),
        ("stratified",), "roc_auc",
    ),
    DataSet(
        "growth_temperature", "protein", "classification", ("proteins/thermoprot_4class.csv.gz",), ("sequence",),
        ("label",), ("cluster",), "accuracy",
    ),
    DataSet(
        "signal_peptides", "protein", "classification", ("proteins/signalp5_train.csv.gz",), ("sequence",), ("type",),
        ("group",), "macro_f1", group="partition",
    ),
    DataSet(
        "ecoli_promoters", "nucleotide", "classification", ("dna/promoters_ecoli_sigma70.csv.gz",), ("sequence",),
        ("label",), ("stratified",), "mcc",
    ),
    DataSet(
        "arabidopsis_promoters", "nucleotide", "classification", ("dna/promoters_arabidopsis_tata.csv.gz",),
        ("sequence",), ("label",), ("stratified",), "mcc",
    ),
    DataSet(
        "few_promoters", "nucleotide", "classification", ("dna/uci_ecoli_promoters.csv",), ("sequence",), ("label",),
        ("stratified",), "accuracy",
    ),
    DataSet(
        "splice_junctions", "nucleotide", "classification", ("dna/uci_splice_junctions.csv",), ("sequence",),
        ("label",), ("stratified",), "accuracy",
    ),
    DataSet(
        "human_windows", "nucleotide", "classification", ("dna/dnabert_sample_dev.csv.gz",), ("sequence",), ("label",),
        ("stratified",), "accuracy",
    ),
    DataSet(
        "citation_intent", "text", "classification",
        ("text/scicite_train.csv.gz", "text/scicite_dev.csv.gz", "text/scicite_test.csv.gz"), ("text",), ("label",),
        ("given",), "macro_f1", parts=_THREE,
    ),
    DataSet(
        "sentence_roles", "text", "classification",
        ("text/csabstruct_train.csv.gz", "text/csabstruct_dev.csv.gz", "text/csabstruct_test.csv.gz"), ("text",),
        ("label",), ("given",), "macro_f1", parts=_THREE,
    ),
    DataSet(
        "chemical_protein_relations", "text", "classification",
        ("text/chemprot_train.csv.gz", "text/chemprot_dev.csv.gz", "text/chemprot_test.csv.gz"), ("text",), ("label",),
        ("given",), "macro_f1", parts=_THREE,
    ),
    DataSet(
        "medical_abstracts", "text", "classification", ("text/medical_abstracts_2888.csv.gz",), ("medical_abstract",),
        ("condition_label",), ("stratified",), "macro_f1",
    ),
    DataSet(
        "pubmed_answers", "text", "classification", ("text/pubmedqa_labelled.csv.gz",), ("question", "context"),
        ("label",), ("stratified",), "macro_f1", joint=" ",
    ),
    _spectra("meat_fat", "tecator_meat_nir", "x_*", "fat", "regression", "random", "rmse"),
    _spectra("meat_protein", "tecator_meat_nir", "x_*", "protein", "regression", "random", "rmse"),
    _spectra("wheat_protein", "wheat_single_kernel_nit", "nm_*", "protein_pct", "regression", "given", "rmse"),
    _spectra("octane", "gasoline_nir", "nm_*", "octane", "regression", "random", "rmse"),
    _spectra("mayonnaise_oils", "mayonnaise_nir", "nm_*", "oil_type", "classification", "given", "accuracy"),
    _spectra(
        "asteroids", "asteroid_reflectance_bus_demeo", "nm_*", "taxonomy_class", "classification", "stratified",
        "accuracy",
    ),
    _formulas("steels", "matbench_steels_yield", "regression", "rmse"),
    _formulas("band_gaps", "matbench_expt_gap", "regression", "rmse"),
    _formulas("metals", "matbench_expt_is_metal", "classification", "roc_auc"),
    _formulas("glasses", "matbench_glass", "classification", "roc_auc"),
    _formulas("perovskites", "matbench_castelli", "regression", "rmse"),
)  # fmt: skip


def chosen(names: str, half: str) -> list[DataSet]:
    """Data sets by name (comma separated; empty: all) of one half (empty: both)."""
    wanted = names.split(",") if names else [data.name for data in DATA_SETS]
    if unknown := set(wanted) - {data.name for data in DATA_SETS}:
        raise SystemExit(f"There is no data set {', '.join(sorted(unknown))}.")
    return [data for data in DATA_SETS if data.name in wanted and half in {"", data.half}]
