"""A picture of a composition: its formula with subscripts, and a bar of its elements by their fractions."""

from sciapp.engine.domains.material.elements import elements
from sciapp.engine.domains.material.formula import amount_texts, fractions

_WIDTH, _HEIGHT = 320, 240
_LEFT, _BAR_TOP, _BAR_HEIGHT = 16, 84, 40
_MOST_NAMED = 12  # elements, in three columns of four
_FORMULA_SIZE, _LEAST_SIZE = 30, 9  # pixels
_LETTER = 0.62  # about how much of its size a letter is wide
_DARK = 0.55  # of the brightness: letters on darker colours are white


def depict(value: str) -> str:
    """An SVG picture of a canonical text, 320 × 240, on nothing."""
    shares = fractions(value)
    width = _WIDTH - 2 * _LEFT
    bars, x = [], float(_LEFT)
    for element, share in shares.items():
        bars.append(_segment(element, x, width * share))
        x += width * share
    frame = f'<rect x="{_LEFT}" y="{_BAR_TOP}" width="{width}" height="{_BAR_HEIGHT}" fill="none" stroke="#808080"/>'
    parts = (_title(shares, value), *bars, frame, _legend(shares))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _title(shares: dict[str, float], value: str) -> str:
    """The formula in one line, smaller the longer it is; instead of one that nobody could read, its main elements."""
    texts = amount_texts(value)
    size = _size(texts)
    if size < _LEAST_SIZE:
        texts = [(f"{element} ", "") for element in sorted(shares, key=lambda element: -shares[element])]
        size = _size(texts)
    spans, shift = [], 0.0
    for element, amount in texts:
        spans.append(f'<tspan dy="{-shift:.1f}">{element}</tspan>')
        shift = size / 4 if amount else 0.0
        if amount:
            spans.append(f'<tspan dy="{shift:.1f}" font-size="{0.7 * size:.1f}">{amount}</tspan>')
    middle = f'x="{_WIDTH / 2:g}" y="52" text-anchor="middle"'
    return f'<text {middle} font-size="{size:.1f}" fill="#808080">{"".join(spans)}</text>'


def _size(texts: list[tuple[str, str]]) -> float:
    letters = sum(len(element) + 0.7 * len(amount) for element, amount in texts)
    return min(_FORMULA_SIZE, (_WIDTH - 2 * _LEFT) / (_LETTER * letters))


def _segment(element: str, x: float, width: float) -> str:
    colour = elements()[element].colour
    rect = f'<rect x="{x:.2f}" y="{_BAR_TOP}" width="{width:.2f}" height="{_BAR_HEIGHT}" fill="#{colour}"/>'
    if width < 22:
        return rect
    ink = "#ffffff" if _brightness(colour) < _DARK else "#000000"
    middle = f'x="{x + width / 2:.2f}" y="{_BAR_TOP + _BAR_HEIGHT / 2 + 5:g}"'
    return f'{rect}<text {middle} font-size="14" fill="{ink}" text-anchor="middle">{element}</text>'


def _legend(shares: dict[str, float]) -> str:
    """The elements with most atoms and their percentages."""
    most = sorted(shares, key=lambda element: -shares[element])[:_MOST_NAMED]
    lines = []
    for index, element in enumerate(most):
        x, y = _LEFT + 100 * (index // 4), _BAR_TOP + _BAR_HEIGHT + 28 + 22 * (index % 4)
        box = (
            f'<rect x="{x}" y="{y - 11}" width="12" height="12" fill="#{elements()[element].colour}" stroke="#808080"/>'
        )
        percent = f"{100 * shares[element]:.2g}"
        lines.append(f'{box}<text x="{x + 18}" y="{y}" font-size="13" fill="#808080">{element} {percent} %</text>')
    return "".join(lines)


def _brightness(colour: str) -> float:
    """Perceived, 0 to 1 (ITU-R BT.601)."""
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue
