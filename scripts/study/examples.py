"""The examples of a page: what each gives beside what the page prints."""

import doctest
from collections.abc import Iterable
from typing import Any

Result = dict[str, Any]


def check(blocks: Iterable[str]) -> list[Result]:
    """Run the examples of these blocks, which share their names; tell of those in
    the last block."""
    names: dict[str, Any] = {"__name__": "__main__"}
    results: list[Result] = []
    parser, runner = doctest.DocTestParser(), _Runner()
    for block in blocks:
        runner.results = results = []
        test = doctest.DocTest(
            parser.get_examples(block), names, "examples", None, 0, block
        )
        runner.run(test, out=lambda _: None, clear_globs=False)
        names = test.globs  # a copy, for the next block
    return results


class _Runner(doctest.DocTestRunner):
    """Keeps what each example gave beside what the page prints."""

    results: list[Result]

    def _add(self, example: doctest.Example, got: str, *, same: bool) -> None:
        want = example.want or example.exc_msg or ""
        self.results.append(
            {
                "source": example.source.rstrip(),
                "want": want.rstrip(),
                "got": got.rstrip(),
                "same": same,
            }
        )

    def report_start(self, *_: Any) -> None:
        """Nothing yet."""

    def report_success(
        self, _out: Any, _test: Any, example: doctest.Example, got: str
    ) -> None:
        """As printed on the page."""
        self._add(example, got, same=True)

    def report_failure(
        self, _out: Any, _test: Any, example: doctest.Example, got: str
    ) -> None:
        """Something else than on the page."""
        self._add(example, got, same=False)

    def report_unexpected_exception(
        self, _out: Any, _test: Any, example: doctest.Example, exc_info: Any
    ) -> None:
        """An error that the page does not have."""
        kind, error, _ = exc_info
        self._add(example, f"{kind.__name__}: {error}", same=False)
