"""Two numbers, one person: what a document says of them becomes an alias, or stays two dossiers (ADR 0018)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from hub.application.intake.ports import Alias
from hub.application.vault import Vault
from hub.sdk import Fact


class Numbers(Protocol):
    """What is known under numbers."""

    async def somebody(self, subject: str) -> bool:
        """Whether the hub knows anything of somebody under a number."""


async def one_person(facts: Sequence[Fact], vault: Vault, numbers: Numbers) -> tuple[list[Fact], list[Alias]]:
    """The facts as they are told, and the aliases that must be kept with them."""
    told: list[Fact] = []
    aliases: list[Alias] = []
    for fact in facts:
        identifier = fact.data.identifier()
        if not fact.renumbered or not identifier:
            told.append(fact)
            continue
        person, own = vault.subject_of(identifier), vault.pseudonym_of(fact.renumbered)
        leads_to = vault.subject_of(fact.renumbered)
        if leads_to == person:
            told.append(fact)
        elif leads_to != own or await numbers.somebody(own):
            told.append(replace(fact, data=fact.apart or fact.data))
        else:
            told.append(fact)
            aliases.append(Alias(own, person))
    return told, aliases
