"""What the tutor keeps: accounts, sessions, questions with their answers, calls spent."""
