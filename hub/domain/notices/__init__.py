"""FCA notices of a person: their lifecycle, and which offices they make known (fca-cpc §2–3)."""
