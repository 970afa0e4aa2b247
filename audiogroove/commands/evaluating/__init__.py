"""What `audiogroove evaluate` can measure, a file each."""
