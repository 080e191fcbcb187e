"""What is typed at each address of the table, where an empty form would not get far enough to say anything."""

from collections.abc import Mapping

from tests.privacy.people import filled

_TYPED: dict[str, dict[str, str]] = {
    "/r": {"code": "{code}"},
    "/r/{spare}/status": {"to": "pause"},
    "/account/calendar": {"to": "new"},
    "/account/devices": {"to": "leave"},
    "/settings/devices": {"to": "off"},
    "/settings/categories/pets": {"behind": "learning"},
    "/still/{still}": {"to": "quiet"},
    "/dispatch/{need}/sealed": {"reason": "call"},
    "/board/enough": {"not": "yes"},
    "/board/{wanted}/take-on": {"quantity": "1"},
    "/api/v1/board/{wanted}/take-on": {"quantity": "1"},
    "/api/v1/needs/{wanted}/matches": {"offer": "{soup}"},
    "/enquiries/{letter}/take-back": {"answer": "{answer}"},
    "/enquiries/{done}/block": {"whom": "sender"},
    "/feed/{free}/questions": {"text": "Which sizes?"},
    "/questions/{thread}": {"text": "Ages five to nine."},
    "/tasks/{response}/more-time": {"hours": "2"},
    "/tasks/{task}/ask-more-time": {"hours": "2"},
    "/tasks/{task}/details": {"reason": "call"},
}


def typed(method: str, path: str, ids: Mapping[str, str]) -> dict[str, str]:
    """The form for this address; an empty one for most."""
    if method == "GET":
        return {}
    return {name: filled(value, ids) for name, value in _TYPED.get(path, {}).items()}
