"""Lists of households hit by one disaster: reading their lines, keeping them, filing them."""
