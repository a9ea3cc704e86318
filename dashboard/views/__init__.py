"""Parts of a page that take the whole of it: one post, one archived page."""
