"""What is computed from samples: the view's filters, beats, their score. Chunks never change a result."""
