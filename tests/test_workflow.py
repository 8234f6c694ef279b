"""The workflow that publishes names what is there, and may do no more than it needs."""

import re
from typing import Any

import pytest
import yaml
from small_project import ROOT

TEXT = (ROOT / ".github/workflows/site.yml").read_text("utf-8")
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]


def test_what_it_runs_are_commands_of_make():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    runs = [step["run"] for step in STEPS if "run" in step]
    assert runs == ["make check", "make test", "make build"]
    for run in runs:
        assert re.search(rf"^{run.split()[1]}: ", makefile, re.MULTILINE)


def test_what_keys_of_caches_hash_is_there():
    named = re.findall(r"'([^']+)'", "".join(re.findall(r"hashFiles\((.*?)\)", TEXT)))
    assert "scripts/study/runtime.py" in named
    assert [name for name in named if not any(ROOT.glob(name))] == []


def test_what_it_caches_and_uploads_is_where_the_scripts_put_it():
    places = [step["with"]["path"] for step in STEPS if "path" in step.get("with", {})]
    assert places == [".cache", "~/.cache/study-notes", "site"]


def test_the_matrix_is_of_the_pythons_that_the_project_takes():
    assert JOBS["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11"' in project


@pytest.mark.parametrize("step", [step for step in STEPS if "uses" in step])
def test_an_action_is_named_by_commit(step: dict[str, Any]):
    assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
    assert re.search(rf"{step['uses']} # v\d+\.\d+\.\d+$", TEXT, re.MULTILINE)


def test_only_the_job_that_publishes_may_write():
    assert yaml.safe_load(TEXT)["permissions"] == {}
    rights = {name: job["permissions"] for name, job in JOBS.items()}
    assert rights == {
        "test": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
    }
    assert STEPS[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_only_main_is_published():
    assert JOBS["publish"]["if"] == "github.ref == 'refs/heads/main'"
    uploads = [s for s in STEPS if "upload-pages" in s.get("uses", "")]
    assert [step["if"].split(" && ")[0] for step in uploads] == [JOBS["publish"]["if"]]


def test_the_site_is_built_for_the_address_of_its_pages():
    [build] = [step for step in STEPS if step.get("run") == "make build"]
    assert "steps.pages.outputs.base_url" in build["env"]["SITE_URL"]
    assert build["env"]["SITE_URL"].endswith("}}/")
