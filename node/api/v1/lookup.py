"""The notice that a call's path names."""

from typing import Any

from node.api.v1.operations import Call
from node.domain.errors import NotFound
from node.domain.notices import Kind, Notice
from node.services import needs


async def notice_of(kind: Kind, call: Call[Any, Any]) -> Notice:
    """The notice named in the path. Raises NotFound, also when it is of the other kind."""
    notice = await needs.get(call.community, call.id)
    if notice.kind != kind:
        raise NotFound()
    return notice
