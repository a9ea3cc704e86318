"""From a brand's home page to its channels: what the page itself says, and nothing guessed.

`page.discover` is pure; `errand` fetches pages politely in a process of its own.
"""
