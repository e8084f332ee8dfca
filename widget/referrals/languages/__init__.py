"""What shoppers read about bringing friends, a file a language."""
