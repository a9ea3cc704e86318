"""A brand's own figures and exported posts, read into the lake."""
