"""Who is it: the doors by which people sign in, behind one interface."""
