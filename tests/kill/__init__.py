"""Kill anything at any time: the ledger must balance, lost 0, duplicate effects 0."""
