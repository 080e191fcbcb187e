"""Templates turned into answers: the one place that renders."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup

from node.context import community_of
from node.domain.rest import still_until
from node.services.community import Profile
from node.web import area_words, consent_words, history, previews, role_words, sealed_words, words
from node.web.forms import CSRF_FIELD, Form
from node.web.languages import comma, direction, in_gap, language, offered, told, translated, translated_many
from node.web.places import place_of, places_for
from node.web.sessions import VISIT, Visit, form_proof, session_of
from node.web.static_files import STATIC_FILES, StaticFiles, load_static_files, mark_of, static_url
from node.web.worn import Worn, add_accents, worn

ENVIRONMENT = web.AppKey("templates", Environment)

_OWN_PAGES = ("/ask", "/offer", "/r", "/still")

#: In the place of the summary of what is wrong with a form; nothing that anybody types can look like it.
_SUMMARY = "<!-- error summary -->"

#: Nobody after this reader, on this machine or on the way, shall find the page again.
NO_STORE = {"Cache-Control": "no-store"}


def prepare_templates(app: web.Application) -> None:
    """Give the application the static files and the templates, which all applications of a process share."""
    app[STATIC_FILES], app[ENVIRONMENT] = _read_once()


@cache
def _read_once() -> tuple[StaticFiles, Environment]:
    """Reading a file and compiling a template happens once in a process: neither changes while it runs."""
    files = add_accents(load_static_files())
    return files, build_environment(files)


def build_environment(files: StaticFiles) -> Environment:
    """Templates that escape everything, refuse unknown names, and know the words."""
    environment = Environment(
        loader=PackageLoader("node.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=told,
    )
    environment.globals["_"], environment.globals["ngettext"] = _said, _said_many
    environment.globals["comma"] = comma
    environment.globals["place_of"], environment.globals["places_for"] = place_of, places_for
    environment.globals["static"] = lambda name: static_url(files, name)
    for told_by in (words, area_words, consent_words, sealed_words, previews, history, role_words):
        environment.filters.update({name: _telling(filter_) for name, filter_ in told_by.FILTERS.items()})
    return environment


def render(request: web.Request, template: str, status: int = 200, **values: object) -> web.Response:
    """A finished page that nobody stores.

    `values` go to the template; `changed` among them says what was just done. Every template also knows
    `community_name`, `profile`, `member` (None for a guest), `csrf` (the hidden field each form needs), `here` (the
    page's path), `now`, the `language` and its `direction`, what it wears (`worn`), and until when we rest. Raises
    TypeError where a value would stand in the place of one of those.
    """
    environment = request.app[ENVIRONMENT]
    body = environment.get_template(template).render(**_surroundings(request), **({"changed": ""} | values))
    form = values.get("form")
    if isinstance(form, Form) and form.errors:
        parts: Any = environment.get_template("parts/forms.html").module
        body = body.replace(_SUMMARY, parts.finished_error_summary(form), 1)
    return web.Response(text=body, status=status, content_type="text/html", headers=NO_STORE)


def as_text(request: web.Request, template: str, shown: Profile, **values: object) -> str:
    """A page that knows no reader, only their language and the community: the same for everybody who reads that."""
    on = worn(request.app[STATIC_FILES], shown)
    return _for_everybody(request.app[ENVIRONMENT], template, on, shown.name, shown.contact_line, **values)


def see_other(path: str) -> web.Response:
    """Send the reader on to one of our own pages after something was done (303)."""
    if not is_own_path(path):
        raise ValueError("only a path of our own")
    return web.Response(status=303, headers={"Location": path, **NO_STORE})


def is_own_page(path: str) -> bool:
    """Whether somebody asking, offering or looking after a request of their own reads this: it gets the quick exit."""
    return path.startswith(tuple(f"{place}/" for place in _OWN_PAGES)) or path in _OWN_PAGES


def is_own_path(path: str) -> bool:
    """Whether a path leads to this site and nowhere else, however a browser reads it."""
    parts = urlsplit(path)
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return safe and not parts.netloc and not parts.scheme


def _surroundings(request: web.Request) -> Mapping[str, object]:
    visit: Visit | None = request.get(VISIT)
    session = session_of(request)
    now = community_of(request).now()
    shown = visit.profile if visit else None
    on = worn(request.app[STATIC_FILES], shown)
    return {
        "profile": shown,
        "community_name": shown.name if shown else "Manyhands",
        "worn": on,
        "device_keeps": _kept_on_device(request.app, on, shown) if shown else (),
        "member": session.member if session else None,
        "csrf": _csrf_field(form_proof(session) if session else ""),
        "here": request.path,
        "now": now,
        "resting_until": still_until(shown.resting_until, now) if shown else None,
        "direction": direction(),
        "language": language(),
        "languages_offered": offered(),
        "may_leave": is_own_page(request.path),
    }


def _for_everybody(environment: Environment, template: str, on: Worn, name: str, line: str, **values: object) -> str:
    known = {
        "language": language(),
        "direction": direction(),
        "worn": on,
        "community_name": name,
        "contact_line": line,
    }
    return environment.get_template(template).render({**known, **values})


def _kept_on_device(app: web.Application, on: Worn, shown: Profile) -> tuple[str, ...]:
    """The addresses of what a device keeps: what every page needs to look as it should, and the page without a line.

    Each is another address once what is found there is another.
    """
    mark = _mark_without_line(app[ENVIRONMENT], language(), on, shown.name, shown.contact_line)
    offline = f"/offline/{language()}?v={mark}"
    return (*on.stylesheets, static_url(app[STATIC_FILES], "manyhands.js"), on.beside.src, offline)


@lru_cache(maxsize=64)
def _mark_without_line(environment: Environment, _code: str, on: Worn, name: str, line: str) -> str:
    # The page is said in the language of this request; its code stands here so that each language is remembered apart.
    return mark_of(_for_everybody(environment, "offline.html", on, name, line).encode())


def _telling(filter_: Any) -> Callable[..., object]:
    """The filter with its answer in the reader's language, so that it can become a part of a longer text.

    What it is asked about may never change: the context keeps Jinja from saying it once, to its first reader, for all.
    """
    return pass_context(lambda _context, *given, **more: told(filter_(*given, **more)))


def _said(sentence: str, **values: object) -> Markup:
    """A sentence of a template in the reader's language, what stands in its gaps escaped."""
    return Markup(translated(sentence)) % {name: in_gap(value) for name, value in values.items()}


def _said_many(one: str, several: str, n: int, **values: object) -> Markup:
    """The same for a sentence whose words change with the number in its gap `%(n)s`."""
    return Markup(translated_many(one, several, n)) % {
        "n": n,
        **{name: in_gap(value) for name, value in values.items()},
    }


def _csrf_field(proof: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, proof) if proof else Markup("")
