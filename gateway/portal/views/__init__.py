"""Views of the portal: one module a feature, one URL a view."""
