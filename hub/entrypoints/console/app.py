"""The console as an app over the hub's parts; whoever composes them opens and closes them."""

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from hub.bootstrap.hub import Hub
from hub.entrypoints.administration.app import create_api
from hub.entrypoints.console import (
    audit,
    documents,
    dossiers,
    edit,
    groups,
    institutions,
    jobs,
    letter,
    letters,
    overview,
    plans,
    sign_in,
    windows,
)
from hub.entrypoints.console.failures import HANDLED, answer_to
from hub.entrypoints.console.hardening import Hardened
from hub.entrypoints.console.rendering import STATIC
from hub.entrypoints.console.watch import Watch


def create_console(hub: Hub, watch: Watch) -> FastAPI:
    """Every page."""
    app = FastAPI(title="Console of the mediation hub", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.hub, app.state.watch = hub, watch
    app.mount("/api", create_api(hub))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    dead_letters = (groups, letters, letter, edit, documents, plans, windows, jobs)
    for pages in (sign_in, overview, *dead_letters, audit, institutions, dossiers):
        app.include_router(pages.router)
    for kind in HANDLED:
        app.add_exception_handler(kind, answer_to)
    tls = (hub.settings.console.public_url or "").startswith("https://")
    app.add_middleware(Hardened, tls=tls)
    return app
