"""The laboratory: `run` a program in a world whose wire can be seen and broken."""
