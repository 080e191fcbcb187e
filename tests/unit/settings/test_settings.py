"""Settings: which source wins, and one plain sentence for whatever cannot be used."""

from pathlib import Path

import pytest

from node.settings import Settings, SettingsWrong, load_settings, origins
from node.settings.values import is_loopback

HOME = "https://hands.north.example"


def write(place: Path, text: str) -> Path:
    (place / "config.toml").write_text(text, encoding="utf-8")
    return place


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'base_url = "https://file.example"\nBIND = "127.0.0.1:1"\nlog_level = "error"\n')
    environment = {"MANYHANDS_BASE_URL": HOME, "MANYHANDS_BIND": "127.0.0.1:2"}

    settings = load_settings(tmp_path, {"bind": "127.0.0.1:3"}, environment)

    assert (settings.base_url, settings.bind, settings.log_level) == (HOME, "127.0.0.1:3", "error")


def test_an_empty_variable_of_the_environment_is_no_setting(tmp_path: Path) -> None:
    write(tmp_path, f'BASE_URL = "{HOME}"\n')

    assert load_settings(tmp_path, None, {"MANYHANDS_BASE_URL": ""}).base_url == HOME


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"base_url": HOME}, {})

    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/manyhands.db"
    assert settings.bind_address == ("127.0.0.1", 8440)
    assert (settings.federation, settings.dev_loopback_peers, settings.peer_networks) == ("on", False, ())


def test_the_data_directory_may_come_from_the_environment(tmp_path: Path) -> None:
    write(tmp_path, f'BASE_URL = "{HOME}"\n')

    assert load_settings(None, None, {"MANYHANDS_DATA_DIR": str(tmp_path)}).data_dir == tmp_path


def test_a_secret_may_be_the_content_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("smtp://me:pw@mail.example\n")
    environment = {"MANYHANDS_BASE_URL": HOME, "MANYHANDS_SMTP_URL_FILE": str(tmp_path / "mail")}

    assert load_settings(tmp_path, None, environment).smtp_url == "smtp://me:pw@mail.example"


def test_settings_cannot_change_and_do_not_print_secrets(tmp_path: Path) -> None:
    settings = Settings(base_url=HOME, data_dir=tmp_path, smtp_url="smtp://me:pw@mail.example")

    with pytest.raises(ValueError, match="frozen"):
        settings.bind = "127.0.0.1:1"  # type: ignore[misc]
    assert "pw" not in repr(settings)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hands.north.example/", HOME),
        ("https://HANDS.north.example:443", HOME),
        ("http://localhost:8440/", "http://localhost:8440"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_base_url_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert Settings(base_url=typed).base_url == kept


@pytest.mark.parametrize(
    "typed",
    [
        "hands.north.example",
        "http://hands.north.example",  # https is required away from this machine
        "https://hands.north.example/aid",
        "https://hands.north.example?x=1",
        "https://me@hands.north.example",
        "https://hands.north.example:port",
        "https://händen.example",
        "ftp://hands.north.example",
        "https://",
        "",
    ],
)
def test_a_base_url_that_cannot_be_ours_is_refused_by_name(typed: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load_settings(tmp_path, {"base_url": typed}, {})
    assert "BASE_URL" in wrong.value.message
    assert wrong.value.message.endswith(".")
    assert "\n" not in wrong.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIND", "8440"),
        ("BIND", "127.0.0.1:99999"),
        ("METRICS_BIND", "here"),
        ("LOG_LEVEL", "loud"),
        ("PEER_NETWORKS", "10.0.0.0/8 nonsense"),
        ("TRUSTED_PROXIES", "proxy"),
        ("FEDERATION", "perhaps"),
        ("DEV_LOOPBACK_PEERS", "perhaps"),
    ],
)
def test_a_wrong_value_names_the_setting_and_where_it_was_written(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load_settings(tmp_path, None, {"MANYHANDS_BASE_URL": HOME, f"MANYHANDS_{name}": value})
    assert wrong.value.message.startswith(f"{name} (environment MANYHANDS_{name}) must be ")
    assert "\n" not in wrong.value.message


def test_loopback_peers_are_refused_where_others_can_reach_us(tmp_path: Path) -> None:
    environment = {"MANYHANDS_BASE_URL": HOME, "MANYHANDS_DEV_LOOPBACK_PEERS": "true"}

    with pytest.raises(SettingsWrong, match="DEV_LOOPBACK_PEERS"):
        load_settings(tmp_path, None, environment)
    assert load_settings(tmp_path, {"base_url": "http://localhost:1"}, environment).dev_loopback_peers


def test_a_directory_without_a_community_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="manyhands init"):
        load_settings(tmp_path, None, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BASE_URL = ", "not written as TOML"),
        ('BASE_ULR = "https://x.example"', "BASE_ULR"),
        ('DATA_DIR = "/elsewhere"', "DATA_DIR"),
    ],
)
def test_a_wrong_config_file_is_named(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match=said) as wrong:
        load_settings(write(tmp_path, text), None, {})
    assert str(tmp_path / "config.toml") in wrong.value.message


def test_a_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsWrong, match="not a folder"):
        load_settings(tmp_path / "file", {"base_url": HOME}, {})


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    environment = {"MANYHANDS_BASE_URL": HOME, "MANYHANDS_SMTP_URL_FILE": str(tmp_path / "none")}

    with pytest.raises(SettingsWrong, match="MANYHANDS_SMTP_URL_FILE"):
        load_settings(tmp_path, None, environment)


def test_networks_are_written_as_a_list_or_with_commas(tmp_path: Path) -> None:
    write(tmp_path, 'PEER_NETWORKS = ["10.0.0.0/8", "fd00::/8"]\nfederation = false\n')

    settings = load_settings(
        tmp_path, None, {"MANYHANDS_BASE_URL": HOME, "MANYHANDS_TRUSTED_PROXIES": "127.0.0.1, ::1"}
    )

    assert [str(network) for network in settings.peer_networks] == ["10.0.0.0/8", "fd00::/8"]
    assert [str(network) for network in settings.trusted_proxies] == ["127.0.0.1/32", "::1/128"]
    assert settings.federation == "off"


def test_origins_tell_where_each_value_came_from_and_hide_passwords(tmp_path: Path) -> None:
    write(tmp_path, f'BASE_URL = "{HOME}"\nDATABASE_URL = "postgresql+asyncpg://me:pw@db.example/hands"\n')
    environment = {"MANYHANDS_SMTP_URL": "smtp://me:pw@mail.example"}

    shown = {origin.name: origin for origin in origins(tmp_path, {"bind": "127.0.0.1:3"}, environment)}

    assert list(shown) == [name.upper() for name in Settings.model_fields]
    assert shown["BASE_URL"].source == str(tmp_path / "config.toml")
    assert shown["DATABASE_URL"].shown == "postgresql+asyncpg://me:…@db.example/hands"
    assert (shown["SMTP_URL"].shown, shown["SMTP_URL"].source) == (
        "smtp://me:…@mail.example",
        "environment MANYHANDS_SMTP_URL",
    )
    assert shown["BIND"].source == "command line"
    assert (shown["LOG_LEVEL"].shown, shown["LOG_LEVEL"].source) == ("info", "default")
    assert not any("pw" in origin.shown for origin in shown.values())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "north.localhost", "127.9.9.9", "[::1]", "::1"])
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example", "10.0.0.1", "0.0.0.0", "", "127.0.0.1.example"])
def test_other_hosts(host: str) -> None:
    assert not is_loopback(host)
