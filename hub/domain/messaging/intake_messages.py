"""Texts of the refusals that the intake makes before a mapping runs."""

INTAKE_MESSAGES: dict[str, dict[str, str]] = {
    "xsd": {
        "fr": "Cet endroit ne respecte pas le schéma du contrat (règle {limit}). Corrigez le document d'après"
        " le XSD publié et renvoyez-le.",
        "nl": "Deze plaats volgt het schema van het contract niet (regel {limit}). Verbeter het document volgens"
        " de gepubliceerde XSD en stuur het opnieuw.",
        "de": "Diese Stelle entspricht nicht dem Schema des Vertrags (Regel {limit}). Berichtigen Sie das"
        " Dokument nach dem veröffentlichten XSD und senden Sie es erneut.",
        "en": "This place does not follow the schema of the contract (rule {limit}). Correct the document by"
        " the published XSD and send it again.",
    },
}
