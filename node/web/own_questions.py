"""The community's own questions as fields of a form, and their answers back."""

from collections.abc import Iterable

from node.domain.doors import OwnQuestion, Sort
from node.domain.sealed import ANSWER_LIMIT, MOST_ANSWERS, OwnAnswer, SealedNote
from node.web.forms import Form
from node.web.words import _

#: How the fields of answers begin.
OWN = "own_"
#: The fields of a form to correct answers.
ANSWER_FIELDS = tuple(f"{name}_{number}" for number in range(1, MOST_ANSWERS + 1) for name in ("asked", "answer"))
_YES_NO = ("yes", "no")


def faults_in(form: Form, questions: Iterable[OwnQuestion]) -> dict[str, str]:
    """A sentence beside each answer that cannot be taken."""
    too_long = _("Please use at most %(most)s characters.") % {"most": ANSWER_LIMIT}
    return {field_of(one): too_long for one in questions if len(form.text(field_of(one)).strip()) > ANSWER_LIMIT}


def read_answers(form: Form, questions: Iterable[OwnQuestion]) -> tuple[OwnAnswer, ...]:
    """What was answered, with the words of each question as they were read; what no question offers is left out."""
    answers = ((one.words, _answer(form.text(field_of(one)).strip(), one)) for one in questions)
    return tuple(OwnAnswer(words, answer) for words, answer in answers if answer)


def carried_answers(form: Form) -> tuple[str, ...]:
    """The fields of answers that travel along hidden; not more than there can be."""
    return tuple(sorted(name for name in form.typed if name.startswith(OWN))[:MOST_ANSWERS])


def typed_answers(note: SealedNote, questions: Iterable[OwnQuestion]) -> dict[str, tuple[str, ...]]:
    """A form's fields to correct the answers: those that are there, and the questions that were not answered."""
    lines = {one.question: one.answer for one in note.answers}
    lines |= {one.words: "" for one in questions if one.words not in lines}
    typed: dict[str, tuple[str, ...]] = {}
    for number, (words, answer) in enumerate(list(lines.items())[:MOST_ANSWERS], 1):
        typed |= {f"asked_{number}": (words,), f"answer_{number}": (answer,)}
    return typed


def answer_lines(form: Form) -> tuple[tuple[int, str], ...]:
    """The questions of such a form, each with its number."""
    numbers = range(1, MOST_ANSWERS + 1)
    return tuple((number, form.text(f"asked_{number}")) for number in numbers if form.text(f"asked_{number}"))


def read_corrected(form: Form) -> tuple[OwnAnswer, ...]:
    """The answers as such a form has them now; what was emptied is gone."""
    typed = ((words, form.text(f"answer_{number}").strip()) for number, words in answer_lines(form))
    return tuple(OwnAnswer(words, answer) for words, answer in typed if answer)


def field_of(question: OwnQuestion) -> str:
    """The form's field that holds the answer."""
    return f"{OWN}{question.id}"


def _answer(typed: str, question: OwnQuestion) -> str:
    match question.sort:
        case Sort.YES_NO:
            return typed if typed in _YES_NO else ""
        case Sort.CHOICE:
            return typed if typed in question.options else ""
        case Sort.TEXT:
            return typed
