"""The Crossroads Bank over SOAP and TLS: zeep builds messages from our contracts, httpx carries them (ADR 0020)."""
