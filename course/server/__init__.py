"""Serves the course on this machine: the built site, the sign-in, JupyterLab beside it."""
