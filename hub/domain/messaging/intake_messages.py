"""Texts of the refusals that the intake makes before a mapping runs: of documents and of events."""

INTAKE_MESSAGES: dict[str, dict[str, str]] = {
    # ── limits and bytes ───────────────────────────────────────────────────────────────────────────────────
    "too-large": {
        "fr": "Le document dépasse {limit} octets. Divisez-le en plusieurs documents.",
        "nl": "Het document is groter dan {limit} bytes. Verdeel het over meerdere documenten.",
        "de": "Das Dokument ist größer als {limit} Bytes. Teilen Sie es in mehrere Dokumente auf.",
        "en": "The document is larger than {limit} bytes. Split it into several documents.",
    },
    "item-too-large": {
        "fr": "Un élément du document dépasse {limit} octets. Réduisez-le ; les pièces se donnent par référence.",
        "nl": "Een element van het document is groter dan {limit} bytes. Verklein het; stukken geeft u per verwijzing.",
        "de": "Ein Element des Dokuments ist größer als {limit} Bytes. Verkleinern Sie es; Belege nur als Verweis.",
        "en": "An item of the document is larger than {limit} bytes. Make it smaller; attachments go by reference.",
    },
    "slow-body": {
        "fr": "Rien n'est arrivé pendant {limit} secondes. Renvoyez le document en entier.",
        "nl": "Er kwam {limit} seconden lang niets aan. Stuur het document opnieuw, volledig.",
        "de": "Seit {limit} Sekunden kam nichts an. Senden Sie das Dokument vollständig erneut.",
        "en": "Nothing arrived for {limit} seconds. Send the whole document again.",
    },
    "gzip-ratio": {
        "fr": "Le document se décompresse plus de {limit} fois. Envoyez-le non compressé ou divisez-le.",
        "nl": "Het document wordt bij het uitpakken meer dan {limit} keer groter. Stuur het onverpakt of verdeel het.",
        "de": "Das Dokument wird beim Entpacken mehr als {limit}-mal größer. Senden Sie es unverpackt oder geteilt.",
        "en": "The document unpacks to more than {limit} times its size. Send it unpacked, or split it.",
    },
    "gzip-broken": {
        "fr": "Les octets gzip sont abîmés ou incomplets. Compressez et envoyez à nouveau.",
        "nl": "De gzip-bytes zijn beschadigd of onvolledig. Pak opnieuw in en stuur opnieuw.",
        "de": "Die gzip-Bytes sind beschädigt oder unvollständig. Packen und senden Sie sie erneut.",
        "en": "The gzip bytes are damaged or incomplete. Pack and send again.",
    },
    "empty": {
        "fr": "Le document est vide. Envoyez son contenu dans le corps de la requête.",
        "nl": "Het document is leeg. Stuur de inhoud in de body van het verzoek.",
        "de": "Das Dokument ist leer. Senden Sie seinen Inhalt im Rumpf der Anfrage.",
        "en": "The document is empty. Send its content as the body of the request.",
    },
    # ── XML ────────────────────────────────────────────────────────────────────────────────────────────────
    "encoding-unsupported": {
        "fr": "Cet encodage n'est pas accepté. Utilisez : {limit}.",
        "nl": "Deze codering wordt niet aanvaard. Gebruik: {limit}.",
        "de": "Diese Kodierung wird nicht angenommen. Verwenden Sie: {limit}.",
        "en": "This encoding is not accepted. Use one of: {limit}.",
    },
    "dtd-forbidden": {
        "fr": "Une déclaration DOCTYPE est interdite. Retirez-la : le contrat est un schéma XSD.",
        "nl": "Een DOCTYPE-declaratie is verboden. Verwijder ze: het contract is een XSD-schema.",
        "de": "Eine DOCTYPE-Deklaration ist verboten. Entfernen Sie sie: Der Vertrag ist ein XSD-Schema.",
        "en": "A DOCTYPE declaration is forbidden. Remove it: the contract is an XSD schema.",
    },
    "not-wellformed": {
        "fr": "Ce n'est pas du XML bien formé (règle {limit}). Corrigez et renvoyez le document.",
        "nl": "Dit is geen welgevormde XML (regel {limit}). Verbeter het document en stuur het opnieuw.",
        "de": "Das ist kein wohlgeformtes XML (Regel {limit}). Berichtigen und senden Sie das Dokument erneut.",
        "en": "This is not well-formed XML (rule {limit}). Correct the document and send it again.",
    },
    "xml-limits": {
        "fr": "Le document dépasse une limite du lecteur XML ({limit}). Simplifiez sa structure.",
        "nl": "Het document overschrijdt een grens van de XML-lezer ({limit}). Vereenvoudig de structuur.",
        "de": "Das Dokument überschreitet eine Grenze des XML-Lesers ({limit}). Vereinfachen Sie seinen Aufbau.",
        "en": "The document exceeds a limit of the XML reader ({limit}). Simplify its structure.",
    },
    "depth": {
        "fr": "Les éléments sont imbriqués sur plus de {limit} niveaux. Suivez le schéma publié.",
        "nl": "De elementen zijn meer dan {limit} niveaus diep genest. Volg het gepubliceerde schema.",
        "de": "Die Elemente sind mehr als {limit} Ebenen tief verschachtelt. Folgen Sie dem veröffentlichten Schema.",
        "en": "Elements are nested more than {limit} levels deep. Follow the published schema.",
    },
    "attributes": {
        "fr": "Un élément a plus de {limit} attributs. Suivez le schéma publié.",
        "nl": "Een element heeft meer dan {limit} attributen. Volg het gepubliceerde schema.",
        "de": "Ein Element hat mehr als {limit} Attribute. Folgen Sie dem veröffentlichten Schema.",
        "en": "An element has more than {limit} attributes. Follow the published schema.",
    },
    "document-kind-unknown": {
        "fr": "Le connecteur ne connaît pas cet élément racine. Il connaît : {limit}.",
        "nl": "De connector kent dit hoofdelement niet. Hij kent: {limit}.",
        "de": "Der Konnektor kennt dieses Wurzelelement nicht. Er kennt: {limit}.",
        "en": "The connector does not know this root element. It knows: {limit}.",
    },
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
    "not-valid": {
        "fr": "Le document ne respecte pas son contrat. Chaque règle est listée ; corrigez et renvoyez-le.",
        "nl": "Het document volgt zijn contract niet. Elke regel staat in de lijst; verbeter en stuur het opnieuw.",
        "de": "Das Dokument hält seinen Vertrag nicht ein. Jede Regel ist aufgeführt; berichtigen und erneut senden.",
        "en": "The document does not follow its contract. Every rule is listed; correct it and send it again.",
    },
    "atomic": {
        "fr": "{limit} éléments sont refusés et vous vouliez tout ou rien : rien n'est accepté. Corrigez-les et"
        " renvoyez le document.",
        "nl": "{limit} elementen zijn geweigerd en u wilde alles of niets: niets is aanvaard. Verbeter ze en stuur"
        " het document opnieuw.",
        "de": "{limit} Elemente wurden abgelehnt, und Sie wollten alles oder nichts: Nichts wurde angenommen."
        " Berichtigen Sie sie und senden Sie das Dokument erneut.",
        "en": "{limit} items are refused and you wanted all or nothing: nothing is accepted. Correct them and send"
        " the document again.",
    },
    "nothing-accepted": {
        "fr": "Tous les éléments ({limit}) sont refusés : rien n'est accepté. Corrigez-les et renvoyez le document.",
        "nl": "Alle elementen ({limit}) zijn geweigerd: niets is aanvaard. Verbeter ze en stuur het document opnieuw.",
        "de": "Alle Elemente ({limit}) wurden abgelehnt: Nichts wurde angenommen. Berichtigen Sie sie und senden Sie"
        " das Dokument erneut.",
        "en": "All items ({limit}) are refused: nothing is accepted. Correct them and send the document again.",
    },
    "too-many-refused": {
        "fr": "Trop d'éléments sont refusés ({limit} déjà) : rien n'est accepté. Corrigez votre logiciel et renvoyez"
        " le document.",
        "nl": "Te veel elementen zijn geweigerd (al {limit}): niets is aanvaard. Verbeter uw software en stuur het"
        " document opnieuw.",
        "de": "Zu viele Elemente wurden abgelehnt (schon {limit}): Nichts wurde angenommen. Berichtigen Sie Ihre"
        " Software und senden Sie das Dokument erneut.",
        "en": "Too many items are refused ({limit} already): nothing is accepted. Correct your software and send"
        " the document again.",
    },
    "identifier-required": {
        "fr": "L'identifiant de la personne manque. Ajoutez-le.",
        "nl": "Het identificatienummer van de persoon ontbreekt. Voeg het toe.",
        "de": "Die Identifikationsnummer der Person fehlt. Ergänzen Sie sie.",
        "en": "The identifier of the person is missing. Add it.",
    },
    "personal-without-person": {
        "fr": "Des données personnelles sont données sans dire de qui. Ajoutez l'identifiant ou retirez-les.",
        "nl": "Er zijn persoonsgegevens zonder te zeggen van wie. Voeg het nummer toe of verwijder ze.",
        "de": "Es stehen persönliche Daten ohne Angabe der Person da. Ergänzen Sie die Nummer oder entfernen Sie sie.",
        "en": "Personal data are given without saying whose. Add the identifier or remove them.",
    },
    # ── idempotence ────────────────────────────────────────────────────────────────────────────────────────
    "message-id-reused": {
        "fr": "L'identifiant de message {limit} a déjà servi pour d'autres octets. Le premier document reste valable ;"
        " donnez un nouvel identifiant à celui-ci.",
        "nl": "Bericht-id {limit} is al gebruikt voor andere bytes. Het eerste document blijft gelden; geef dit een"
        " nieuwe id.",
        "de": "Die Nachrichten-ID {limit} wurde schon für andere Bytes verwendet. Das erste Dokument bleibt gültig;"
        " geben Sie diesem eine neue ID.",
        "en": "Message id {limit} was used before for other bytes. The first document stands; give this one a new id.",
    },
}
"""By code, then by language; ``{limit}`` names a rule, a number or a list, never a value that was sent."""
