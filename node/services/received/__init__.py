"""What we do with another community's activity, once its sender is proven and it stands in the journal."""

from node.services.received.handle import handle
from node.services.received.posts import is_post, keep_posts
from node.services.received.prepare import Prepared, Trouble, prepare

__all__ = ["Prepared", "Trouble", "handle", "is_post", "keep_posts", "prepare"]
