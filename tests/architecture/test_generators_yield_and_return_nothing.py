"""Long work takes a Progress and returns its result: no generator hides one behind its last item."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "sciapp"


def test_no_generator_returns_a_result_and_nobody_handles_its_end_by_hand() -> None:
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and node.id == "StopIteration":
                found.append(f"{file.relative_to(SOURCE)}:{node.lineno}: StopIteration")
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Generator":
                result = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else None
                if not (isinstance(result, ast.Constant) and result.value is None):
                    found.append(f"{file.relative_to(SOURCE)}:{node.lineno}: {ast.unparse(node)}")
    assert found == []
