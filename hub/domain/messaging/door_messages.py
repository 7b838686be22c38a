"""Texts of what the HTTP door says: who may come in, what was asked for, what is away; and of posted events."""

DOOR_MESSAGES: dict[str, dict[str, str]] = {
    "key-missing": {
        "fr": "Aucune clé d'accès. Envoyez l'en-tête Authorization: Bearer avec la clé de votre institution.",
        "nl": "Geen toegangssleutel. Stuur de header Authorization: Bearer met de sleutel van uw instelling.",
        "de": "Kein Zugangsschlüssel. Senden Sie den Header Authorization: Bearer mit dem Schlüssel Ihrer Institution.",
        "en": "No access key. Send the header Authorization: Bearer with the key of your institution.",
    },
    "key-unknown": {
        "fr": "Cette clé d'accès est inconnue ou révoquée. Demandez-en une nouvelle à l'administrateur du hub.",
        "nl": "Deze toegangssleutel is onbekend of ingetrokken. Vraag de beheerder van de hub een nieuwe.",
        "de": "Dieser Zugangsschlüssel ist unbekannt oder widerrufen. Bitten Sie den Verwalter um einen neuen.",
        "en": "This access key is unknown or revoked. Ask the administrator of the hub for a new one.",
    },
    "connector-not-granted": {
        "fr": "Votre clé ne donne pas accès au connecteur {limit}. Demandez-le à l'administrateur du hub.",
        "nl": "Uw sleutel geeft geen toegang tot connector {limit}. Vraag het de beheerder van de hub.",
        "de": "Ihr Schlüssel gibt keinen Zugang zum Konnektor {limit}. Wenden Sie sich an den Verwalter des Hubs.",
        "en": "Your key does not give access to connector {limit}. Ask the administrator of the hub.",
    },
    "institution-kind": {
        "fr": "Ce document n'est pas pour votre type d'institution, mais pour : {limit}.",
        "nl": "Dit document is niet voor uw soort instelling, maar voor: {limit}.",
        "de": "Dieses Dokument ist nicht für Ihre Art von Institution, sondern für: {limit}.",
        "en": "This document is not for your kind of institution, but for: {limit}.",
    },
    "sender-not-you": {
        "fr": "L'expéditeur du document n'est pas votre institution ({limit}). Une institution ne parle que pour"
        " elle-même.",
        "nl": "De afzender van het document is niet uw instelling ({limit}). Een instelling spreekt enkel voor"
        " zichzelf.",
        "de": "Der Absender des Dokuments ist nicht Ihre Institution ({limit}). Eine Institution spricht nur für sich.",
        "en": "The sender of the document is not your institution ({limit}). An institution speaks only for itself.",
    },
    "answer-stale": {
        "fr": "Depuis cette réponse, une mutation de la personne est arrivée. Consultez à nouveau.",
        "nl": "Sinds dit antwoord is er een mutatie van de persoon binnengekomen. Raadpleeg opnieuw.",
        "de": "Seit dieser Antwort ist eine Mutation der Person eingetroffen. Fragen Sie erneut.",
        "en": "A mutation of the person arrived after this answer. Consult again.",
    },
    "not-integrated": {
        "fr": "NOT_INTEGRATED : {limit} n'a pas intégré la personne, ni aujourd'hui ni au jour du changement. Seul"
        " l'identifiant du message est gardé.",
        "nl": "NOT_INTEGRATED: {limit} heeft de persoon niet geïntegreerd, vandaag noch op de dag van de wijziging."
        " Enkel het nummer van het bericht wordt bewaard.",
        "de": "NOT_INTEGRATED: {limit} hat die Person nicht integriert, weder heute noch am Tag der Änderung. Nur die"
        " Kennung der Nachricht wird aufbewahrt.",
        "en": "NOT_INTEGRATED: {limit} has not integrated the person, neither today nor on the day of the change. Only"
        " the message's id is kept.",
    },
    "signature-missing": {
        "fr": "Les documents de {limit} doivent être signés : WS-Security par SOAP, PKCS#7 détaché par dossier ; et le"
        " hub doit connaître le certificat (HUB_BCSS__ANCHORS, HUB_BCSS__MUTATION_CERTIFICATES).",
        "nl": "Documenten van {limit} moeten ondertekend zijn: WS-Security via SOAP, losse PKCS#7 via map; en de hub"
        " moet het certificaat kennen (HUB_BCSS__ANCHORS, HUB_BCSS__MUTATION_CERTIFICATES).",
        "de": "Dokumente von {limit} müssen signiert sein: WS-Security über SOAP, abgesetztes PKCS#7 über Ordner; und"
        " der Hub muss das Zertifikat kennen (HUB_BCSS__ANCHORS, HUB_BCSS__MUTATION_CERTIFICATES).",
        "en": "Documents of {limit} must be signed: WS-Security by SOAP, detached PKCS#7 by folder; and the hub must"
        " know the certificate (HUB_BCSS__ANCHORS, HUB_BCSS__MUTATION_CERTIFICATES).",
    },
    "signature-refused": {
        "fr": "La signature n'est pas acceptée : {limit}. Signez Body, Timestamp et jeton avec un certificat convenu.",
        "nl": "De handtekening wordt niet aanvaard: {limit}. Onderteken Body, Timestamp en token met een afgesproken"
        " certificaat.",
        "de": "Die Signatur wird nicht angenommen: {limit}. Signieren Sie Body, Timestamp und Token mit einem"
        " vereinbarten Zertifikat.",
        "en": "The signature is not accepted: {limit}. Sign Body, Timestamp and token with an agreed certificate.",
    },
    "batch-environment": {
        "fr": "Ce lot est de l'autre environnement ; ici, seuls les lots {limit} sont pris.",
        "nl": "Deze batch is van de andere omgeving; hier worden enkel batches {limit} genomen.",
        "de": "Dieser Stapel gehört zur anderen Umgebung; hier werden nur Stapel {limit} angenommen.",
        "en": "This batch is of the other environment; here only batches {limit} are taken.",
    },
    "gate-closed": {
        "fr": "La personne n'est pas intégrée par votre CPAS aujourd'hui, ou cette réponse n'est plus valable."
        " Intégrez-la et consultez à nouveau.",
        "nl": "De persoon is vandaag niet geïntegreerd door uw OCMW, of dit antwoord geldt niet meer. Integreer de"
        " persoon en raadpleeg opnieuw.",
        "de": "Die Person ist heute nicht durch Ihr ÖSHZ integriert, oder diese Antwort gilt nicht mehr. Integrieren"
        " Sie die Person und fragen Sie erneut.",
        "en": "The person is not integrated by your CPAS today, or this answer is no longer valid. Integrate the"
        " person and consult again.",
    },
    "purpose-missing": {
        "fr": "Dites pourquoi vous lisez cette réponse, dans l'en-tête Purpose ; la lecture est journalisée.",
        "nl": "Zeg in de header Purpose waarom u dit antwoord leest; de lezing wordt gelogd.",
        "de": "Sagen Sie im Header Purpose, wozu Sie diese Antwort lesen; das Lesen wird protokolliert.",
        "en": "Say in the header Purpose why you read this answer; the reading is logged.",
    },
    "type-not-granted": {
        "fr": "Votre institution ou votre clé ne peut pas publier le type {limit}. Demandez à l'administrateur du hub.",
        "nl": "Uw instelling of sleutel mag type {limit} niet publiceren. Vraag het de beheerder van de hub.",
        "de": "Ihre Institution oder Ihr Schlüssel darf den Typ {limit} nicht veröffentlichen. Wenden Sie sich an den"
        " Verwalter des Hubs.",
        "en": "Your institution or your key may not publish type {limit}. Ask the administrator of the hub.",
    },
    "connector-unknown": {
        "fr": "Ce connecteur n'existe pas. Il y a : {limit}.",
        "nl": "Deze connector bestaat niet. Er zijn: {limit}.",
        "de": "Diesen Konnektor gibt es nicht. Es gibt: {limit}.",
        "en": "There is no such connector. There are: {limit}.",
    },
    "not-found": {
        "fr": "Il n'y a rien ici pour votre institution. Vérifiez l'adresse.",
        "nl": "Hier is niets voor uw instelling. Controleer het adres.",
        "de": "Hier ist nichts für Ihre Institution. Prüfen Sie die Adresse.",
        "en": "There is nothing here for your institution. Verify the address.",
    },
    "method": {
        "fr": "Cette adresse ne connaît pas cette méthode. Voir /openapi.json.",
        "nl": "Dit adres kent deze methode niet. Zie /openapi.json.",
        "de": "Diese Adresse kennt diese Methode nicht. Siehe /openapi.json.",
        "en": "This address does not know this method. See /openapi.json.",
    },
    "query": {
        "fr": "Un paramètre de la requête n'a pas la forme voulue. Voir /openapi.json.",
        "nl": "Een parameter van het verzoek heeft niet de juiste vorm. Zie /openapi.json.",
        "de": "Ein Parameter der Anfrage hat nicht die richtige Form. Siehe /openapi.json.",
        "en": "A parameter of the request is not of the right form. See /openapi.json.",
    },
    "media-type": {
        "fr": "Ce type de contenu n'est pas accepté ici. Utilisez : {limit}.",
        "nl": "Dit inhoudstype wordt hier niet aanvaard. Gebruik: {limit}.",
        "de": "Dieser Inhaltstyp wird hier nicht angenommen. Verwenden Sie: {limit}.",
        "en": "This content type is not accepted here. Use: {limit}.",
    },
    "content-encoding": {
        "fr": "Cette compression n'est pas acceptée. Utilisez gzip ou aucune.",
        "nl": "Deze compressie wordt niet aanvaard. Gebruik gzip of geen.",
        "de": "Diese Kompression wird nicht angenommen. Verwenden Sie gzip oder keine.",
        "en": "This compression is not accepted. Use gzip or none.",
    },
    "internal": {
        "fr": "Le hub a rencontré une erreur imprévue ; elle est notée. Renvoyez plus tard ; rien ne sera doublé.",
        "nl": "De hub kreeg een onverwachte fout; ze is genoteerd. Stuur later opnieuw; niets wordt verdubbeld.",
        "de": "Ein unerwarteter Fehler im Hub ist vermerkt. Senden Sie später erneut; nichts wird verdoppelt.",
        "en": "The hub met an error nobody foresaw; it is noted. Send again later; nothing will be doubled.",
    },
    "away": {
        "fr": "Une partie du hub ne répond pas. Renvoyez la même requête plus tard ; rien ne sera doublé.",
        "nl": "Een deel van de hub antwoordt nu niet. Stuur hetzelfde verzoek later opnieuw; niets wordt verdubbeld.",
        "de": "Ein Teil des Hubs antwortet nicht. Senden Sie dieselbe Anfrage später erneut; nichts verdoppelt sich.",
        "en": "A part of the hub does not answer now. Send the same request again later; nothing will be doubled.",
    },
    # ── posted events ──────────────────────────────────────────────────────────────────────────────────────
    "json-broken": {
        "fr": "Ce n'est pas du JSON lisible en UTF-8. Corrigez et renvoyez.",
        "nl": "Dit is geen leesbare JSON in UTF-8. Verbeter en stuur opnieuw.",
        "de": "Das ist kein lesbares JSON in UTF-8. Berichtigen und senden Sie erneut.",
        "en": "This is not readable JSON in UTF-8. Correct it and send it again.",
    },
    "json-duplicate-name": {
        "fr": "Un nom apparaît deux fois dans le même objet JSON. Gardez-en un.",
        "nl": "Een naam komt twee keer voor in hetzelfde JSON-object. Behoud er een.",
        "de": "Ein Name kommt im selben JSON-Objekt zweimal vor. Behalten Sie einen.",
        "en": "A name appears twice in the same JSON object. Keep one.",
    },
    "batch-too-long": {
        "fr": "Un lot a au plus {limit} événements. Divisez-le.",
        "nl": "Een lot heeft hoogstens {limit} events. Verdeel het.",
        "de": "Ein Stapel hat höchstens {limit} Ereignisse. Teilen Sie ihn.",
        "en": "A batch has at most {limit} events. Split it.",
    },
    "event-attribute": {
        "fr": "L'attribut CloudEvents {limit} manque ou n'a pas la forme voulue. Voir CloudEvents 1.0.",
        "nl": "Het CloudEvents-attribuut {limit} ontbreekt of heeft niet de juiste vorm. Zie CloudEvents 1.0.",
        "de": "Das CloudEvents-Attribut {limit} fehlt oder hat nicht die richtige Form. Siehe CloudEvents 1.0.",
        "en": "The CloudEvents attribute {limit} is missing or not of the right form. See CloudEvents 1.0.",
    },
    "event-type-unknown": {
        "fr": "Ce type d'événement n'existe pas dans le langage publié. Voir le schéma AsyncAPI.",
        "nl": "Dit eventtype bestaat niet in de gepubliceerde taal. Zie het AsyncAPI-schema.",
        "de": "Diesen Ereignistyp gibt es in der veröffentlichten Sprache nicht. Siehe das AsyncAPI-Schema.",
        "en": "This event type does not exist in the published language. See the AsyncAPI document.",
    },
    "event-field": {
        "fr": "Ce champ ne respecte pas le schéma de l'événement (règle {limit}). Corrigez-le.",
        "nl": "Dit veld volgt het schema van het event niet (regel {limit}). Verbeter het.",
        "de": "Dieses Feld entspricht nicht dem Schema des Ereignisses (Regel {limit}). Berichtigen Sie es.",
        "en": "This field does not follow the schema of the event (rule {limit}). Correct it.",
    },
    "event-not-yours": {
        "fr": "Ce champ doit nommer votre institution ({limit}). Une institution ne parle que pour elle-même.",
        "nl": "Dit veld moet uw instelling noemen ({limit}). Een instelling spreekt enkel voor zichzelf.",
        "de": "Dieses Feld muss Ihre Institution nennen ({limit}). Eine Institution spricht nur für sich.",
        "en": "This field must name your institution ({limit}). An institution speaks only for itself.",
    },
    "claim-id": {
        "fr": "L'identifiant de créance n'est pas celui de votre étude et de votre référence. Voir le guide.",
        "nl": "De id van de schuldvordering is niet die van uw kantoor en uw referentie. Zie de gids.",
        "de": "Die Forderungs-ID ist nicht die Ihrer Kanzlei und Ihres Zeichens. Siehe den Leitfaden.",
        "en": "The claim id is not the one of your office and your reference. See the guide.",
    },
    "soap-version": {
        "fr": "Ce n'est pas une enveloppe SOAP attendue ({limit}). SOAP 1.1 va avec text/xml, 1.2 avec"
        " application/soap+xml.",
        "nl": "Dit is geen verwachte SOAP-envelop ({limit}). SOAP 1.1 gaat met text/xml, 1.2 met application/soap+xml.",
        "de": "Das ist kein erwarteter SOAP-Umschlag ({limit}). SOAP 1.1 geht mit text/xml, 1.2 mit"
        " application/soap+xml.",
        "en": "This is not an expected SOAP envelope ({limit}). SOAP 1.1 goes with text/xml, 1.2 with"
        " application/soap+xml.",
    },
    "soap-must-understand": {
        "fr": "L'en-tête SOAP {limit} doit être compris, et il ne l'est pas ici. Envoyez le message sans lui.",
        "nl": "De SOAP-header {limit} moet begrepen worden en wordt dat hier niet. Stuur het bericht zonder.",
        "de": "Der SOAP-Kopf {limit} muss verstanden werden und wird es hier nicht. Senden Sie ohne ihn.",
        "en": "The SOAP header {limit} must be understood, and is not here. Send the message without it.",
    },
    "soap-body": {
        "fr": "Le corps SOAP doit contenir exactement {limit} document. Voir le WSDL.",
        "nl": "De SOAP-body moet precies {limit} document bevatten. Zie de WSDL.",
        "de": "Der SOAP-Body muss genau {limit} Dokument enthalten. Siehe das WSDL.",
        "en": "The SOAP Body must hold exactly {limit} document. See the WSDL.",
    },
}
"""By code, then by language."""
