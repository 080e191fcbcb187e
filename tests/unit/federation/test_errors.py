import inspect

import federation.errors
from federation.errors import FederationError, NotReached, Refused, Rejected


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    for name, kind in inspect.getmembers(federation.errors, inspect.isclass):
        if issubclass(kind, FederationError):
            assert name in (federation.errors.__doc__ or "")


def test_every_error_is_refused_or_not_reached_and_says_one_sentence() -> None:
    for _, kind in inspect.getmembers(federation.errors, inspect.isclass):
        if not issubclass(kind, FederationError) or kind is FederationError:
            continue
        assert issubclass(kind, Rejected | NotReached)
        assert kind.sentence.endswith(".")


def test_what_the_other_server_answered() -> None:
    assert str(Refused(404)) == "The other server answered with status 404."
