"""What is computed from samples: filters, beats, their score. Pure, causal where it says so, same result in any chunks."""
