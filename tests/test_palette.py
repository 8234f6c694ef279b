"""The figures' colours: the style sheets agree, text can be read, lines told apart.

Simulated dichromacy: Machado, Oliveira & Fernandes (2009), severity 1. Distance of
colours: CIEDE2000, in which 10 is a difference seen at a glance side by side.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAPER = {"light": "ffffff", "dark": "1e2129"}  # Material's, dark: hsl(225, 15%, 14%)
SERIES, GREY = range(6), 7  # C0 to C5 stand for things, C7 for references
SIGHT = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868],
                   [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968],
                     [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779],
                   [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip


def palette(scheme: str) -> list[str]:
    css = (ROOT / "docs/assets/study.css").read_text(encoding="utf-8")
    light, dark = css.split('[data-md-color-scheme="slate"]', 1)
    block = (light if scheme == "light" else dark).split("}")[0]
    return re.findall(r"--fig-c\d: #([0-9a-f]{6});", block)


def linear(colour: str) -> np.ndarray:
    c = np.frombuffer(bytes.fromhex(colour), np.uint8) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    dark, bright = sorted(XYZ[1] @ linear(colour) for colour in (a, b))
    return float((bright + 0.05) / (dark + 0.05))


def lab(colour: str, sight: str) -> np.ndarray:
    seen = np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1)
    t = XYZ @ seen / XYZ.sum(axis=1)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(p: np.ndarray, q: np.ndarray) -> float:
    (L1, a1, b1), (L2, a2, b2) = p, q
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    grow = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25**7))
    z1, z2 = complex(a1 * grow, b1), complex(a2 * grow, b2)
    L, C = (L1 + L2) / 2, (abs(z1) + abs(z2)) / 2
    h1, h2 = np.angle([z1, z2], deg=True) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    h = h1 + turn / 2
    angles = np.radians([h - 30, 2 * h, 3 * h + 6, 4 * h - 63])
    T = 1 + np.cos(angles) @ [-0.17, 0.24, 0.32, -0.2]
    dL = (L2 - L1) / (1 + 0.015 * (L - 50) ** 2 / np.sqrt(20 + (L - 50) ** 2))
    dC = (abs(z2) - abs(z1)) / (1 + 0.045 * C)
    dH = 2 * np.sqrt(abs(z1 * z2)) * np.sin(np.radians(turn / 2))
    dH /= 1 + 0.015 * C * T
    blue = np.radians(60) * np.exp(-((((h - 275 + 180) % 360 - 180) / 25) ** 2))
    twist = -2 * np.sqrt(C**7 / (C**7 + 25**7)) * np.sin(blue)
    return float(np.sqrt(dL**2 + dC**2 + dH**2 + twist * dC * dH))


@pytest.mark.parametrize(
    ("p", "q", "distance"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distance_agrees_with_published_pairs(p, q, distance):
    # Sharma, Wu & Dalal (2005), table 1, which has four decimals.
    assert ciede2000(np.array(p), np.array(q)) == pytest.approx(distance, abs=5e-5)


def test_light_colours_are_those_of_the_style_file():
    style = (ROOT / "snippets/study.mplstyle").read_text(encoding="utf-8")
    cycle = next(line for line in style.splitlines() if "prop_cycle" in line)
    assert palette("light") == re.findall(r'"([0-9a-f]{6})"', cycle)


@pytest.mark.parametrize("scheme", PAPER)
def test_labels_in_every_colour_can_be_read(scheme):
    colours = palette(scheme)
    assert len(colours) == 8
    # 4.5 is what WCAG 2 asks of text.
    assert min(contrast(colour, PAPER[scheme]) for colour in colours) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", PAPER)
def test_any_two_series_can_be_told_apart(scheme, sight):
    seen = [lab(colour, sight) for colour in palette(scheme)]
    assert min(ciede2000(seen[i], seen[j]) for i, j in combinations(SERIES, 2)) >= 10


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", PAPER)
def test_a_grey_reference_is_told_from_every_series(scheme, sight):
    seen = [lab(colour, sight) for colour in palette(scheme)]
    # Less than between series: references are also dashed or thin.
    assert min(ciede2000(seen[GREY], seen[i]) for i in SERIES) >= 8.5
