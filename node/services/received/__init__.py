"""What we do with another community's activity, once its sender is proven and it stands in the journal."""

from node.services.received.handle import handle
from node.services.received.prepare import Prepared, prepare

__all__ = ["Prepared", "handle", "prepare"]
