"""RSA keys made once in a process: real ones, of which each is given to a test once, and to the next test again."""

from itertools import count
from threading import Lock

from cryptography.hazmat.primitives.asymmetric import rsa

_make = rsa.generate_private_key


class KeyRing:
    """Stands in for `rsa.generate_private_key`, which takes a tenth of a second; within a test no key comes twice."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int, int], rsa.RSAPrivateKey] = {}
        self._numbers = count()
        self._lock = Lock()

    def begin(self) -> None:
        """Another test begins: the first key is new to it."""
        self._numbers = count()

    def generate(self, public_exponent: int, key_size: int) -> rsa.RSAPrivateKey:
        """A key that this test has not had yet."""
        with self._lock:
            wanted = next(self._numbers), public_exponent, key_size
            if wanted not in self._made:
                self._made[wanted] = _make(public_exponent, key_size)
            return self._made[wanted]
