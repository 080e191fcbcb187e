"""Members, their sign-in links, and API tokens."""

from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain.members import Member, Role
from node.services import members, sign_in, tokens
from node.services.community import Community


@click.group(no_args_is_help=False)
def member() -> None:
    """Add members, and give them links to sign in with."""


@member.command("add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Repeatable.",
)
@data_dir_option
def member_add(name: str, roles: tuple[str, ...], data_dir: Path | None) -> None:
    """Add a member and print a link that signs them in once."""

    async def add(community: Community) -> str:
        added = await members.add(community, name, frozenset(Role(role) for role in roles))
        return await sign_in.make_link(community, added.id)

    say(with_community(data_dir, add))


@member.command("link")
@click.argument("name")
@data_dir_option
def member_link(name: str, data_dir: Path | None) -> None:
    """Print a new link that signs a member in once."""

    async def link(community: Community) -> str:
        found = await members.by_name(community, name)
        return await sign_in.make_link(community, found.id)

    say(with_community(data_dir, link))


@member.command("list")
@data_dir_option
def member_list(data_dir: Path | None) -> None:
    """Print every member with their roles."""
    for found in with_community(data_dir, members.listing):
        say(f"{found.name}: {_roles(found)}")


def _roles(found: Member) -> str:
    return ", ".join(role.value for role in Role if role in found.roles)


@click.group(no_args_is_help=False)
def token() -> None:
    """API tokens, for programs that act as a member."""


@token.command("create")
@click.option("--member", "member_name", required=True, metavar="NAME", help="Whom the program acts as.")
@click.option("--label", default="", help="A word to recognise it by.")
@data_dir_option
def token_create(member_name: str, label: str, data_dir: Path | None) -> None:
    """Print a new API token and nothing else. It is not shown again."""

    async def create(community: Community) -> str:
        return await tokens.create(community, member_name, label)

    say(with_community(data_dir, create))
