"""Our own contracts of the Crossroads Bank, with the names of the wire; ``hub.adapters.soap`` speaks them."""
