"""The command line of the hub. Exit codes: see ``output``."""

import typer

from hub.entrypoints.cli import (
    admin,
    asyncapi,
    audit,
    connector,
    demo,
    dlq,
    dossier,
    events,
    feed,
    institution,
    mail,
    person,
    process,
    rcd,
    receipt,
    sandbox,
    stack,
    time,
    topics,
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    help="The mediation hub: documents in, events in order, dossiers, feeds and mails out.",
)
for commands in (stack.app, process.app, time.app):
    app.registered_commands.extend(commands.registered_commands)
app.add_typer(topics.app, name="topics")
app.add_typer(admin.app, name="admin")
app.add_typer(audit.app, name="audit")
app.add_typer(dlq.app, name="dlq")
app.add_typer(dossier.app, name="dossier")
app.add_typer(feed.app, name="feed")
app.add_typer(events.app, name="events")
app.add_typer(person.app, name="person")
app.add_typer(mail.app, name="mail")
app.add_typer(rcd.app, name="rcd")
app.add_typer(connector.app, name="connector")
app.add_typer(institution.app, name="institution")
app.add_typer(receipt.app, name="receipt")
app.add_typer(sandbox.app, name="sandbox")
app.command("asyncapi")(asyncapi.asyncapi)
app.command("demo")(demo.demo)
