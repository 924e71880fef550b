"""Pictures drawn from a derivation: SVG in plain characters, the same to the byte on every run.

Each picture stands on a light panel of its own, so that it reads well in a dark theme too, and has
its facts in words as a text alternative. Parts that belong to a step carry its name in the
attribute ``data-step``, so that a page can find them. Pictures know the engine and how names and
numbers are written; they know neither widgets nor matplotlib.

| module | picture |
| --- | --- |
| `graph` | the computational graph, with values and gradients |
| `network` | a layered network with its weights |
| `unrolled` | a recurrent cell unrolled over time |
| `product` | a product of matrices, row by column |
| `convolution` | a convolution or pooling, window by window |
| `heatmap` | a matrix of weights, such as those of attention |
| `bars` | numbers side by side, such as counts of parameters |

Where a picture has moments, ``frames`` gives all of them, one after the other.
"""
