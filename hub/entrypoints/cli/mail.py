"""``hub mail``: what the mail catcher of the local stack caught."""

from typing import Annotated

import typer

from hub.bootstrap.stack import mails
from hub.entrypoints.cli.output import AsJson, console, fail, print_json, show
from hub.entrypoints.endings import REFUSED
from hub.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Mails that the local stack caught (never sent further).")


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    after: Annotated[str | None, typer.Option(help="Only mails older than this id: the next page.")] = None,
    as_json: AsJson = False,
) -> None:
    """The newest mails first."""
    found = [one for one in reversed(mails(read_settings()).list()) if after is None or one.id < after]
    rows = [
        {"id": one.id, "to": ", ".join(one.recipients), "subject": one.subject, "date": one.date}
        for one in found[:limit]
    ]
    show(rows, as_json=as_json, title="Mails caught")


@app.command("show")
def show_mail(
    mail: str, html: Annotated[bool, typer.Option("--html", help="The HTML part.")] = False, as_json: AsJson = False
) -> None:
    """One mail as its reader sees it."""
    found = mails(read_settings()).read(mail)
    if found is None:
        fail(f"{mail}: no such mail; see: hub mail list", REFUSED)
    if as_json:
        print_json({name: getattr(found, name) for name in found.__slots__})
        return
    console().print(
        f"To: {', '.join(found.recipients)}\nFrom: {found.sender}\nSubject: {found.subject}\n", markup=False
    )
    console().print((found.html if html else found.text) or "", markup=False)
