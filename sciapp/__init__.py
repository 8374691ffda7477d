"""SciApp: fine-tune pre-trained transformers on laboratory measurements."""

__version__ = "0.1.0"
