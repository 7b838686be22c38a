"""Names that look plausible in French, Dutch and German, and belong to nobody we know of."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Language = Literal["fr", "nl", "de"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a language offers. ``places``: (postcode, town) with invented streets in ``streets``."""

    surnames: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    office: str
    centre: str


NAMES: Mapping[Language, Names] = MappingProxyType(
    {
        "fr": Names(
            surnames=(
                "Dubrévent", "Lamorival", "Castelneux", "Vaurimont", "Delafontelle", "Grandcolin", "Marchevoie",
                "Noirétang", "Pirevaux", "Quatresous", "Rochelambert", "Saintorival", "Tournechamp", "Valdebise",
            ),
            women=("Amandine", "Bérénice", "Clarisse", "Delphine", "Élodie", "Fabienne", "Hélène", "Solange"),
            men=("Achille", "Bastien", "Célestin", "Damien", "Étienne", "Firmin", "Gauthier", "Ludovic"),
            streets=("rue du Vent qui Tourne", "avenue des Trois Lunes", "chaussée du Héron Bleu", "place du Puits"),
            places=(("4000", "Liège"), ("5000", "Namur"), ("6000", "Charleroi"), ("7000", "Mons")),
            office="Étude",
            centre="CPAS de",
        ),
        "nl": Names(
            surnames=(
                "Van Ostergem", "De Wolvendael", "Hazelbeke", "Kerkhoveel", "Lindervoorde", "Meerstraeten",
                "Nachtegaele", "Oudenbosch-Ley", "Roosevelden", "Sluyterman", "Ter Zwanen", "Verbrugstaete",
            ),
            women=("Annelore", "Betje", "Cato", "Dorien", "Elke", "Fientje", "Griet", "Liesbeth"),
            men=("Arnout", "Bavo", "Corneel", "Diederik", "Evert", "Floris", "Gijsbrecht", "Wannes"),
            streets=("Draaiende Windstraat", "Drie Manenlaan", "Blauwe Reigersteenweg", "Nieuwe Putplein"),
            places=(("2000", "Antwerpen"), ("8000", "Brugge"), ("9000", "Gent"), ("3000", "Leuven")),
            office="Kantoor",
            centre="OCMW van",
        ),
        "de": Names(
            surnames=(
                "Hohenrath", "Eichweilert", "Ostbelgau", "Grünenthaler", "Kaltenborner", "Lindscheidt", "Mühlengrund",
                "Rosenvenn", "Steinvorder", "Vennhofer",
            ),
            women=("Adelheid", "Brunhilde", "Dorothea", "Friederike", "Gerlinde", "Mechthild"),
            men=("Alarich", "Burkhard", "Dietmar", "Engelbert", "Gernot", "Winfried"),
            streets=("Windwendegasse", "Dreimondallee", "Blaureiherstraße", "Neubrunnenplatz"),
            places=(("4700", "Eupen"), ("4780", "Sankt Vith"), ("4760", "Büllingen")),
            office="Gerichtsvollzieherbüro",
            centre="ÖSHZ",
        ),
    }
)  # fmt: skip
