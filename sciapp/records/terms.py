"""Words that records hold as plain text, for the catalogues of translations: `i18n.term` puts them into a language."""

from sciapp.i18n import msg

SPLIT_TERMS = (msg("train"), msg("validation"), msg("test"))
METHOD_TERMS = (
    msg("random"),
    msg("stratified"),
    msg("cluster"),
    msg("group"),
    msg("time"),
    msg("column"),
    msg("file"),
    msg("scaffold"),
)
TASK_TERMS = (msg("classification"), msg("multilabel"), msg("regression"), msg("tagging"))
ROLE_TERMS = (
    msg("input"),
    msg("second input"),
    msg("target"),
    msg("condition"),
    msg("split"),
    msg("group"),
    msg("time"),
    msg("mask"),
    msg("weight"),
)
STATUS_TERMS = (
    msg("waiting"),
    msg("running"),
    msg("finished"),
    msg("stopped"),
    msg("cancelled"),
    msg("failed"),
    msg("interrupted"),
    msg("on"),
    msg("missing"),
    msg("over"),
)
KIND_TERMS = (msg("train"), msg("pretrain"), msg("compress"), msg("predict"))
UNIT_TERMS = (msg("atoms"), msg("residues"), msg("bases"), msg("words"))
SCHEDULE_TERMS = (msg("linear"), msg("cosine"))
