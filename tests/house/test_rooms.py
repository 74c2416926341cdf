"""Things stand where a reader looks for them, under names that say what they are."""

import ast
import re

import pytest

from tests.house.tree import ROOT, files, modules, named, written

NO_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
PLACES = "home|root|Users|work|mnt|workspace"
OF_ONE_MACHINE = re.compile(rf"(?<![\w.~/:>)\]}}-])/(?:{PLACES})/[\w.-]|[A-Za-z]:\\\\?Users\\")


def says_nothing(module_name: str) -> bool:
    """Whether a file's or folder's name tells only that its content is mixed."""
    return bool(NO_NAMES & set(module_name.lower().split("_")))


def test_locale_never_shadows_the_standard_library():
    assert (ROOT / "locale").is_dir()
    assert [named(path) for path in files("locale") if path.suffix == ".py"] == []


def test_no_file_or_folder_has_a_name_that_says_nothing():
    parts = {(named(path), part) for path in modules() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert sorted(where for where, part in parts if says_nothing(part)) == []


@pytest.mark.parametrize("name", ["utils", "text_utils", "helpers", "base", "common", "misc", "queue_manager"])
def test_this_guard_knows_empty_names(name):
    assert says_nothing(name)


def test_no_path_of_one_machine_is_written_anywhere():
    found = [named(path) for path in written() if OF_ONE_MACHINE.search(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("place", PLACES.split("|"))
def test_this_guard_knows_paths_of_machines(place):
    assert OF_ONE_MACHINE.search(f'DATA = "/{place}/someone/smsgw"')
    assert not OF_ONE_MACHINE.search(f"see docs/{place}/today and https://example.org/{place}/page")


def test_every_module_says_its_duty_on_its_first_line():
    silent = []
    for path in modules("smsgw", "handlers", "queues", "ops", "tests"):
        source = path.read_text("utf-8")
        if source.strip() and (not ast.get_docstring(ast.parse(source)) or not source.startswith(('"""', 'r"""'))):
            silent.append(named(path))
    assert silent == []
