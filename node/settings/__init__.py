"""What a node is told from outside: how it is reached, where it keeps things, how far it may look.

The command line wins over the environment (`MANYHANDS_*`, and `MANYHANDS_*_FILE` for secrets), the environment over
`DATA_DIR/config.toml`, and that over the defaults. What stewards edit on the web lives in the database instead.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from node.settings.values import (
    Folder,
    Networks,
    Recipients,
    as_base_url,
    as_bind,
    as_database_url,
    as_lower,
    as_mail_from,
    as_optional_bind,
    as_smtp_url,
    as_timezone,
    is_loopback,
)

PREFIX = "MANYHANDS_"
CONFIG_FILE = "config.toml"
DEFAULT_INBOX_RATE = 600
DEFAULT_DATA_DIR = "./data"
DEFAULT_BACKUPS_KEPT = 14
TYPED = "command line"
#: These may also be given as the name of a file that holds the value; they are never printed in full.
SECRETS = ("database_url", "smtp_url")


class SettingsWrong(Exception):
    """A setting cannot be used; the message is one plain sentence that names it. `is_typed`: on the command line."""

    def __init__(self, message: str, is_typed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_typed = is_typed


class Settings(BaseModel):
    """Everything a node is told from outside, checked once and never changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(as_base_url)]
    data_dir: Folder = Field(Path(DEFAULT_DATA_DIR), validate_default=True)
    bind: Annotated[str, AfterValidator(as_bind)] = "127.0.0.1:8440"
    database_url: Annotated[str, AfterValidator(as_database_url)] = Field(
        default_factory=lambda known: f"sqlite+aiosqlite:///{known['data_dir']}/manyhands.db", repr=False
    )
    trusted_proxies: Networks = ()
    metrics_bind: Annotated[str, AfterValidator(as_optional_bind)] = ""
    smtp_url: Annotated[str, AfterValidator(as_smtp_url)] = Field(default="", repr=False)
    mail_from: Annotated[str, AfterValidator(as_mail_from)] = ""
    timezone: Annotated[str, AfterValidator(as_timezone)] = ""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(as_lower)] = "info"
    peer_networks: Networks = ()
    federation: Annotated[Literal["on", "off"], BeforeValidator(as_lower)] = "on"
    inbox_rate: Annotated[int, Field(ge=1, le=1_000_000)] = DEFAULT_INBOX_RATE
    dev_loopback_peers: bool = False
    backup_recipients: Recipients = ()
    backup_dir: Folder = Field(default_factory=lambda known: known["data_dir"] / "backups")
    backups_kept: Annotated[int, Field(ge=1, le=1000)] = DEFAULT_BACKUPS_KEPT
    keyring_dir: Folder = Field(default_factory=lambda known: known["data_dir"] / "keyring")

    @model_validator(mode="after")
    def _development_stays_home(self) -> "Settings":
        if self.dev_loopback_peers and not is_loopback(urlsplit(self.base_url).hostname or ""):
            raise ValueError("DEV_LOOPBACK_PEERS may only be on when BASE_URL is this machine (localhost).")
        return self

    @property
    def host(self) -> str:
        """Host and port as others write them, lower case."""
        return urlsplit(self.base_url).netloc

    @property
    def bind_address(self) -> tuple[str, int]:
        """Where to listen: host without brackets, and port (0: any free one)."""
        host, _, port = self.bind.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def config_path(self) -> Path:
        """The file these settings may be written in."""
        return self.data_dir / CONFIG_FILE


@dataclass(frozen=True)
class Origin:
    """One setting as `config show` prints it: secrets hidden, with where the value came from."""

    name: str
    shown: str
    source: str


@dataclass(frozen=True)
class _Found:
    value: Any
    source: str


def load_settings(
    data_dir: Path | str | None = None,
    given: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of the node that keeps its things in `data_dir` (default: MANYHANDS_DATA_DIR, then `./data`).

    `given` are settings from the command line by lower-case name; None stands for "not given". Raises SettingsWrong.
    """
    return _checked(_gather(data_dir, given, environment))


def origins(
    data_dir: Path | str | None = None,
    given: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Origin, ...]:
    """Every setting in the order of the documentation. Raises SettingsWrong as `load_settings` does."""
    found = _gather(data_dir, given, environment)
    settings = _checked(found)
    return tuple(
        Origin(name.upper(), _shown(name, getattr(settings, name)), found[name].source if name in found else "default")
        for name in Settings.model_fields
    )


def _gather(
    data_dir: Path | str | None, given: Mapping[str, str | None] | None, environment: Mapping[str, str] | None
) -> dict[str, _Found]:
    environ = os.environ if environment is None else environment
    place = _place(data_dir, environ)
    found = _from_file(Path(place.value) / CONFIG_FILE)
    found |= _from_environment(environ)
    found |= {name: _Found(value, TYPED) for name, value in (given or {}).items() if value is not None}
    return found | {"data_dir": place}


def _place(data_dir: Path | str | None, environment: Mapping[str, str]) -> _Found:
    if data_dir is not None:
        return _Found(str(data_dir), TYPED)
    named = environment.get(PREFIX + "DATA_DIR", "")
    return _Found(named, f"environment {PREFIX}DATA_DIR") if named else _Found(DEFAULT_DATA_DIR, "default")


def _from_environment(environment: Mapping[str, str]) -> dict[str, _Found]:
    found = {}
    for name in Settings.model_fields:
        key = PREFIX + name.upper()
        if name in SECRETS and environment.get(key + "_FILE"):
            found[name] = _Found(_secret(key + "_FILE", environment), f"environment {key}_FILE")
        if environment.get(key):
            found[name] = _Found(environment[key], f"environment {key}")
    return found


def _secret(key: str, environment: Mapping[str, str]) -> str:
    try:
        return Path(environment[key]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsWrong(f"The file that {key} names cannot be read.") from None


def _from_file(path: Path) -> dict[str, _Found]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise SettingsWrong(f"DATA_DIR ({path.parent}) is not a folder; choose another one.") from None
    except OSError:
        raise SettingsWrong(f"{path} cannot be read; it must belong to the account that runs manyhands.") from None
    except ValueError as error:
        raise SettingsWrong(f"{path} is not written as TOML: {_sentence(str(error))}") from None
    return {_known(name, path): _Found(_plain(value), str(path)) for name, value in written.items()}


def _known(name: str, path: Path) -> str:
    lower = name.lower()
    if lower == "data_dir":
        raise SettingsWrong(f"DATA_DIR cannot be set in {path}, because that file is found through it.")
    if lower not in Settings.model_fields:
        raise SettingsWrong(f"{path} sets {name}, which is not a setting of manyhands.")
    return lower


def _plain(value: Any) -> Any:
    return " ".join(str(part) for part in value) if isinstance(value, list) else value


def _checked(found: Mapping[str, _Found]) -> Settings:
    if "base_url" not in found:
        raise SettingsWrong(
            f"BASE_URL is not set, and {Path(found['data_dir'].value).absolute()} holds no community yet: "
            "run `manyhands init --name NAME --base-url URL` first."
        )
    try:
        return Settings.model_validate({name: item.value for name, item in found.items()})
    except ValidationError as error:
        raise _first_fault(error, found) from None


def _first_fault(error: ValidationError, found: Mapping[str, _Found]) -> SettingsWrong:
    fault = error.errors()[0]
    reason = str(fault.get("ctx", {}).get("error", "")) or fault["msg"]
    if not fault["loc"]:
        return SettingsWrong(reason)
    name = str(fault["loc"][0])
    source = found[name].source if name in found else "default"
    return SettingsWrong(_sentence(f"{name.upper()} ({source}) {_reason(name, reason)}"), source == TYPED)


def _reason(name: str, reason: str) -> str:
    expected = {
        "log_level": "must be debug, info, warning or error",
        "federation": "must be on or off",
        "dev_loopback_peers": "must be true or false",
        "backups_kept": "must be a whole number from 1 to 1000",
        "inbox_rate": "must be a whole number from 1 to 1000000",
        "trusted_proxies": "must be addresses or networks such as 10.0.0.0/8, separated by commas",
        "peer_networks": "must be networks such as 10.0.0.0/8, separated by commas",
    }
    return expected.get(name, reason if reason.startswith("must") else f"cannot be used: {reason}")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _shown(name: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    if name in SECRETS and value:
        return _without_password(str(value))
    return str(value) or "off"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    account, at, place = parts.netloc.rpartition("@")
    if not at and not parts.query:
        return url
    netloc = f"{account.partition(':')[0]}:…@{place}" if at else place
    return urlunsplit(parts._replace(netloc=netloc, query="…" if parts.query else ""))
