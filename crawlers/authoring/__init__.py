"""Writing a platform: its first file, and cases of pages for its tests.

`scrub` is pure; `asking` fetches one page politely in a process of its own.
"""
