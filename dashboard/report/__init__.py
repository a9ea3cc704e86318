"""The strategist's report: one content, written as HTML, PDF, slides or a workbook."""
