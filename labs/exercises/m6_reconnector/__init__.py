"""m6.reconnector: come back after each loss, politely, and stay away where nobody wants you."""
