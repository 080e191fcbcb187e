"""Communities as `init` leaves them, of which every example of a property gets a fresh copy: founding takes long."""

import asyncio
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from node.settings import Settings
from tests.village import found


@dataclass(frozen=True)
class Founded:
    """A community that runs nowhere yet."""

    settings: Settings

    def copied_to(self, folder: Path) -> Settings:
        """The settings of a fresh copy in `folder`, under the same address."""
        shutil.copytree(self.settings.data_dir, folder)
        return Settings(base_url=self.settings.base_url, data_dir=folder, dev_loopback_peers=True)


def founded_in(folder: Path, name: str) -> Founded:
    """A new one called `name`."""
    with closing(asyncio.new_event_loop()) as loop:
        return Founded(loop.run_until_complete(found(name, folder)))
