"""The driving side: command line, HTTP, consumer and workers."""
