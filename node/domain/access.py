"""What makes it possible to open the door, to come, and to help: said by those who need it and by those who offer."""

from enum import StrEnum


class Needed(StrEnum):
    """What somebody needs from whoever comes, on their arrival card."""

    STEP_FREE = "step-free"
    WHEELCHAIR = "wheelchair"
    NO_LIFTING = "no lifting"
    TIME = "time at the door"
    HEARING = "hard of hearing"
    SIGHT = "low vision"
    SIGN_LANGUAGE = "sign language"
    MASKS = "masks"
    NO_SCENTS = "no scents"
    QUIET = "quiet"


class Offered(StrEnum):
    """What an offer says of itself: the way to it, and what whoever helps can and cannot do."""

    STEP_FREE = "step-free"
    WHEELCHAIR = "wheelchair"
    NO_LIFTING = "no lifting"
    SITTING_WORK = "sitting work"
    SIGN_LANGUAGE = "sign language"
    MASKS = "masks"
    NO_SCENTS = "no scents"
    QUIET = "quiet"
    BY_PHONE = "by phone"


NEEDED = tuple(word.value for word in Needed)
OFFERED = tuple(word.value for word in Offered)
