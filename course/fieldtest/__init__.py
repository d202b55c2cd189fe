"""What a receiver is tried with: `storm` sends what real senders send, and judges what came of it.

`catalogue` is the table of what is sent, `changes` what forgers and clocks do to a delivery, and
`senders` how a sender signs; these compute. `wire`, `play` and `effects` talk, `judging` compares,
`reports` and `page` tell. `take_home` holds receivers that pass.
"""
