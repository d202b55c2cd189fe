"""The interview studio: an answer in, and out comes which of its sentences made which point.

It reads words, not understanding: authored phrases decide, the same way each time, and every
verdict quotes the sentence it rests on. `words` cuts text, `phrases` finds, `review` weighs by the
rubric, `sketch` reads a design drawn in lines, `prompts` and `questions` hold what is asked.
The site's scripts do the same in JavaScript; a test holds the two together.
"""
