"""Codes a person can say over the telephone: two words and a number, such as `blue-otter-4127`."""

import re

_FIRST = (
    "amber apple azure berry birch blue brave bright bronze calm candle cedar cherry clear clever cloud clover cobalt "
    "copper coral corn cosy cotton cream crimson crystal dapper dawn deep dew dusty early earth easy ember fair fern "
    "fine flint fond forest fresh frost garden gentle ginger glad gold good grand grass green hazel honest honey ivory "
    "jade jolly joyful keen kind lemon light lilac lime linen little lively lucky lunar maple mellow merry mild mint "
    "misty moss neat new nice noble oak ocean olive onyx opal open orange pale patient peach pearl pine pink plain "
    "plum polar polite proud pure purple quick quiet rapid red river robin rose rosy ruby rustic sandy scarlet sea "
    "silent silk silver simple sky slow smooth snow soft solar spring steady still stone strong summer sunny sweet "
    "swift tall teal tidy true twin velvet violet warm wheat white wide wild willow windy winter wise wood yellow young"
).split()
_SECOND = (
    "acorn badger beacon bear beaver bee bell bench bird boat bread bridge brook broom button camel canary candle "
    "canoe carrot castle cat chair clock cloud coat colt cow crane cricket cup daisy deer desk dog dolphin donkey door "
    "dove duck eagle elk falcon feather fiddle field finch fish flag flute fox frog gate gecko goat goose grape hare "
    "harp hat hawk hedge hen heron hill horse house iris island jacket jar jay kettle kite koala ladder lake lamb lamp "
    "lark leaf lily lion lizard llama magpie meadow mill mole moon moose moth mouse mule newt nut orchid otter owl ox "
    "panda parrot path peacock pebble pelican pencil penguin pepper piano pigeon pillow pony poppy puffin quail rabbit "
    "radio raven reed robin rooster salmon scarf seal sheep shell ship shoe shore sparrow spoon squirrel star stork "
    "swan table tiger toad tower train tree trout tulip turtle wagon walrus whale window wolf wren zebra"
).split()

PATTERN = re.compile(r"[a-z]+-[a-z]+-\d{4}")


def code_from(chance: bytes) -> str:
    """The code that at least 8 random bytes stand for; the same bytes always give the same code."""
    number = int.from_bytes(chance[:8], "big")
    number, digits = divmod(number, 10_000)
    number, second = divmod(number, len(_SECOND))
    first = number % len(_FIRST)
    return f"{_FIRST[first]}-{_SECOND[second]}-{digits:04d}"


def tidy_code(typed: str) -> str:
    """The code as it is stored, from how people type it: capitals, spaces, missing or further dashes."""
    lower = typed.lower()
    letters, digits = "".join(re.findall(r"[a-z]+", lower)), "".join(re.findall(r"[0-9]+", lower))
    for first in _FIRST:
        if letters.startswith(first) and letters.removeprefix(first) in _SECOND:
            return f"{first}-{letters.removeprefix(first)}-{digits}"
    return "-".join(re.findall(r"[a-z]+|[0-9]+", lower))
