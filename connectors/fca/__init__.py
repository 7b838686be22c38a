"""The FCA: notices of the Fichier central des avis. Contract: ``fca.xsd``."""
