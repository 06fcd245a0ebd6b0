"""What reps command by reply."""
