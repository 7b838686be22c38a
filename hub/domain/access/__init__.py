"""Who is who: the directory of offices; later institutions' grants and consents."""
