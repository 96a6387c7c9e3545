"""What `cloudclinic bench` runs. May import every room; needs a source tree."""
