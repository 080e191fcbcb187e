"""Files that must survive a power cut: they appear whole or not at all, and go for good."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PART = 1024 * 1024


@contextmanager
def appearing_whole(target: Path) -> Iterator[Path]:
    """An empty draft beside `target`, for its owner only, to be filled within the block; then it takes the name.

    Where the block raises, the draft goes and `target` stays as it was. Raises OSError.
    """
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    store_names(target.parent)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file for its owner only, in place of an earlier one. Raises OSError."""
    with appearing_whole(target) as draft:
        draft.write_bytes(content)


def store_names(folder: Path) -> None:
    """A name that came, changed or went counts once its folder is stored, too. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def overwrite(file: Path) -> None:
    """Write zeros over everything in a file. Some disks keep old blocks all the same. Raises OSError."""
    with file.open("r+b") as opened:
        left = file.stat().st_size
        while left > 0:
            left -= opened.write(bytes(min(left, _PART)))
        opened.flush()
        os.fsync(opened.fileno())
