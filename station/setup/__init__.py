"""Setting a source up: a person sees its picture unmasked, on this machine alone, and signs what is seen."""
