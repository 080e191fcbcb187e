"""The JSON API: needs, offers, shares, peers, feed, responses, hand-offs and the audit log, for scripts."""

from node.api.v1.calls import setup

__all__ = ["setup"]
