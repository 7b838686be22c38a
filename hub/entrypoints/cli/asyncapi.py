"""``hub asyncapi``: the hub's topics and events as an AsyncAPI 3.0 document, or as reference pages."""

import json
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
import yaml

from hub.application.describe.asyncapi import asyncapi_document
from hub.application.describe.reference import reference_pages
from hub.bootstrap.parts import topics as read_topics
from hub.domain.messaging.topics import Topics

app = typer.Typer()


class Notation(StrEnum):
    """How the document is written."""

    YAML = "yaml"
    JSON = "json"


@app.command("asyncapi")
def asyncapi(
    notation: Annotated[Notation, typer.Option("--format", help="How the document is written.")] = Notation.YAML,
    output: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
    server: Annotated[str | None, typer.Option(help="Kafka's host:port, to be named in the document.")] = None,
    docs: Annotated[Path | None, typer.Option(help="Write topics.md and events.md into this folder instead.")] = None,
) -> None:
    """Write what the hub publishes and accepts, as AsyncAPI 3.0. Exit code 0."""
    topics = read_topics()
    if docs:
        write_pages(topics, docs)
        return
    text = document_text(topics, notation=notation, server=server)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


def document_text(topics: Topics, *, notation: Notation, server: str | None = None) -> str:
    """The AsyncAPI document as text that ends with a line break."""
    document = asyncapi_document(topics, version=_version(), server=server)
    if notation is Notation.JSON:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)


def write_pages(topics: Topics, folder: Path) -> None:
    """Write the reference pages; other files of the folder are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference_pages(topics).items():
        (folder / name).write_text(text, encoding="utf-8")


class _PlainDumper(yaml.SafeDumper):
    """Writes equal parts out each time: anchors (&id001) are hard to read, and not every tool follows them."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Several lines stay several lines."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_PlainDumper.add_representer(str, _text)


def _version() -> str:
    try:
        return version("mediation-hub")
    except PackageNotFoundError:
        return "0.0.0"
