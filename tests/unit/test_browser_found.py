"""The browser of the tests is looked for in the promised order."""

from pathlib import Path

import pytest

from tests.support import browser


def test_browser_is_looked_for_in_the_promised_order() -> None:
    assert [how for how, _ in browser.WAYS] == [
        "HUB_BROWSER",
        "found on the path",
        "Playwright's own download",
        "installed by the system's package manager",
    ]


def test_named_browser_is_taken_and_one_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = tmp_path / "chromium"
    there.touch()
    monkeypatch.setattr(browser, "GIVEN", str(there))
    assert browser._given() == str(there)

    monkeypatch.setattr(browser, "GIVEN", str(tmp_path / "nothing"))
    with pytest.raises(AssertionError, match="HUB_BROWSER names"):
        browser._given()


def test_browser_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "google-chrome"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser._on_path() == str(program)
