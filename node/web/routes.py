"""Everything the doors for people need, put into an application by `setup`."""

from aiohttp import web
from aiohttp.typedefs import Handler

from node.context import community_of
from node.services.community import zone_of
from node.services.health import LookedOver
from node.services.sign_in import FailedTries
from node.web import (
    areas,
    blocks,
    board,
    calendar_links,
    call,
    capacity,
    categories,
    consents,
    contact_notes,
    devices,
    dispatch,
    doors,
    ended_links,
    enquiries,
    feed,
    first_steps,
    followed,
    guest,
    health,
    heirs,
    installing,
    introductions,
    joining,
    keeping,
    language_choice,
    leaving,
    lists,
    look,
    matches,
    moving,
    my_request,
    needs,
    network,
    our_ways,
    paper,
    peer_card,
    peer_exchange,
    peer_words,
    peers,
    people,
    person,
    plain_list,
    postings,
    practice,
    public,
    questions,
    quiet,
    report,
    reports,
    resources,
    responses,
    rest,
    safety,
    sealed,
    sealing,
    second_yes,
    sharing,
    sharing_record,
    shift,
    shifts,
    sign_in,
    splitting,
    spreadsheet,
    static_files,
    still,
    tasks,
    who_we_are,
)
from node.web.category_words import call_categories_as
from node.web.failures import show_failure
from node.web.languages import language_for, speak
from node.web.pages import prepare_templates
from node.web.security import add_headers, is_page, is_static, refuse_foreign_forms
from node.web.sessions import VISIT, begin_visit, member_of
from node.web.tries import CodeTries, NameTries, Tries
from node.web.words import tell_times_in

ROUTES: tuple[web.RouteDef, ...] = (
    *guest.ROUTES,
    *language_choice.ROUTES,
    *installing.ROUTES,
    *heirs.ROUTES,
    *my_request.ROUTES,
    *still.ROUTES,
    *calendar_links.ROUTES,
    *devices.ROUTES,
    *leaving.ROUTES,
    *sign_in.ROUTES,
    *joining.ROUTES,
    *people.ROUTES,
    *person.ROUTES,
    *public.ROUTES,
    *dispatch.ROUTES,
    *shift.ROUTES,
    *call.ROUTES,
    *shifts.ROUTES,
    *plain_list.ROUTES,
    *needs.ROUTES,
    *splitting.ROUTES,
    *board.ROUTES,
    *quiet.ROUTES,
    *matches.ROUTES,
    *consents.ROUTES,
    *contact_notes.ROUTES,
    *sealed.ROUTES,
    *sharing.ROUTES,
    *sharing_record.ROUTES,
    *resources.ROUTES,
    *postings.ROUTES,
    *feed.ROUTES,
    *capacity.ROUTES,
    *responses.ROUTES,
    *questions.ROUTES,
    *tasks.ROUTES,
    *lists.ROUTES,
    *spreadsheet.ROUTES,
    *followed.ROUTES,
    *ended_links.ROUTES,
    *second_yes.ROUTES,
    *peer_card.ROUTES,
    *peer_exchange.ROUTES,
    *peer_words.ROUTES,
    *peers.ROUTES,
    *introductions.ROUTES,
    *enquiries.ROUTES,
    *report.ROUTES,
    *reports.ROUTES,
    *blocks.ROUTES,
    *first_steps.ROUTES,
    *our_ways.ROUTES,
    *who_we_are.ROUTES,
    *look.ROUTES,
    *areas.ROUTES,
    *categories.ROUTES,
    *safety.ROUTES,
    *doors.ROUTES,
    *paper.ROUTES,
    *keeping.ROUTES,
    *sealing.ROUTES,
    *rest.ROUTES,
    *practice.ROUTES,
    *health.ROUTES,
    *moving.ROUTES,
    *network.ROUTES,
    web.get("/static/{name}", static_files.show_static),
)


def setup(app: web.Application, routes: tuple[web.RouteDef, ...] = ()) -> None:
    """Register the pages, `routes` of further subjects, the middleware and the compiled templates.

    The application must hold a community under `node.context.COMMUNITY` before it serves.
    """
    prepare_templates(app)
    app[my_request.WRONG_CODES] = CodeTries()
    app[sign_in.FAILED_TRIES] = FailedTries()
    app[sign_in.NAME_TRIES] = NameTries()
    app[health.LOOKED_OVER] = LookedOver()
    app[joining.WRONG_INVITATIONS] = Tries(joining.WRONG_LINKS, joining.WRONG_LINKS_WITHIN)
    app.middlewares.append(keep_promises)
    app.on_response_prepare.append(add_headers)
    app.add_routes((*ROUTES, *routes))


@web.middleware
async def keep_promises(request: web.Request, handler: Handler) -> web.StreamResponse:
    """People's pages only: find the reader, refuse foreign forms, turn failures into pages."""
    if not is_page(request):
        return await handler(request)
    try:
        if not is_static(request):
            request[VISIT] = await begin_visit(request)
            call_categories_as(request[VISIT].profile.categories)
            tell_times_in(zone_of(community_of(request), request[VISIT].profile))
            member = member_of(request)
            speak(language_for(request, request[VISIT].profile.languages, member.language if member else ""))
        await refuse_foreign_forms(request)
        if member_of(request) is not None and request.body_exists:
            # What they may do can have changed while the form was on its way.
            request[VISIT] = await begin_visit(request)
        return await handler(request)
    except Exception as error:  # the outermost edge: nothing may leave as a traceback
        return show_failure(request, error)
