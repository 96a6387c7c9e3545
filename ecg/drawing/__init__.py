"""ECGs on paper: a report as a draw list in millimetres, and its SVG. The PDF is `records.documents.pdf`."""
