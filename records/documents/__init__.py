"""PDF: pages that were drawn elsewhere, written with the letters they need inside them."""
