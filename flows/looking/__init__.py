"""From a number to its pages, and out of the lake."""
