"""Dead letters over HTTP for administrators' own tools: the verbs of the console and of ``hub dlq``."""
