"""What citizens write is shown as text: no template and no door switches escaping off."""

import re

import pytest

from tests.house.tree import files, named

UNESCAPED = re.compile(
    r"\|\s*safe\b|autoescape\s+(?:false|off)\b|\bMarkup\b|\bautoescape\s*=\s*False\b|render_template_string"
)


def test_no_page_shows_unescaped_text():
    pages = [
        path for path in files("handlers") if path.suffix in {".html", ".txt", ".xml", ".svg", ".jinja", ".j2", ".py"}
    ]
    assert pages
    assert [named(path) for path in pages if UNESCAPED.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    ["{{ text|safe }}", "{{ text | safe }}", "{% autoescape false %}", "Markup(text)", "Environment(autoescape=False)"],
)
def test_this_guard_sees_escaping_switched_off(source):
    assert UNESCAPED.search(source)


@pytest.mark.parametrize("source", ["{{ text }}", "{{ text|e }}", "a safe place", "{{ safe_name }}", "{{ a|safely }}"])
def test_this_guard_lets_text_pass(source):
    assert not UNESCAPED.search(source)
