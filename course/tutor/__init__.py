"""The tutor: passages and questions in, cited answers out; its service, its faces."""
