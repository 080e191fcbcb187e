"""From a name to what it stands for: handles and addresses to actors, key ids to keys."""

from federation.resolve.actors import resolve_actor
from federation.resolve.cache import KeyCache
from federation.resolve.handles import resolve_handle
from federation.resolve.keys import find_key

__all__ = ["KeyCache", "find_key", "resolve_actor", "resolve_handle"]
