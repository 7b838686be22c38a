"""A real Kafka, a real PostgreSQL and a catching mail server on one machine; the door is ``stack``."""
