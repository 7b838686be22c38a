"""The register of collective debt settlements (RegSol, JustRestart). Contract: ``justrestart.xsd``."""
