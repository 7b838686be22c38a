"""Encryption, pseudonyms and signatures with the ``cryptography`` library."""
