"""Fetch public pages politely, archive them, and read records from them."""
