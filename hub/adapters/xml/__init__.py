"""The one hardened XML parser, the streaming reader of bulk documents, and XSD validation, with lxml."""
