"""What is wrong with a workbook or one of its cells, or with a mail of a partner."""

WORKBOOK_MESSAGES: dict[str, dict[str, str]] = {
    "workbook-unknown": {
        "fr": "Ce connecteur ne lit pas de classeurs. Envoyez un document XML de son contrat.",
        "nl": "Deze connector leest geen werkmappen. Stuur een XML-document van zijn contract.",
        "de": "Dieser Konnektor liest keine Arbeitsmappen. Senden Sie ein XML-Dokument seines Vertrags.",
        "en": "This connector reads no workbooks. Send an XML document of its contract.",
    },
    "workbook-broken": {
        "fr": "Le fichier n'est pas un classeur .xlsx lisible, ou il est protégé par un mot de passe."
        " Enregistrez-le à nouveau comme classeur Excel (.xlsx), sans protection.",
        "nl": "Het bestand is geen leesbare .xlsx-werkmap of is met een wachtwoord beveiligd. Sla het opnieuw"
        " op als Excel-werkmap (.xlsx), zonder beveiliging.",
        "de": "Die Datei ist keine lesbare .xlsx-Arbeitsmappe oder durch ein Kennwort geschützt. Speichern Sie"
        " sie erneut als Excel-Arbeitsmappe (.xlsx), ohne Schutz.",
        "en": "The file is no readable .xlsx workbook, or is protected by a password. Save it again as an"
        " Excel workbook (.xlsx), without protection.",
    },
    "workbook-active": {
        "fr": "Le classeur contient des macros, des objets ou des liens vers d'autres fichiers. Copiez les"
        " valeurs dans un nouveau classeur .xlsx.",
        "nl": "De werkmap bevat macro's, objecten of koppelingen naar andere bestanden. Kopieer de waarden"
        " naar een nieuwe .xlsx-werkmap.",
        "de": "Die Arbeitsmappe enthält Makros, Objekte oder Verknüpfungen mit anderen Dateien. Kopieren Sie"
        " die Werte in eine neue .xlsx-Arbeitsmappe.",
        "en": "The workbook holds macros, objects or links to other files. Copy the values into a new .xlsx workbook.",
    },
    "workbook-headings": {
        "fr": "Ces colonnes manquent sur la première feuille : {limit}. Ajoutez-les dans une seule ligne de titres.",
        "nl": "Deze kolommen ontbreken op het eerste blad: {limit}. Voeg ze toe in één rij met koppen.",
        "de": "Diese Spalten fehlen auf dem ersten Blatt: {limit}. Ergänzen Sie sie in einer einzigen Kopfzeile.",
        "en": "These columns are missing on the first sheet: {limit}. Add them in one row of headings.",
    },
    "workbook-heading-twice": {
        "fr": "La colonne {limit} est là deux fois. Gardez-en une.",
        "nl": "De kolom {limit} komt twee keer voor. Behoud er één.",
        "de": "Die Spalte {limit} steht zweimal da. Behalten Sie eine.",
        "en": "The column {limit} is there twice. Keep one.",
    },
    "workbook-empty": {
        "fr": "Le classeur n'a aucune ligne sous les titres. Exportez à nouveau les créances.",
        "nl": "De werkmap heeft geen enkele rij onder de koppen. Exporteer de schuldvorderingen opnieuw.",
        "de": "Die Arbeitsmappe hat keine Zeile unter der Kopfzeile. Exportieren Sie die Forderungen erneut.",
        "en": "The workbook has no row under the headings. Export the claims again.",
    },
    "workbook-rows": {
        "fr": "Le classeur a plus de {limit} lignes. Divisez-le.",
        "nl": "De werkmap heeft meer dan {limit} rijen. Verdeel ze.",
        "de": "Die Arbeitsmappe hat mehr als {limit} Zeilen. Teilen Sie sie auf.",
        "en": "The workbook has more than {limit} rows. Split it.",
    },
    "cell-empty": {
        "fr": "La cellule « {limit} » est vide. Remplissez-la.",
        "nl": "De cel “{limit}” is leeg. Vul ze in.",
        "de": "Die Zelle „{limit}“ ist leer. Füllen Sie sie aus.",
        "en": "The cell “{limit}” is empty. Fill it in.",
    },
    "cell-text": {
        "fr": "Le contenu de « {limit} » n'a pas la forme attendue : lettres, chiffres, point, tiret."
        " Recopiez-le du registre.",
        "nl": "De inhoud van “{limit}” heeft niet de verwachte vorm: letters, cijfers, punt, streepje. Neem"
        " hem over uit het register.",
        "de": "Der Inhalt von „{limit}“ hat nicht die erwartete Form: Buchstaben, Ziffern, Punkt, Strich."
        " Übernehmen Sie ihn aus dem Register.",
        "en": "The content of “{limit}” does not have its form: letters, digits, dot, dash. Copy it from the register.",
    },
    "cell-amount": {
        "fr": "Le montant de « {limit} » doit être un nombre positif ou nul avec deux décimales au plus. Corrigez-le.",
        "nl": "Het bedrag van “{limit}” moet een getal van nul of meer zijn, met hoogstens twee decimalen."
        " Verbeter het.",
        "de": "Der Betrag von „{limit}“ muss eine Zahl von null oder mehr mit höchstens zwei Dezimalen sein."
        " Berichtigen Sie ihn.",
        "en": "The amount of “{limit}” must be a number of zero or more with at most two decimals. Correct it.",
    },
    "cell-date": {
        "fr": "La date de « {limit} » ne se lit pas. Écrivez-la comme jj/mm/aaaa.",
        "nl": "De datum van “{limit}” is niet leesbaar. Schrijf ze als dd/mm/jjjj.",
        "de": "Das Datum von „{limit}“ ist nicht lesbar. Schreiben Sie es als TT/MM/JJJJ.",
        "en": "The date of “{limit}” cannot be read. Write it as dd/mm/yyyy.",
    },
    "cell-word": {
        "fr": "Ce mot n'est pas de la liste. Utilisez un de ceux-ci : {limit}.",
        "nl": "Dit woord staat niet in de lijst. Gebruik een van deze: {limit}.",
        "de": "Dieses Wort steht nicht in der Liste. Verwenden Sie eines von diesen: {limit}.",
        "en": "This word is not in the list. Use one of: {limit}.",
    },
    "cell-twice": {
        "fr": "Une ligne au-dessus a la même valeur dans « {limit} ». Gardez une des deux lignes.",
        "nl": "Een rij hierboven heeft dezelfde waarde in “{limit}”. Behoud een van beide rijen.",
        "de": "Eine Zeile darüber hat denselben Wert in „{limit}“. Behalten Sie eine der beiden Zeilen.",
        "en": "A row above has the same value in “{limit}”. Keep one of the two rows.",
    },
    "mail-unknown": {
        "fr": "Ce connecteur ne lit pas de courriels. Envoyez un document XML de son contrat.",
        "nl": "Deze connector leest geen e-mails. Stuur een XML-document van zijn contract.",
        "de": "Dieser Konnektor liest keine E-Mails. Senden Sie ein XML-Dokument seines Vertrags.",
        "en": "This connector reads no mails. Send an XML document of its contract.",
    },
    "mail-sender": {
        "fr": "L'expéditeur (From) n'est pas d'un domaine admis : {limit}. Ne redirigez que les courriels du registre.",
        "nl": "De afzender (From) is niet van een toegelaten domein: {limit}. Leid alleen e-mails van het register om.",
        "de": "Der Absender (From) ist nicht von einer zugelassenen Domäne: {limit}. Leiten Sie nur"
        " E-Mails des Registers um.",
        "en": "The sender (From) is of no domain that is allowed: {limit}. Redirect mails of the register only.",
    },
    "mail-unverified": {
        "fr": "Le serveur de courriel n'a pas confirmé l'expéditeur ({limit}). Redirigez le courriel sans le modifier,"
        " ou regardez dans le registre.",
        "nl": "De mailserver bevestigde de afzender niet ({limit}). Leid de e-mail ongewijzigd om, of kijk in het"
        " register.",
        "de": "Der Mailserver hat den Absender nicht bestätigt ({limit}). Leiten Sie die E-Mail unverändert um, oder"
        " sehen Sie im Register nach.",
        "en": "The mail server did not confirm the sender ({limit}). Redirect the mail unchanged, or look into the"
        " register.",
    },
    "mail-layout": {
        "fr": "La mise en page de ce courriel n'est pas connue. Regardez dans le registre ;"
        " un administrateur s'en occupe.",
        "nl": "De opmaak van deze e-mail is niet bekend. Kijk in het register; een beheerder gaat ermee verder.",
        "de": "Der Aufbau dieser E-Mail ist nicht bekannt. Sehen Sie im Register nach; ein Administrator kümmert sich.",
        "en": "The layout of this mail is not known. Look into the register; an administrator takes care of it.",
    },
    "case-erased": {
        "fr": "Ce dossier a été transféré aux Archives de l'État, puis effacé ici. N'envoyez plus rien à son sujet ;"
        " adressez-vous aux Archives.",
        "nl": "Dit dossier is naar het Rijksarchief overgebracht en daarna hier gewist. Stuur er niets meer over;"
        " wend u tot het Rijksarchief.",
        "de": "Diese Akte wurde dem Staatsarchiv übergeben und danach hier gelöscht. Senden Sie nichts mehr dazu;"
        " wenden Sie sich an das Staatsarchiv.",
        "en": "This case was transferred to the State Archives and then erased here. Send nothing more about it;"
        " ask the Archives.",
    },
    "case-not-yours": {
        "fr": "Seuls le médiateur de ce dossier et le registre peuvent envoyer ou lire ses créances. Vérifiez"
        " le numéro de dossier, ou attendez que le registre vous ait désigné.",
        "nl": "Alleen de schuldbemiddelaar van dit dossier en het register mogen de schuldvorderingen sturen"
        " of lezen. Controleer het dossiernummer, of wacht tot het register u heeft aangewezen.",
        "de": "Nur der Schuldenvermittler dieser Akte und das Register dürfen ihre Forderungen senden oder"
        " lesen. Prüfen Sie die Aktennummer, oder warten Sie, bis das Register Sie bestellt hat.",
        "en": "Only the mediator of this case and the register may send or read its claims. Check the case"
        " number, or wait until the register has designated you.",
    },
}
