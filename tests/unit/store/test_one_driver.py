"""The driver that will be replaced is named in one module only."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def users(package: str) -> set[str]:
    modules = [*(ROOT / "shared").rglob("*.py"), *(ROOT / "services").rglob("*.py")]
    return {str(path.relative_to(ROOT)) for path in modules if package in imported(path)}


def test_motor_is_imported_in_one_module() -> None:
    assert users("motor") == {"shared/store/mongo.py"}


def test_pymongo_is_not_known_outside_the_store() -> None:
    assert {Path(name).parent.as_posix() for name in users("pymongo")} == {"shared/store"}
