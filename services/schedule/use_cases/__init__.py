"""What schedule does: one module per act, one transaction each."""
