"""The language of the window: messages are put into words in the call that hands them to Qt.

    button.setToolTip(tr(msg("Save an HTML page about this run.")))

A message travels through the window as it is, and is rendered where Qt takes it.
"""

from html import escape

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from sciapp import settings
from sciapp.i18n import ENGLISH, PSEUDO, Translator, render, translator


class _Window:
    """The language of this process's window, beside Qt's own translators, which are the application's as well."""

    translator: Translator = ENGLISH
    qt: QTranslator | None = None


class ThroughTranslator(QTranslator):
    """Qt's own texts (Close, Undo, …) in a language of which Qt has no catalogue: the one for tests."""

    def __init__(self, translator: Translator) -> None:
        super().__init__()
        self._translator = translator

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return text if context in _NO_TEXTS else self._translator.gettext(text)

    def isEmpty(self) -> bool:
        return False


_NO_TEXTS = frozenset({"QShortcut"})  # contexts of Qt whose words are read back as names of keys


def speak(language: str) -> None:
    """Whatever is put into words from now on is in this language; English where there is no catalogue of it."""
    words = translator(language, settings.translations_folder())
    use(words, ThroughTranslator(words) if language == PSEUDO else _qt_catalogue(language, words))


def use(translator: Translator, qt: QTranslator | None = None) -> None:
    """Put messages and numbers into words by `translator`, and Qt's own texts by `qt`; None: they are English."""
    if _Window.qt is not None:
        QApplication.removeTranslator(_Window.qt)
    _Window.translator, _Window.qt = translator, qt
    if qt is not None:
        QApplication.installTranslator(qt)
    language = ENGLISH.language if translator.language == PSEUDO else translator.language
    QLocale.setDefault(QLocale(language))  # of the boxes for numbers that are made from now on


def tr(message: str) -> str:
    """The message in the window's language. A plain str, such as a name, stays as it is."""
    return render(message, _Window.translator)


def language() -> str:
    """The language that the window speaks, such as “de”."""
    return _Window.translator.language


def local_digits(text: str) -> str:
    """The text of a number, such as pyqtgraph writes it, with the sign that the language has before decimals."""
    return text.replace(".", _Window.translator.decimal)


NUMBER = "\ufffc"
"""Stands in a message where a box shows its number."""


def around(message: str) -> tuple[str, str]:
    """Prefix and suffix of the number in a box."""
    before, _, after = tr(message).partition(NUMBER)
    return before, after


def explained(help: str, setting: str) -> str:
    """A tooltip, as markup: what a setting does, and what plans call it."""
    return f"<qt>{tr(help)}<br><br><code>{escape(setting)}</code></qt>"


def _qt_catalogue(language: str, words: Translator) -> QTranslator | None:
    """Qt's catalogue of a language that the window speaks."""
    catalogue, folder = QTranslator(), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    known = words is not ENGLISH and catalogue.load(QLocale(language), "qtbase", "_", folder)
    return catalogue if known else None
