"""Streets, door numbers and postcodes, in the ways English, Spanish, French, German and Arabic write them."""

import re

_NUMBER = r"(?:\s*[,،]?\s*(?:n[.º°o]\s*|no\.\s*|#|رقم\s*)?\d{1,5}[a-z]?\b)?"
_OF = r"(?:(?:de|del|la|las|los|el|du|des|le|les)\s+|[dl]['’]){0,3}"

_ALWAYS_STREET = "street|road|rd|avenue|ave|lane|ln|boulevard|blvd"
_NAMED_STREET = "St|Drive|Way|Close|Court|Place|Terrace|Crescent|Gardens|Square"  # everyday words without a name
_NAME = r"[A-Z][\w'’-]+"
_STREET = re.compile(
    rf"\b\d{{1,5}}[a-z]?,?\s+(?:[\w'’-]+\s+){{1,3}}?(?i:(?:{_ALWAYS_STREET})\b|st\.)"
    rf"|\b\d{{1,5}}[a-z]?,?\s+(?:{_NAME}\s+){{1,3}}?(?:{_NAMED_STREET})\b"
    rf"|\b(?:{_NAME}\s+){{1,3}}?(?:(?:Street|Road|Avenue|Lane|Boulevard)\b|St\.){_NUMBER}"
    rf"|\b(?:\d{{1,5}}\s*(?:bis|ter)?\s*,?\s+)?(?i:calle|avenida|rue|impasse|ruelle|carrer)\s+{_OF}[\w'’-]+{_NUMBER}"
    rf"|\b(?i:avda\.|av\.|c/)\s*{_OF}{_NAME}{_NUMBER}"
    rf"|\b(?:\d{{1,5}}\s*(?:bis|ter)?\s*,?\s+)?(?i:plaza|paseo|boulevard|allée|quai|chemin|avenue)\s+{_OF}{_NAME}{_NUMBER}"
    rf"|\b[Vv]ia\s+[A-Z]\w+|\b\w+(?i:straße|strasse|weg|gasse)\s+\d+"
    rf"|\b\w*(?:شارع|زقاق|جادة|نهج)\s+\w+(?:\s+\w+)?{_NUMBER}"
)

_DOOR = re.compile(
    r"\b(?i:flat|apartment|apt\.?|appartement|appt\.?|apartamento|house|number|door|puerta|portal|numéro|número)"
    r"\s+(?:n[.º°o]\s*|no\.\s*|#)?(?:\d{1,4}[a-z]?|[A-Z]\d{0,3})\b"
    r"|\bpiso\s+\d{1,2}|\b(?i:room|unit)\s+\d{1,4}\b"
    r"|\b(?i:\d{1,2}(?:st|nd|rd|th|º|er|e|ème)\s+(?:floor|piso|étage)|(?:first|second|third|fourth|top|ground)\s+floor)\b"
    r"|\b(?i:(?:primer|segundo|tercer|cuarto)\s+piso|(?:premier|deuxième|troisième|dernier)\s+étage)\b"
    r"|(?:شقة|منزل|بيت|الطابق|باب)\s+(?:رقم\s*)?\d{1,4}"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b"
)


def streets(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like a street, with its number where there is one."""
    return tuple(match.group(0).strip() for match in _STREET.finditer(text))


def doors(text: str) -> tuple[str, ...]:
    """Every piece of the text that looks like a flat, a floor, a door's number or a postcode."""
    return tuple(match.group(0).strip() for match in _DOOR.finditer(text))
