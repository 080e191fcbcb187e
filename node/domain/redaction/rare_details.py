"""What narrows a person down without naming them: an age, an illness, a school, being the only one."""

import re

from node.domain.spelling import fold

#: Whole words, or beginnings of words where a * stands at the end; without accents.
_PRIVATE = """
diabet* cancer* chemo* leukemia leukaemia tumor* tumour* dialysis hiv aids epilep* seizure* dementia alzheimer*
parkinson* autis* asthma* schizophren* bipolar depression depressed anxiety panic ptsd pregnan* miscarriage stroke
wheelchair* insulin hepatitis tuberculosis transplant* oxygen amput* paraly* addict* alcoholi* rehab detox psychiatr*
suicid* disabled disability deaf blind terminal hospice undocumented deport* asylum visa prison parole probation
abuse* abusive violen* eviction evicted quimio* tumor* dialisis vih sida demencia autismo esquizofren* depresion
ansiedad embaraz* insulina tuberculosis adiccion alcoholism* psiquiatr* discapacidad discapacitad* sorda sordo ciega
ciego indocumentad* asilo carcel maltrat* desahucio leucemie chimio* tumeur* dialyse seropositi* demence asthme
enceinte fauteuil insuline hepatite greffe handicap* sourd sourde aveugle depressi* toxicoman* alcool* psychiatr*
asile sans-papiers prison violence* expulsion سكري السكري سرطان السرطان كيماوي الكلى ايدز صرع الصرع خرف توحد التوحد
ربو الربو اكتئاب حامل انسولين معاق اعاقة لاجئ لجوء سجن عنف
""".split()
_WHOLE = frozenset(word for word in _PRIVATE if not word.endswith("*"))
_BEGINNINGS = tuple(word[:-1] for word in _PRIVATE if word.endswith("*"))
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

_AGE = re.compile(
    r"\b(?i:aged?|age of)\s+\d{1,3}\b"
    r"|\b\d{1,3}(?:\s*-\s*|\s+)(?i:years?|yrs?|months?|weeks?)(?:\s*-\s*|\s+)(?i:old)\b"
    r"|\b(?i:(?:de|tiene|cumple)\s+\d{1,3}\s+(?:años|meses)|\d{1,3}\s+años)\b"
    r"|\b(?i:(?:de|a|âgée?\s+de)\s+\d{1,3}\s+(?:ans|mois)|\d{1,3}\s+ans)\b"
    r"|(?:عمره|عمرها)\s+\d{1,3}|\b\d{1,3}\s+(?:سنة|سنوات|عاما|أعوام)"
)
_ONLY = re.compile(
    r"\b(?i:the only)\s[^.!?\n]{1,60}?\s(?i:in|at|on|from|of)\s+\S+"
    r"|\b(?i:l[ao]s?|el) (?i:únic[ao]s?)\s[^.!?\n]{1,60}?\s(?i:en|de|del)\s+\S+"
    r"|\b(?i:l[ae]s?) (?i:seule?s?)\s[^.!?\n]{1,60}?\s(?i:dans|à|de|du|au)\s+\S+"
    r"|\S+\s+الوحيدة?\s[^.!?؟\n]{1,60}?\sفي\s+\S+"
)
_NAME = r"[A-Z][\w'’.-]+"
_SCHOOL = re.compile(
    rf"\b(?:{_NAME}\s+){{1,4}}?(?:(?:Primary|Secondary|High|Middle|Nursery|Grammar|Infant)\s+)?"
    r"(?:School|Academy|College|Nursery|Kindergarten|University|Hospital|Church|Mosque)\b"
    rf"|\b(?i:escuela|colegio|instituto|guardería|école|collège|lycée|crèche|kita|grundschule)\s+"
    rf"(?:(?:de|del|la|las|los|du|des|le|les)\s+){{0,2}}{_NAME}(?:\s+{_NAME})?"
    r"|\bمدرسة\s+\w+|\bروضة\s+\w+"
)


def private_matters(text: str) -> tuple[str, ...]:
    """Words about illness, disability and other things people rarely tell everyone."""
    words = (match.group(0) for match in _WORD.finditer(text))
    return tuple(dict.fromkeys(word for word in words if _is_private(fold(word))))


def ages(text: str) -> tuple[str, ...]:
    """Where somebody's age is told."""
    return tuple(match.group(0) for match in _AGE.finditer(text))


def only_ones(text: str) -> tuple[str, ...]:
    """Where somebody is the only one of a kind in a place."""
    return tuple(match.group(0) for match in _ONLY.finditer(text))


def schools(text: str) -> tuple[str, ...]:
    """Schools and other houses by their name."""
    return tuple(match.group(0) for match in _SCHOOL.finditer(text))


def _is_private(word: str) -> bool:
    return word in _WHOLE or word.startswith(_BEGINNINGS)
