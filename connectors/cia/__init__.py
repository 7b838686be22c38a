"""The CIA: software of bailiff offices and the directory of their Chamber. Contract: ``cia.xsd``."""
