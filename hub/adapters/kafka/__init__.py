"""Everything that speaks to the log (Apache Kafka)."""
