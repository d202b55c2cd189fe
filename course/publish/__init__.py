"""From notebooks to pages, and the gate that refuses what would let a learner down."""
