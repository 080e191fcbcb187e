"""The node's settings in a measured process: as it is born, but nobody writes too much and all peers are here."""

from pathlib import Path
from typing import Any

from node.settings import Settings

NO_LIMIT = 1_000_000


def settings_of(given: dict[str, Any]) -> Settings:
    """For the community whose things are in `given["folder"]`."""
    return Settings(
        base_url=given["base_url"],
        data_dir=Path(given["folder"]),
        bind="127.0.0.1:0",
        inbox_rate=NO_LIMIT,
        dev_loopback_peers=True,
    )
