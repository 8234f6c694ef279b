"""Runs the pure parts of docs/assets in Node, one process for all calls."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SERVE = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { module, code, given } = JSON.parse(line);
    const call = new Function("m", ...Object.keys(given), `return (${code})`);
    answer = { value: call(await import(module), ...Object.values(given)) ?? null };
  } catch (error) { answer = { error: error.message }; }
  console.log(JSON.stringify(answer, (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value));
}
"""


class JavaScriptError(Exception):
    """What the called code has thrown."""


class Node:
    """A Node process with the modules of docs/assets at hand."""

    def __init__(self) -> None:
        node = Path(sys.executable).parent / "node"
        self._process = subprocess.Popen(
            [str(node), "--no-warnings", "--input-type=module", "--eval", SERVE],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "TZ": "UTC"},
        )

    def __call__(self, module: str, code: str, **given: Any) -> Any:
        """The value of this expression, with the module as m."""
        assert self._process.stdin and self._process.stdout
        path = (ROOT / "docs" / "assets" / f"{module}.js").as_uri()
        request = json.dumps({"module": path, "code": code, "given": given})
        print(request, file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise JavaScriptError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
