"""Make the picture of docs/architecture.md: the folders, their rooms, and who imports whom.

Read from the code: floors stand in the order that import-linter checks, and say of themselves what
their docstring says.
"""

import ast
import tomllib
from collections import Counter
from html import escape
from math import sqrt
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "geolyft"
IMAGE = Path(__file__).with_name("images") / "house.svg"

WIDTH, LEFT, RIGHT, TOP = 1100, 24, 800, 68
PAD, GAP, CHIP, LETTER = 14, 12, 24, 7.3
SAID = 150
"""How far to the right a folder says what it is."""
GROUND = ("form", "frames", "errors")
"""Everyone stands on these: their arrows would say nothing."""
INK, SOFT, LINE = "#1d2a35", "#5b6b78", "#c8d1d9"
HUES = ("#1f5f8b", "#8a4f9e", "#2f7d5b", "#b3541e", "#7a6a12", "#9c2f4c", "#3d5a99")
STYLE = f"""
text {{ font-family: system-ui, "DejaVu Sans", Arial, sans-serif; fill: {INK}; font-size: 12px; }}
.name {{ font-size: 16px; font-weight: 600; }}
.room {{ text-anchor: middle; }}
.title {{ font-size: 20px; font-weight: 600; }}
.soft {{ fill: {SOFT}; }}
.floor {{ fill: #f6f8fa; stroke: {LINE}; }}
.ground {{ fill: #e8e2d6; stroke: #cdbf9f; }}
.chip {{ fill: #ffffff; stroke: {LINE}; }}
.arrow {{ fill: none; stroke-opacity: 0.55; }}
"""


class Floor(NamedTuple):
    """A folder, what it says of itself, and its rooms."""

    name: str
    about: str
    rooms: list[str]


def order() -> list[str]:
    """Return folders and modules at the top, from the highest layer down."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = said["tool"]["importlinter"]["contracts"]
    layers = [each for one in contracts for each in one.get("layers", ())]
    names = [each.strip().split(".")[1] for layer in layers for each in layer.split(":")]
    return list(dict.fromkeys(names))


def about(path: Path) -> str:
    """Return the first line of a docstring, without its stop."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".")


def rooms_of(folder: Path) -> list[str]:
    """Return modules by name, then folders inside with how many modules they have."""
    modules = sorted(each.stem for each in folder.glob("*.py") if each.stem != "__init__")
    inside = sorted(each for each in folder.iterdir() if (each / "__init__.py").exists())
    counts = {each.name: sum(m.stem != "__init__" for m in each.rglob("*.py")) for each in inside}
    return [*modules, *(f"{name}/ {count}" for name, count in counts.items())]


def floors() -> list[Floor]:
    """Return what the house is made of, from the roof down to the ground."""
    made = []
    for name in order():
        folder = PACKAGE / name
        if folder.is_dir():
            made.append(Floor(name, about(folder / "__init__.py"), rooms_of(folder)))
        else:
            made.append(Floor(f"{name}.py", about(PACKAGE / f"{name}.py"), []))
    return made


def home(module: str) -> str:
    """Return the floor that a module of geolyft is on."""
    name = module.split(".")[1]
    return name if (PACKAGE / name).is_dir() else f"{name}.py"


def imported(tree: ast.AST) -> list[str]:
    """Return the modules of geolyft that a module imports, also inside functions."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "geolyft":
            names += [f"geolyft.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return [name for name in names if name.startswith("geolyft.") and is_room(name)]


def is_room(module: str) -> bool:
    """Say whether a name is a module or folder, not what a module has."""
    path = PACKAGE / module.split(".")[1]
    return path.is_dir() or path.with_suffix(".py").exists()


def arrows() -> Counter[tuple[str, str]]:
    """Count imports from floor to floor."""
    counted: Counter[tuple[str, str]] = Counter()
    for path in sorted(PACKAGE.rglob("*.py")):
        own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if own.count(".") == 1 and path.stem in {"__init__", "__main__", "moved"}:
            continue
        for module in set(imported(ast.parse(path.read_text("utf-8")))):
            counted[home(own), home(module)] += home(own) != home(module)
    return +counted


def text(x: float, y: float, said: str, kind: str = "") -> str:
    """Write words."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(said)}</text>'


def box(x: float, y: float, size: tuple[float, float], kind: str) -> str:
    """Draw walls."""
    width, height = size
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
        f'class="{kind}"/>'
    )


def chips(rooms: list[str], y: float) -> tuple[list[str], float]:
    """Draw rooms in rows, and return where the last row ends."""
    drawn, x = [], LEFT + PAD
    for n, room in enumerate(rooms):
        width = len(room) * LETTER + 16
        if n and x + width > RIGHT - PAD:
            x, y = LEFT + PAD, y + CHIP + 5
        drawn += [box(x, y, (width, CHIP), "chip"), text(x + width / 2, y + 16, room, "room")]
        x += width + 6
    return drawn, y + CHIP if rooms else y - 8


def draw_floor(floor: Floor, y: float) -> tuple[list[str], float]:
    """Draw a folder from a height down, and return its own height."""
    kind = "ground" if floor.name.removesuffix(".py") in GROUND else "floor"
    inside, end = chips(floor.rooms, y + 36)
    height = end - y + 10
    head = [
        text(LEFT + PAD, y + 23, floor.name, "name"),
        text(LEFT + SAID, y + 23, floor.about, "soft"),
    ]
    return [box(LEFT, y, (RIGHT - LEFT, height), kind), *head, *inside], height


def draw_arrow(start: float, end: float, many: int, hue: str) -> str:
    """Draw an arrow that leaves a floor at the right, and comes back lower down."""
    out = RIGHT + 34 + (end - start) ** 0.86 * 0.86
    width = 0.8 + sqrt(many) * 0.75
    path = f"M{RIGHT} {start:.1f} C{out:.1f} {start:.1f} {out:.1f} {end:.1f} {RIGHT + 8} {end:.1f}"
    head = f"M{RIGHT + 9} {end - 4:.1f} L{RIGHT + 1} {end:.1f} L{RIGHT + 9} {end + 4:.1f} Z"
    return (
        f'<path d="{path}" class="arrow" stroke="{hue}" stroke-width="{width:.1f}">'
        f"<title>{many}</title></path>"
        f'<path d="{head}" fill="{hue}"/>'
    )


def draw_arrows(places: dict[str, tuple[float, float]]) -> list[str]:
    """Draw the arrows between floors, each leaving and coming at a height of its own."""
    ground = {f"{name}.py" for name in GROUND}
    counted = {pair: many for pair, many in arrows().items() if pair[1] not in ground}
    level = {name: n for n, name in enumerate(places)}
    drawn = []
    for (who, whom), many in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        # Who goes far leaves above who goes near, and comes in below, so that few arrows cross.
        outs = sorted((level[b] for a, b in counted if a == who), reverse=True)
        ins = sorted((level[a] for a, b in counted if b == whom), reverse=True)
        start = place_on(places[who], (0.5, 0.98), (outs.index(level[whom]), len(outs)))
        end = place_on(places[whom], (0.04, 0.46), (ins.index(level[who]), len(ins)))
        drawn.append(draw_arrow(start, end, many, HUES[level[who] % len(HUES)]))
    return drawn


def place_on(floor: tuple[float, float], part: tuple[float, float], turn: tuple[int, int]) -> float:
    """Return the height of one of several arrows that share a part of a floor's wall."""
    (top, height), (first, last), (n, many) = floor, part, turn
    return top + height * (first + (last - first) * (n + 1) / (many + 1))


def main() -> None:
    """Write the picture."""
    y, places, drawn = float(TOP), {}, []
    for floor in floors():
        inside, height = draw_floor(floor, y)
        drawn += inside
        places[floor.name] = (y, height)
        y += height + GAP
    title = "The house of geolyft: a folder imports only from folders below it"
    note = "An arrow goes from who imports to what is imported; the wider, the more modules."
    rest = "Everyone stands on the ground (form, frames, errors): no arrows there."
    head = [text(LEFT, 30, title, "title"), text(LEFT, 50, f"{note} {rest}", "soft")]
    size = f'viewBox="0 0 {WIDTH} {y:.0f}" width="{WIDTH}" height="{y:.0f}"'
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{y:.0f}" fill="#ffffff"/>',
        *draw_arrows(places),
        *head,
        *drawn,
        "</svg>",
    ]
    IMAGE.write_text("\n".join(svg) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
