"""Texts of what mappings and identifier checks find: values that a schema's grammar cannot forbid."""

MAPPING_MESSAGES: dict[str, dict[str, str]] = {
    "niss-form": {
        "fr": "Un NISS a 11 chiffres, sans point ni tiret. Donnez le numéro nu.",
        "nl": "Een INSZ heeft 11 cijfers, zonder punten of streepjes. Geef het kale nummer.",
        "de": "Eine NISS hat 11 Ziffern, ohne Punkte oder Striche. Geben Sie die bloße Nummer an.",
        "en": "A NISS has 11 digits, without dots or dashes. Give the bare number.",
    },
    "niss-checksum": {
        "fr": "Les deux chiffres de contrôle du NISS ne correspondent pas. Vérifiez le numéro à sa source.",
        "nl": "De twee controlecijfers van het INSZ kloppen niet. Controleer het nummer bij de bron.",
        "de": "Die beiden Prüfziffern der NISS stimmen nicht. Prüfen Sie die Nummer an der Quelle.",
        "en": "The two check digits of the NISS do not match. Verify the number at its source.",
    },
    "niss-date": {
        "fr": "La date de naissance dans le NISS n'existe pas ou est dans le futur"
        " (mois 00–12, BIS 20–32 ou 40–52). Vérifiez le"
        " numéro à sa source.",
        "nl": "De geboortedatum in het INSZ bestaat niet of ligt in de toekomst"
        " (maand 00–12, bis 20–32 of 40–52). Controleer het"
        " nummer bij de bron.",
        "de": "Das Geburtsdatum in der NISS gibt es nicht oder liegt in der Zukunft"
        " (Monat 00–12, BIS 20–32 oder 40–52). Prüfen Sie die"
        " Nummer an der Quelle.",
        "en": "The birth date inside the NISS does not exist or lies in the future"
        " (month 00–12, BIS 20–32 or 40–52). Verify the"
        " number at its source.",
    },
    "niss-order": {
        "fr": "Le numéro d'ordre dans le NISS (7e au 9e chiffre) va de 001 à 998. Vérifiez le numéro à sa source.",
        "nl": "Het volgnummer in het INSZ (7e tot 9e cijfer) gaat van 001 tot 998. Controleer het nummer bij de bron.",
        "de": "Die Ordnungszahl in der NISS (7. bis 9. Ziffer) geht von 001 bis 998. Prüfen Sie die Nummer an"
        " der Quelle.",
        "en": "The order number inside the NISS (7th to 9th digit) runs from 001 to 998. Verify the number at"
        " its source.",
    },
    "replacing-number": {
        "fr": "SSIN_REPLACED, et lui seul, donne le numéro qui remplace (attribut replacing), différent de niss.",
        "nl": "Enkel SSIN_REPLACED geeft het vervangende nummer (attribuut replacing), anders dan niss.",
        "de": "Nur SSIN_REPLACED nennt die ersetzende Nummer (Attribut replacing), die von niss abweicht.",
        "en": "SSIN_REPLACED, and it alone, gives the replacing number (attribute replacing), which differs from niss.",
    },
    "enterprise-number-form": {
        "fr": "Un numéro d'entreprise a 10 chiffres et commence par 0 ou 1. N'ajoutez pas de zéro à un numéro"
        " de 9 chiffres : vérifiez-le dans la BCE.",
        "nl": "Een ondernemingsnummer heeft 10 cijfers en begint met 0 of 1. Vul een nummer van 9 cijfers niet"
        " aan met een nul: controleer het in de KBO.",
        "de": "Eine Unternehmensnummer hat 10 Ziffern und beginnt mit 0 oder 1. Ergänzen Sie eine neunstellige"
        " Nummer nicht mit einer Null: prüfen Sie sie in der ZUD.",
        "en": "An enterprise number has 10 digits and begins with 0 or 1. Do not pad a number of 9 digits with"
        " a zero: verify it in the CBE.",
    },
    "enterprise-number-checksum": {
        "fr": "Les deux chiffres de contrôle du numéro d'entreprise ne correspondent pas. Vérifiez-le dans la BCE.",
        "nl": "De twee controlecijfers van het ondernemingsnummer kloppen niet. Controleer het in de KBO.",
        "de": "Die beiden Prüfziffern der Unternehmensnummer stimmen nicht. Prüfen Sie sie in der ZUD.",
        "en": "The two check digits of the enterprise number do not match. Verify it in the CBE.",
    },
    "iban-form": {
        "fr": "Un IBAN commence par le pays et deux chiffres, sans espaces ; un IBAN belge a 16 caractères."
        " Vérifiez le numéro de compte.",
        "nl": "Een IBAN begint met het land en twee cijfers, zonder spaties; een Belgische IBAN heeft 16 tekens."
        " Controleer het rekeningnummer.",
        "de": "Eine IBAN beginnt mit dem Land und zwei Ziffern, ohne Leerzeichen; eine belgische IBAN hat 16"
        " Zeichen. Prüfen Sie die Kontonummer.",
        "en": "An IBAN begins with the country and two digits, without spaces; a Belgian IBAN has 16 characters."
        " Verify the account number.",
    },
    "iban-checksum": {
        "fr": "Les chiffres de contrôle de l'IBAN (ISO 13616) ne correspondent pas. Vérifiez le numéro de compte.",
        "nl": "De controlecijfers van de IBAN (ISO 13616) kloppen niet. Controleer het rekeningnummer.",
        "de": "Die Prüfziffern der IBAN (ISO 13616) stimmen nicht. Prüfen Sie die Kontonummer.",
        "en": "The check digits of the IBAN (ISO 13616) do not match. Verify the account number.",
    },
    "iban-national-checksum": {
        "fr": "Les deux derniers chiffres du compte belge (BBAN) ne correspondent pas, même si l'IBAN est"
        " cohérent. Vérifiez le numéro de compte.",
        "nl": "De laatste twee cijfers van de Belgische rekening (BBAN) kloppen niet, ook al is de IBAN"
        " samenhangend. Controleer het rekeningnummer.",
        "de": "Die letzten zwei Ziffern des belgischen Kontos (BBAN) stimmen nicht, obwohl die IBAN in sich"
        " stimmt. Prüfen Sie die Kontonummer.",
        "en": "The last two digits of the Belgian account (BBAN) do not match, although the IBAN is consistent."
        " Verify the account number.",
    },
    "ogm-form": {
        "fr": "Une communication structurée a 12 chiffres. Donnez-les sans signes, ou annoncez la référence"
        ' comme libre (kind="free").',
        "nl": "Een gestructureerde mededeling heeft 12 cijfers. Geef ze zonder tekens, of meld de referentie als"
        ' vrij (kind="free").',
        "de": "Eine strukturierte Mitteilung hat 12 Ziffern. Geben Sie sie ohne Zeichen an, oder melden Sie die"
        ' Referenz als frei (kind="free").',
        "en": "A structured communication has 12 digits. Give them without signs, or declare the reference as"
        ' free (kind="free").',
    },
    "ogm-checksum": {
        "fr": "Les deux chiffres de contrôle de la communication structurée ne correspondent pas (reste de la"
        " division par 97, 97 au lieu de 0). Vérifiez-la.",
        "nl": "De twee controlecijfers van de gestructureerde mededeling kloppen niet (rest van de deling door"
        " 97, 97 in plaats van 0). Controleer ze.",
        "de": "Die beiden Prüfziffern der strukturierten Mitteilung stimmen nicht (Rest der Teilung durch 97, 97"
        " statt 0). Prüfen Sie sie.",
        "en": "The two check digits of the structured communication do not match (remainder of the division by"
        " 97, 97 in place of 0). Verify it.",
    },
    "rf-form": {
        "fr": "Une référence RF (ISO 11649) est « RF », deux chiffres et 1 à 21 lettres ou chiffres. Corrigez-la.",
        "nl": "Een RF-referentie (ISO 11649) is 'RF', twee cijfers en 1 tot 21 letters of cijfers. Verbeter ze.",
        "de": "Eine RF-Referenz (ISO 11649) ist „RF“, zwei Ziffern und 1 bis 21 Buchstaben oder Ziffern."
        " Berichtigen Sie sie.",
        "en": "An RF reference (ISO 11649) is 'RF', two digits and 1 to 21 letters or digits. Correct it.",
    },
    "rf-checksum": {
        "fr": "Les chiffres de contrôle de la référence RF (ISO 11649) ne correspondent pas. Vérifiez-la.",
        "nl": "De controlecijfers van de RF-referentie (ISO 11649) kloppen niet. Controleer ze.",
        "de": "Die Prüfziffern der RF-Referenz (ISO 11649) stimmen nicht. Prüfen Sie sie.",
        "en": "The check digits of the RF reference (ISO 11649) do not match. Verify it.",
    },
    "client-costs": {
        "fr": "Donnez soit clientCosts seul, soit penaltyClause et administrative ensemble.",
        "nl": "Geef ofwel clientCosts alleen, ofwel penaltyClause en administrative samen.",
        "de": "Geben Sie entweder clientCosts allein oder penaltyClause und administrative zusammen an.",
        "en": "Give either clientCosts alone, or penaltyClause and administrative together.",
    },
    "total-not-sum": {
        "fr": "Le total n'est pas la somme des postes, au centime près. Corrigez le total ou les postes.",
        "nl": "Het totaal is niet de som van de posten, tot op de cent. Verbeter het totaal of de posten.",
        "de": "Die Gesamtsumme ist nicht auf den Cent die Summe der Posten. Berichtigen Sie Summe oder Posten.",
        "en": "The total is not the sum of the heads, to the cent. Correct the total or the heads.",
    },
    "lines-not-sum": {
        "fr": "Les lignes du décompte ne donnent pas ensemble le poste {limit}. Corrigez les lignes ou le poste.",
        "nl": "De lijnen van de afrekening geven samen niet de post {limit}. Verbeter de lijnen of de post.",
        "de": "Die Zeilen der Abrechnung ergeben zusammen nicht den Posten {limit}. Berichtigen Sie die Zeilen"
        " oder den Posten.",
        "en": "The lines of the account do not add up to the head {limit}. Correct the lines or the head.",
    },
    "envelope-form": {
        "fr": "L'attribut {limit} de la racine manque ou n'a pas la forme du contrat. Donnez messageId, sender et"
        " sentAt (avec fuseau horaire) sur l'élément racine.",
        "nl": "Het attribuut {limit} van de wortel ontbreekt of heeft niet de vorm van het contract. Geef"
        " messageId, sender en sentAt (met tijdzone) op het wortelelement.",
        "de": "Das Attribut {limit} der Wurzel fehlt oder hat nicht die Form des Vertrags. Geben Sie messageId,"
        " sender und sentAt (mit Zeitzone) am Wurzelelement an.",
        "en": "The attribute {limit} of the root is missing or not in the form of the contract. Give messageId,"
        " sender and sentAt (with offset) on the root element.",
    },
    "office-not-sender": {
        "fr": "L'étude de cet élément n'est pas l'expéditeur du document. Une étude ne parle que pour elle-même.",
        "nl": "Het kantoor van dit element is niet de afzender van het document. Een kantoor spreekt enkel voor"
        " zichzelf.",
        "de": "Die Kanzlei dieses Elements ist nicht der Absender des Dokuments. Eine Kanzlei spricht nur für"
        " sich selbst.",
        "en": "The office of this element is not the sender of the document. An office speaks only for itself.",
    },
    "invitation-not-yours": {
        "fr": "Cette invitation est adressée à une autre étude. Répondez à la référence reçue dans votre invitation.",
        "nl": "Deze uitnodiging is aan een ander kantoor gericht. Antwoord op de referentie in uw uitnodiging.",
        "de": "Diese Einladung richtet sich an eine andere Kanzlei. Antworten Sie auf die Referenz Ihrer Einladung.",
        "en": "This invitation is addressed to another office. Answer the reference of your own invitation.",
    },
    "field-required": {
        "fr": "Pour ce document ou ce type d'avis, l'élément {limit} est obligatoire. Ajoutez-le.",
        "nl": "Voor dit document of dit type bericht is het element {limit} verplicht. Voeg het toe.",
        "de": "Für dieses Dokument oder diese Art von Meldung ist das Element {limit} Pflicht. Ergänzen Sie es.",
        "en": "For this document or this notice type, the element {limit} is mandatory. Add it.",
    },
    "field-not-allowed": {
        "fr": "Pour ce document ou ce type d'avis, l'élément {limit} n'a pas de sens. Retirez-le ou corrigez le type.",
        "nl": "Voor dit document of dit type bericht heeft het element {limit} geen zin. Verwijder het of"
        " verbeter het type.",
        "de": "Für dieses Dokument oder diese Art von Meldung hat das Element {limit} keinen Sinn. Entfernen Sie"
        " es oder berichtigen Sie die Art.",
        "en": "For this document or this notice type, the element {limit} has no meaning. Remove it or correct"
        " the type.",
    },
    "moment-offset": {
        "fr": "Ce moment n'a pas de décalage horaire. Écrivez-le avec son décalage, comme 2026-01-15T10:12:00+01:00.",
        "nl": "Dit tijdstip heeft geen tijdsverschuiving. Schrijf het zo: 2026-01-15T10:12:00+01:00.",
        "de": "Dieser Zeitpunkt hat keine Zeitverschiebung. Schreiben Sie ihn so: 2026-01-15T10:12:00+01:00.",
        "en": "This moment has no offset. Write it with its offset, such as 2026-01-15T10:12:00+01:00.",
    },
    "date-order": {
        "fr": "Cette date ne peut pas précéder {limit}. Corrigez l'une des deux dates.",
        "nl": "Deze datum kan niet vóór {limit} liggen. Verbeter een van beide datums.",
        "de": "Dieses Datum kann nicht vor {limit} liegen. Berichtigen Sie eines der beiden Daten.",
        "en": "This date cannot be before {limit}. Correct one of the two dates.",
    },
    "not-mapped": {
        "fr": "Le connecteur ne sait pas encore lire cet élément. Prévenez l'administrateur du hub.",
        "nl": "De connector kan dit element nog niet lezen. Verwittig de beheerder van de hub.",
        "de": "Der Konnektor kann dieses Element noch nicht lesen. Benachrichtigen Sie den Verwalter des Hubs.",
        "en": "The connector cannot read this element yet. Tell the administrator of the hub.",
    },
    "case-differs": {
        "fr": "Cette ligne parle d'un autre dossier que le document. Un document, un dossier : envoyez-la à part.",
        "nl": "Deze rij gaat over een ander dossier dan het document. Eén document, één dossier: stuur ze apart.",
        "de": "Diese Zeile spricht von einer anderen Akte als das Dokument. Ein Dokument, eine Akte: senden"
        " Sie sie getrennt.",
        "en": "This row speaks of another case than the document. One document, one case: send it apart.",
    },
    "date-ahead": {
        "fr": "Cette date est après l'envoi. Corrigez-la.",
        "nl": "Deze datum ligt na de verzending. Verbeter ze.",
        "de": "Dieses Datum liegt nach der Sendung. Berichtigen Sie es.",
        "en": "This date is after the sending. Correct it.",
    },
}
