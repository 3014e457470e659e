"""Do the tests notice when a line is wrong? Break one at a time, and see whether any test fails.

``python benchmarks/house/mutants.py --seed 2030 --number 300`` draws that many small breaks of the
folders below (``<`` for ``<=``, an option left out, a refusal that does not refuse, …), runs the
tests that are to notice, and prints the share that did with every break that none did. Such a
break is a line no test holds, or one that does not matter: a person has to say which.

The work tree is left alone: a break is put into the function that is imported already, or, where
it is outside of functions, into a copy of the package. The draw hangs on what a line says and not
on where it stands, so that the same seed finds the same breaks after unrelated edits. A break that
uses a minute of processor time counts as noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import doctest
import hashlib
import importlib
import inspect
import json
import os
import resource
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parents[2]
SECONDS: Final = 60
WARM: Final = ("geopandas", "pyarrow.parquet", "pyogrio", "pydantic", "rasterio", "scipy.optimize")

# What is quick and near to the module; what takes a whole run of the pipeline is left out.
TESTS: Final[dict[str, list[str]]] = {
    "disclosure/protect": ["disclosure/test_protect.py"],
    "disclosure/tables": ["disclosure/test_table_bounds.py"],
    "disclosure/own_rules/on_grid": ["rasters/test_on_grid.py"],
    "join/area_lookup": ["join/test_area_lookup.py", "join/test_join.py"],
    "join/placed": ["join/test_join.py", "join/test_area_lookup.py", "join/test_point_sums.py"],
    "join/points": ["join/test_join.py", "join/test_area_lookup.py"],
    "join/point_sums": ["join/test_point_sums.py"],
    "join/small_areas": ["join/test_join.py"],
    "join/interpolate": ["join/test_interpolate.py"],
    "index/combine": ["index/test_combine.py", "index/test_normalise.py"],
    "index/means": ["index/test_normalise.py", "index/test_combine.py"],
    "index/normalise": ["index/test_normalise.py"],
    "index/transforms": ["index/test_normalise.py"],
    "index/scales": ["findings/test_change.py"],
    "indicators/aggregate": ["indicators/test_aggregate.py"],
    "indicators/catalogue": ["indicators/test_catalogue.py"],
    "indicators/measures": ["indicators/test_measures.py"],
}
# Slow, and beside the point of the modules above.
LEFT_OUT: Final = "not a_run_takes and not shipped_areas and not cloud_optimized and not in_qgis"

OPERATORS: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip
_PAIRS: Final = (
    "min max", "any all", "floor ceil", "minimum maximum", "fmin fmax", "first last", "where mask",
    "left right", "low high", "numerator denominator", "nanmin nanmax", "cumsum sum",
)  # fmt: skip
WORDS: Final = dict(pair.split() for pair in _PAIRS) | {
    other: one for one, other in map(str.split, _PAIRS)
}
# These say where or how something is said, not what is done.
SAID: Final = {"where", "remedy", "stacklevel", "name", "names", "strict"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One break: the place among the nodes of its file, which of their breaks, and in words."""

    path: str
    line: int
    node: int
    variant: int
    old: str
    new: str

    @property
    def module(self) -> str:
        """The name that it is imported by."""
        return self.path.removesuffix(".py").replace("/", ".")

    def order(self, seed: int, nth: int) -> str:
        """Return where it comes in a draw, whatever stands on the lines around it."""
        said = f"{seed} {self.path} {self.old} {self.new} {nth}"
        return hashlib.sha256(said.encode()).hexdigest()


def mutants_of(path: str) -> Iterator[Mutant]:
    """Yield every break of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    skipped = {id(each) for node in ast.walk(tree) for part in _unbroken(node)
               for each in ast.walk(part)}  # fmt: skip
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for variant, other in enumerate(_breaks(node)):
            old, new = (" ".join(ast.unparse(each).split())[:90] for each in (node, other))
            line = getattr(node, "lineno", 0)
            yield Mutant(path=path, line=line, node=number, variant=variant, old=old, new=new)


def _unbroken(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is said rather than done: types, messages, the names a module offers."""
    if isinstance(node, ast.FunctionDef):
        yield from node.decorator_list
        yield from filter(None, [node.returns, *(a.annotation for a in node.args.kwonlyargs)])
        yield from filter(None, [a.annotation for a in node.args.args])
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, ast.JoinedStr):
        yield node
    elif isinstance(node, ast.Raise):
        yield from ast.iter_child_nodes(node)
    elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield node
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("overload", "_refusal")):
        yield from node.args


def _breaks(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        swapped = [OPERATORS[type(node.ops[0])](), *node.ops[1:]]
        yield ast.Compare(left=node.left, ops=swapped, comparators=node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _is_text(node):
        yield ast.BinOp(left=node.left, op=OPERATORS[type(node.op)](), right=node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(op=OPERATORS[type(node.op)](), values=node.values)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value=other) for other in _other_values(node.value))
    elif isinstance(node, ast.Attribute) and node.attr in WORDS and isinstance(node.ctx, ast.Load):
        yield ast.Attribute(value=node.value, attr=WORDS[node.attr], ctx=node.ctx)
    elif isinstance(node, ast.Name) and node.id in {"min", "max", "any", "all"}:
        yield ast.Name(id=WORDS[node.id], ctx=node.ctx)
    else:
        yield from _broken_steps(node)


def _broken_steps(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        for said in node.keywords:
            if said.arg is not None and said.arg not in SAID:
                kept = [each for each in node.keywords if each is not said]
                yield ast.Call(func=node.func, args=node.args, keywords=kept)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(value=ast.Constant(value=None))
    elif isinstance(node, ast.AugAssign | ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield ast.Pass()
    elif isinstance(node, ast.If):
        test = ast.UnaryOp(op=ast.Not(), operand=node.test)
        yield ast.If(test=test, body=node.body, orelse=node.orelse)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(test=node.test, body=node.orelse, orelse=node.body)


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    return [WORDS[value]] if isinstance(value, str) and value in WORDS else []


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(isinstance(getattr(each, "value", None), str) for each in sides)


class _Swap(ast.NodeTransformer):
    def __init__(self, node: ast.AST, other: ast.AST) -> None:
        self._node, self._other = node, other

    def visit(self, node: ast.AST) -> ast.AST:
        return self._other if node is self._node else self.generic_visit(node)


def broken(mutant: Mutant) -> str:
    """Return the text of the file with the break in it."""
    tree = ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[mutant.node]
    other = list(_breaks(node))[mutant.variant]
    return ast.unparse(ast.fix_missing_locations(_Swap(node, other).visit(tree)))


def draw(seed: int, number: int) -> list[Mutant]:
    """Return so many breaks of all there are."""
    found: list[tuple[str, Mutant]] = []
    for module in TESTS:
        times: Counter[tuple[str, str]] = Counter()
        for mutant in mutants_of(f"geolyft/{module}.py"):
            times[mutant.old, mutant.new] += 1
            found.append((mutant.order(seed, times[mutant.old, mutant.new]), mutant))
    return [mutant for _, mutant in sorted(found, key=lambda pair: pair[0])[:number]]


# ---- running them ---------------------------------------------------------------------------


class _EachInTurn:
    """Once the tests are collected, run them in a fork for every break of a function's body."""

    def __init__(self, mutants: list[Mutant], record: Path) -> None:
        self._mutants, self._record = mutants, record

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool | None:
        """Let a fork run the tests as always; here there is nothing left to run."""
        for mutant in [None, *self._mutants]:
            process = os.fork()
            if process == 0:
                _limited()
                if mutant is not None:
                    _patch(mutant)
                    if not _examples_hold(mutant):
                        os._exit(1)
                return None
            noticed = os.waitpid(process, 0)[1] != 0
            if mutant is None and noticed:
                return True  # tests that fail anyhow notice nothing: no results
            if mutant is not None:
                _write(self._record, mutant, noticed=noticed)
        return True


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _write(record: Path, mutant: Mutant, *, noticed: bool) -> None:
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(mutant) | {"noticed": noticed}) + "\n")


def _functions(code: CodeType) -> Iterator[CodeType]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            function = const.co_flags & inspect.CO_OPTIMIZED
            yield from [const] if function else _functions(const)


def _changed(mutant: Mutant) -> list[CodeType]:
    """Return the functions that the break is in; none when it is outside their bodies."""
    path = ROOT / mutant.path
    whole = ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
    before = {each.co_qualname: each for each in _functions(compile(whole, path, "exec"))}
    after = _functions(compile(broken(mutant), path, "exec"))
    return [each for each in after if before.get(each.co_qualname) != each]


def _patch(mutant: Mutant) -> None:
    """Put the break into the function that everybody has imported already."""
    module = importlib.import_module(mutant.module)
    for code in _changed(mutant):
        place: Any = module
        for name in code.co_qualname.split("."):
            place = inspect.getattr_static(place, name)
        place = getattr(place, "fget", None) or getattr(place, "__func__", place)
        inspect.unwrap(place).__code__ = code


def _examples_hold(mutant: Mutant) -> bool:
    module = importlib.import_module(mutant.module)
    return not doctest.testmod(module, extraglobs={"pd": importlib.import_module("pandas")}).failed


def run_module(name: str, mutants: list[Mutant], record: Path) -> None:
    """Run a module's tests for all of its breaks, in this process and its forks."""
    inside = [each for each in mutants if _changed(each)]
    # While nothing of ours is imported: each of these needs it afresh.
    for mutant in [each for each in mutants if each not in inside]:
        with tempfile.TemporaryDirectory() as folder:
            process = os.fork()
            if process == 0:
                _limited()
                copy = copy_with(mutant, Path(folder) / "project")
                os._exit(_tests(name, copy, []) or not _examples_hold(mutant))
            _write(record, mutant, noticed=os.waitpid(process, 0)[1] != 0)
    if inside:
        _tests(name, ROOT, [_EachInTurn(inside, record)])


def copy_with(mutant: Mutant, folder: Path) -> Path:
    """Copy the package with the break in it, and lead to what it and the tests read."""
    shutil.copytree(ROOT / "geolyft", folder / "geolyft")
    (folder / mutant.path).write_text(broken(mutant), encoding="utf-8")
    for name in ("tests", "boundaries", "examples", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _tests(name: str, folder: Path, plugins: list[object]) -> int:
    """Run the tests of a module on the package in the folder; say so where one fails."""
    here = os.getpid()
    os.chdir(folder)
    sys.path[:] = [str(folder), *(each for each in sys.path if each not in {"", str(ROOT)})]
    # What was imported before pytest cannot be rewritten by it, and need not be.
    said = ["-x", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    files = [f"tests/{each}" for each in TESTS[name]]
    code = pytest.main(
        [*said, "--hypothesis-profile=mutants", "-k", LEFT_OUT, *files], plugins=plugins
    )
    if os.getpid() != here:
        os._exit(code != 0)
    return int(code != 0)


def warm_up() -> None:
    """Import once what every process needs."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    phases = [Phase.explicit, Phase.generate]  # a failure need not be made small
    checks = list(HealthCheck)
    settings.register_profile("mutants", max_examples=8, deadline=None, phases=phases,
                              derandomize=True, suppress_health_check=checks)  # fmt: skip


def run_all(mutants: Iterable[Mutant], workers: int, record: Path) -> None:
    """Run each module's tests in a process of its own, so many of them side by side."""
    by_module: dict[str, list[Mutant]] = {}
    for each in mutants:
        name = each.path.removeprefix("geolyft/").removesuffix(".py")
        by_module.setdefault(name, []).append(each)
    running: set[int] = set()
    while by_module or running:
        while by_module and len(running) < workers:
            name, mine = by_module.popitem()
            process = os.fork()
            if process == 0:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 1)
                run_module(name, mine, record)
                os._exit(0)
            running.add(process)
        running.discard(os.wait()[0])


def summary(results: list[tuple[Mutant, bool]]) -> str:
    """Lay out the shares by folder, and every break that no test noticed."""
    lines = []
    for folder in [*sorted({mutant.path.split("/")[1] for mutant, _ in results}), ""]:
        mine = [noticed for mutant, noticed in results if f"geolyft/{folder}" in mutant.path]
        share = f"{sum(mine):4} of {len(mine):4}, {sum(mine) / len(mine):6.1%}"
        lines.append(f"{folder or 'in all':12} {share}")
    survivors = sorted((m.path, m.line, m.old, m.new) for m, noticed in results if not noticed)
    return "\n".join(lines + [f"{p}:{n}  {old}  ->  {new}" for p, n, old, new in survivors])


def read_record(record: Path) -> list[tuple[Mutant, bool]]:
    """Return what was written of each break; the last word counts."""
    lines = map(json.loads, record.read_text("utf-8").splitlines() if record.exists() else [])
    read = {Mutant(**{k: v for k, v in line.items() if k != "noticed"}): line["noticed"]
            for line in lines}  # fmt: skip
    return list(read.items())


def main() -> None:
    """Draw, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=2030)
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="breaks of files whose path has this")
    parser.add_argument(
        "--record", type=Path, default=Path("out/mutants.jsonl"),
        help="results are added to this file; what it says was noticed is not run again",
    )  # fmt: skip
    said = parser.parse_args()
    record = said.record.resolve()
    record.parent.mkdir(parents=True, exist_ok=True)
    mutants = [each for each in draw(said.seed, said.number) if said.only in each.path]
    noticed = {mutant for mutant, noticed in read_record(record) if noticed}
    warm_up()
    run_all([each for each in mutants if each not in noticed], said.workers, record)
    results = [(m, noticed) for m, noticed in read_record(record) if m in set(mutants)]
    print(summary(results))
    if len(results) < len(mutants):
        sys.exit(f"{len(mutants) - len(results)} breaks were not tried: their tests fail anyhow")


if __name__ == "__main__":
    main()
