"""What a CPAS asks of the Crossroads Bank (BCSS) about a person; bcss-primaweb §2, §3."""

from typing import Literal

FlowName = Literal["identification", "addresses", "employment", "pensions", "self-employed", "handicap", "income"]
"""The seven flows of the manual (bcss-primaweb §2)."""

PensionFocus = Literal["reference-period", "month-of-payment"]
"""How the pension register is asked (bcss-primaweb §2.6)."""
