"""The tutor as a service: conversations over WebSocket, single questions over HTTP."""
