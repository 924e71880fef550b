"""Decks of slides: derivations for a screen in front of a class, each deck one file.

A deck needs no network and no server: reveal.js, the mathematics font and the pictures are inside.
Each click brings the next part of a step. What Python writes (`slide`) does not know how wide
mathematics is; `page/fit.js` measures it in the browser, once, and chooses for each slide the
largest size at which nothing is cut off. `page/picture.js` lights the picture for the step.

Source of reveal/: the package reveal.js of npm, at `deck.REVEAL`, MIT licence (the file LICENSE
beside it); `tools/vendor_reveal.py` has fetched it.
"""
