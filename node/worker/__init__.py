"""The worker: handles the journal, delivers the outbox, and watches the clocks. It runs beside the doors."""

from node.worker.loops import Worker

__all__ = ["Worker"]
