"""What the site's Run buttons need: Python for the tab, the course's own code, and an editor.

Built once into a folder that is named after what it is made of, and copied into each site. Without
Node.js the site is built without it, and says so.
"""
