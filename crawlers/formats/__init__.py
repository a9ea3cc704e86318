"""Readers of formats that several platforms share: XML, sitemaps, articles, walls."""
