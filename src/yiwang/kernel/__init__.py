"""What every institution stands on; it knows no institution."""
