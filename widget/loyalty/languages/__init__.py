"""What shoppers read about points, one module a language."""
