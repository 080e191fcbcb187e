"""Members, their sign-in links, and API tokens."""

from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain.members import Member, Role
from node.services import members, membership, sign_in, tokens
from node.services.community import Community

_ROLE = click.Choice([role.value for role in Role])


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
    type=_ROLE,
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


@member.command("role")
@click.argument("name")
@click.option("--give", multiple=True, type=_ROLE, help="Repeatable.")
@click.option("--take", multiple=True, type=_ROLE, help="Repeatable.")
@data_dir_option
def member_role(name: str, give: tuple[str, ...], take: tuple[str, ...], data_dir: Path | None) -> None:
    """Give a member roles, or take them away; without any they stay a member. Prints the roles they have then."""

    async def change(community: Community) -> Member:
        found = await members.by_name(community, name)
        wanted = (found.roles | {Role(one) for one in give}) - {Role(one) for one in take}
        return await membership.change_roles(community, found.id, wanted, None)

    changed = with_community(data_dir, change)
    say(f"{changed.name}: {_roles(changed)}")


@member.command("end")
@click.argument("name")
@data_dir_option
def member_end(name: str, data_dir: Path | None) -> None:
    """End a membership: what they have in hand is open again, their name and all they sign in with is erased."""

    async def end(community: Community) -> None:
        found = await members.by_name(community, name)
        await membership.end(community, found.id, None)

    with_community(data_dir, end)
    say(f"{name} is not a member any more.")


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
