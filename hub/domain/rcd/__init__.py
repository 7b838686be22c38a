"""The collective debt settlement case and its clock (rcd-justrestart §2)."""
