"""What people look at: reads out tables, opens archived pages."""
