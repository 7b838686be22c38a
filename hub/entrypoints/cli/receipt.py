"""``hub receipt``: check a receipt anywhere, without the hub."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.application.intake.verify_receipt import receipt_in, verified
from hub.bootstrap.receipts import opened_receipt, own_key_set
from hub.domain.messaging.errors import RefusalError
from hub.entrypoints.cli.output import AsJson, show_one, told

app = typer.Typer(no_args_is_help=True, help="Receipts of accepted documents.")


@app.callback()
def receipts() -> None:
    """Receipts of accepted documents."""


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The receipt, or the hub's answer.")],
    keys: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="The published key set (/v1/keys); this hub's own if not given."
        ),
    ] = None,
    document: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The document, as it was sent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt offline. Exit code 0: genuine; 3: forged, or of another document."""
    with told():
        claims = verified(
            receipt_in(file.read_text(encoding="utf-8")),
            _key_set(keys),
            document.read_bytes() if document else None,
            opened_receipt,
        )
        listed = claims.pop("events", None)
        shown = {"genuine": True, **claims, "document_checked": document is not None}
        show_one({**shown, "events": listed} if as_json else shown, as_json=as_json)


def _key_set(file: Path | None) -> dict[str, Any]:
    if file is None:
        return dict(own_key_set())
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise RefusalError("keys-unreadable", f"{file} is no key set; get it from the hub: GET /v1/keys")
    return found
