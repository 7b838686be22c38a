"""A simulated register of collective settlements (JustRestart) on a real socket: accounts, acts, outages."""
