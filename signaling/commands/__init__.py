"""What each command does: decided inside one transaction, without other I/O; `signaling.desk` carries out."""
