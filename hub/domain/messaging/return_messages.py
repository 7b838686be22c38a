"""What a sender is told whose document is returned for correction; an administrator chooses the code."""

RETURN_MESSAGES: dict[str, dict[str, str]] = {
    "return-earlier-missing": {
        "fr": "Ce document suppose un document antérieur que le hub n'a jamais reçu. Envoyez d'abord celui-là, puis"
        " renvoyez celui-ci comme correction.",
        "nl": "Dit document veronderstelt een eerder document dat de hub nooit ontving. Stuur eerst dat document en"
        " daarna dit opnieuw als verbetering.",
        "de": "Dieses Dokument setzt ein früheres voraus, das der Hub nie erhalten hat. Senden Sie zuerst jenes und"
        " dann dieses erneut als Berichtigung.",
        "en": "This document presupposes an earlier one that the hub never received. Send that one first, then this"
        " one again as its correction.",
    },
    "return-content-wrong": {
        "fr": "Le contenu indiqué ne peut pas être traité. Corrigez-le et renvoyez le document comme correction.",
        "nl": "De aangeduide inhoud kan niet worden verwerkt. Verbeter die en stuur het document opnieuw als"
        " verbetering.",
        "de": "Der angegebene Inhalt kann nicht verarbeitet werden. Berichtigen Sie ihn und senden Sie das Dokument"
        " erneut als Berichtigung.",
        "en": "The content at the given place cannot be handled. Correct it and send the document again as its"
        " correction.",
    },
    "return-wrong-dossier": {
        "fr": "Ce document concerne un autre dossier ou une autre personne. Vérifiez l'identifiant et renvoyez le"
        " document comme correction.",
        "nl": "Dit document betreft een ander dossier of een andere persoon. Controleer het identificatienummer en"
        " stuur het document opnieuw als verbetering.",
        "de": "Dieses Dokument betrifft eine andere Akte oder Person. Prüfen Sie die Kennung und senden Sie das"
        " Dokument erneut als Berichtigung.",
        "en": "This document concerns another dossier or person. Check the identifier and send the document again as"
        " its correction.",
    },
    "return-contradiction": {
        "fr": "Ce document contredit ce que votre institution a communiqué auparavant. Corrigez l'un des deux et"
        " renvoyez le document comme correction.",
        "nl": "Dit document spreekt tegen wat uw instelling eerder meedeelde. Verbeter een van beide en stuur het"
        " document opnieuw als verbetering.",
        "de": "Dieses Dokument widerspricht dem, was Ihre Institution zuvor mitgeteilt hat. Berichtigen Sie eines von"
        " beiden und senden Sie das Dokument erneut als Berichtigung.",
        "en": "This document contradicts what your institution told before. Correct one of the two and send the"
        " document again as its correction.",
    },
    "return-version": {
        "fr": "Ce document suit une version du contrat que le hub n'accepte plus. Mettez votre logiciel à jour et"
        " renvoyez le document comme correction.",
        "nl": "Dit document volgt een versie van het contract die de hub niet meer aanvaardt. Werk uw software bij en"
        " stuur het document opnieuw als verbetering.",
        "de": "Dieses Dokument folgt einer Fassung des Vertrags, die der Hub nicht mehr annimmt. Aktualisieren Sie"
        " Ihre Software und senden Sie das Dokument erneut als Berichtigung.",
        "en": "This document follows a version of the contract that the hub no longer accepts. Update your software"
        " and send the document again as its correction.",
    },
    "correction-unknown": {
        "fr": "Aucun document retourné à votre institution n'attend de correction sous cette référence. Voyez"
        " GET /v1/returns.",
        "nl": "Geen enkel aan uw instelling teruggestuurd document wacht onder deze referentie op een verbetering."
        " Zie GET /v1/returns.",
        "de": "Kein an Ihre Institution zurückgesandtes Dokument wartet unter diesem Zeichen auf eine Berichtigung."
        " Siehe GET /v1/returns.",
        "en": "No document returned to your institution waits for a correction under this reference. See"
        " GET /v1/returns.",
    },
    "correction-of-bulk": {
        "fr": "Une correction est un document d'un seul élément ; envoyez-la seule, pas en lot.",
        "nl": "Een verbetering is een document met één element; stuur ze afzonderlijk, niet in bulk.",
        "de": "Eine Berichtigung ist ein Dokument mit einem einzigen Eintrag; senden Sie sie einzeln.",
        "en": "A correction is a document of one item; send it alone, not in bulk.",
    },
}
RETURN_CODES = tuple(code for code in RETURN_MESSAGES if code.startswith("return-"))
