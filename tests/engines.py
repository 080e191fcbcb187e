"""Telling the same story on every database engine."""

import pytest

ENGINES = ("sqlite", "postgresql")
#: For tests whose villages come from fixtures that ask for `engine`.
ON_EVERY_ENGINE = pytest.mark.parametrize("engine", ENGINES, indirect=True)
