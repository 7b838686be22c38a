"""Use cases of the hub, one verb a module; they speak to the world through ports."""
