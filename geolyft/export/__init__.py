"""Published frames leave the program here and nowhere else."""
