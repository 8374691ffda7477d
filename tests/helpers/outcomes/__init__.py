"""Right outcomes of the cases in `tests/data/cases`, a file for each kind of trouble."""
