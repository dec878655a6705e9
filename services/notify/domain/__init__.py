"""What to tell whom, in which words: pure, no store, no clock, no bus."""
