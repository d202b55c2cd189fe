"""What runs the course: its front door, its server, its publisher."""
