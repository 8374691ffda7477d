"""Writes resources/icons/controls: the drawings inside controls in the colours of both themes, for the style sheet."""

from sciapp import settings
from sciapp.ui.theme import CONTROL_ICONS, DARK, LIGHT, icon_file


def drawings() -> dict[str, str]:
    """The text of each file by its path below resources/icons/controls."""
    made: dict[str, str] = {}
    for theme, colours in (("light", LIGHT), ("dark", DARK)):
        for name, (icon, token) in CONTROL_ICONS.items():
            drawing = icon_file(icon).read_text(encoding="utf-8")
            made[f"{theme}/{name}.svg"] = drawing.replace("currentColor", colours.named()[token])
    return made


if __name__ == "__main__":
    folder = settings.resources_folder() / "icons" / "controls"
    for path, drawing in drawings().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(drawing, encoding="utf-8")
