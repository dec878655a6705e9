"""The commands of `rakat`, one module per group; each is imported when it is called."""
