"""The exercise `m14.inbox`: the same event comes often, its effect happens once."""
