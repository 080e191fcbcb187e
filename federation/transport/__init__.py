"""The one guarded HTTP client for everything that leaves this node (protocol.md 5.1, T-14 to T-19)."""

from federation.transport.client import Limits, Sign, Transport
from federation.transport.policy import NetworkPolicy
from federation.transport.resolver import Resolve

__all__ = ["Limits", "NetworkPolicy", "Resolve", "Sign", "Transport"]
