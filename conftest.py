"""Runs the doctests that stand in the pages."""

import os
from collections.abc import Iterator

from sybil import Document, Region, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown import CodeBlockParser

# Small matrices: a second thread costs more than it saves.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

blocks = CodeBlockParser("pycon", PythonEvaluator())
examples = DocTestStringParser()


def doctests(document: Document) -> Iterator[Region]:
    """The examples in ```pycon blocks; a page's blocks share their names."""
    for block in blocks(document):
        for example in examples(block.parsed, document.path):
            example.adjust(block, block.parsed)
            yield example


pytest_collect_file = Sybil([doctests], path="docs", pattern="**/*.md").pytest()
