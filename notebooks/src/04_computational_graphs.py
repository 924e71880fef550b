# %% [markdown]
r"""
# 4. Computational graphs

Any formula can be taken apart into operations so small that we know the slope of each by heart: a
product, a sum, an exponential. Drawn with an arrow from each operation to the next, they make a
**computational graph**.

**What we want to know.** How does the result change when one of the inputs changes a little?

**How.** Four steps, from document 003:

1. give every operation in the formula a name;
2. draw the graph;
3. compute the values, from the inputs to the result;
4. go back from the result to the inputs. At each operation multiply the gradient that arrives from
   behind, the *global* one, by the operation's own slope, the *local* one.
"""

# %%
import dlhand

# %% [markdown]
r"""
## A sigmoid neuron, operation by operation

$$f(w, x) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$

has seven operations, $f_1$ to $f_7$.
"""

# %%
neuron = dlhand.load("003-sigmoid-graph")
neuron

# %% [markdown]
r"""
Drawn, with the value above each line and the gradient below it:
"""

# %%
neuron.graph()

# %% [markdown]
r"""
Read the backward part in pairs. First a local gradient, such as
$\frac{\partial f_5}{\partial f_4} = f_5$: the slope of the exponential is the exponential itself.
Then the global one, $\frac{\partial f_7}{\partial f_4} = \frac{\partial f_5}{\partial f_4} \cdot
\frac{\partial f_7}{\partial f_5}$: what arrives, times the local slope.

What it tells us: raising $x_0$ a little raises $f$ by about 0.39 times as much; raising $x_1$
lowers it by 0.59 times as much. Weights and inputs swap places: the slope for $w_0$ contains
$x_0$, and the other way round.

**A check.** The steps from $f_4$ to $f_7$ are the sigmoid, whose slope is known: $f_7 (1 - f_7)$.
With $f_7 \approx 0.73106$ that is 0.19661, which is just what arrives at $f_3$.

Now work it out yourself.
"""

# %%
neuron.player(predict=True, picture="graph")

# %% [markdown]
r"""
## Following a mistake

The page goes wrong early: it takes $f_4$ for $e^{1}$, which is 2.718, where $-f_3 = -1$ is wanted,
and then raises $e$ to that. The next numbers are *carried*: right, given a wrong one before them.
The gradients further down use the right values again, but keep only two digits.
"""

# %%
neuron.verdict_table()

# %% [markdown]
r"""
See how the rounding grows: $-0.54$ should be $-0.53$, since $f_6$ was cut off to 1.36 before it was
squared; $0.19$ should be $0.20$; and $-0.38$ should be $-0.39$.

## A product, a maximum and a sum

$$f = \left(x \cdot y + \max(z, w)\right) \cdot 2$$
"""

# %%
gates = dlhand.load("003-max-graph")
gates

# %%
gates.graph()

# %% [markdown]
r"""
Each kind of operation has its own way of passing a gradient back:

- **a sum** hands it on unchanged, a full copy to each of its inputs;
- **a product** swaps: each input gets the gradient times the *other* input;
- **a maximum** sends all of it to the larger input and nothing to the other;
- and where a quantity is **used more than once**, what comes back from each use is added up.

At $z = w$ the maximum has a kink, and no slope. One must agree on something: dlhand then sends
nothing to either, as document 003 does. Try it: set $w$ to 2.
"""

# %%
gates.explore("x", "y", "z", "w", picture="graph")

# %% [markdown]
r"""
What the document prints for this graph:
"""

# %%
gates.verdict_table()
