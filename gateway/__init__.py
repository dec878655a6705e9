"""The HTTP edge: REST, portal, event stream and files; no business rule, no database."""
