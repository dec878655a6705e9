"""What readers get: contract types straight from queries, by what they may know."""
