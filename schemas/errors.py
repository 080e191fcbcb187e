"""The one error of this package.

Exception
└── InvalidDocument   what was received is not a document we can read
"""


class InvalidDocument(Exception):
    """A document from outside that cannot be read.

    `path` names the place in the document (`object.publishes.resourceQuantity`, empty for the whole document);
    `reason` is one plain sentence that never repeats what the sender wrote.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason
