"""What the doctor says of the spool."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smsgw.settings import ROOT


def said(home: Path, language: str = "C") -> str:
    environ = os.environ | {"SMSGW_HOME": str(home), "LC_ALL": language}
    command = [sys.executable, "-m", "ops.doctor"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    (folder / "bad").mkdir(parents=True)
    return folder


def test_what_waits_is_told(tmp_path: Path, spool: Path) -> None:
    (spool / "one.json").touch()
    assert f"ok  the spool {spool} can be written; waiting for the database: 1\n" in said(tmp_path)


def test_damaged_files_are_a_problem_with_a_mend(tmp_path: Path, spool: Path) -> None:
    (spool / "bad" / "one.json").touch()
    heard = said(tmp_path)
    assert "!!  damaged files in the spool, each perhaps a citizen's text: 1\n    mend: " in heard
    assert f"read them in {spool}/bad" in heard
    assert "!!  tệp hỏng trong thư mục chờ" in said(tmp_path, "vi_VN.UTF-8")


def test_a_spool_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    assert f"!!  SMSGW_SPOOL is {tmp_path / 'spool'}: {tmp_path / 'spool'} is no folder" in said(tmp_path)
