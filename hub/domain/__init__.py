"""Pure decisions of the hub: no IO, no clock, no logging."""
