# %% [markdown]
r"""
# 4. Computational graphs

**What you will be able to do.** Take a formula apart into operations, draw their graph, and go back
through it from the result to the inputs; and say from memory how a sum, a product, a maximum and a
branch pass a gradient back.

**Time.** <<time>> **It builds on** [3. Activations and
losses](03_activations_and_losses.ipynb): what a slope is.

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

## A product, a maximum and a sum

We begin with a small one:

$$f = \left(x \cdot y + \max(z, w)\right) \cdot 2$$

It has four operations, $b_1$ to $b_4$. A line carries a value forward, written above it, and a
gradient back, written below it. The result changes with itself one for one, so we start with 1.
The slope of a maximum is written $[z > w]$: 1 where $z$ is the larger one, else 0. Before you begin:
which of the four inputs will have no influence at all?
"""

# %%
import dlhand

gates = dlhand.load("003-max-graph")
gates.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
What it tells us: $w$ has no influence, since the maximum takes the other one. And $x$ has the largest:
raising it by 1 lowers $f$ by 8. Here is the graph once more, complete:
"""

# %%
gates.graph()

# %% [markdown]
r"""
## Three gates and a branch

Each kind of operation has its own way of passing a gradient back. Here the same gradient, 2, arrives at
a sum, a maximum and a product, with the same inputs as above. What does each of them pass on?
"""

# %%
three = dlhand.load("003-gates")
parts = ["s", "J_s", "m", "J_m", "p", "J_p"]
three.player(predict=True, alike=2, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
- **A sum** hands it on unchanged, a full copy to each of its inputs.
- **A maximum** sends all of it to the larger input and nothing to the other.
- **A product** swaps: each input gets the gradient times the *other* input.

A maximum may have more than two inputs. Of four numbers, too, one gets everything:
"""

# %%
from dlhand.examples.lessons import largest_of_many

largest_of_many().lines("m", "J", "dJ/dm", "dJ/dx")

# %% [markdown]
r"""
One rule is missing. Where a quantity is **used more than once**, what comes back from each use is
added up. Here $x$ and $y$ go into a sum and into a product as well. What comes back to each?
"""

# %%
branch = dlhand.load("003-gates-branch")
branch.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
**What if** both inputs of a maximum are equal? Set $w$ to 2 in the first graph, which is $z$. Then try
a little less and a little more. What comes back to $z$, and what to $w$?
"""

# %%
gates.explore("w", "z", "x", "y", watch="db4/dz", ranges={"w": (-1, 5)}, picture="graph")

# %% [markdown]
r"""
**The answer.** Below 2 all of the gradient goes to $z$, above 2 all of it to $w$. Just at $z = w$ the
maximum has a kink, and no slope. One must agree on something: dlhand then sends nothing to either, as
document 003 does. (Other programs divide it among the two.)
"""

# %%
equal, above = gates.what_if(w=2), gates.what_if(w=3)
equal.compare(above, ["b4", "db4/dz", "db4/dw"], labels=("equal", "above"))

# %% [markdown]
r"""
## A sigmoid neuron, operation by operation

$$f(w, x) = \frac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$$

has seven operations, $f_1$ to $f_7$. Three of their slopes are new:

- of the exponential $e^u$ it is $e^u$ itself;
- of the reciprocal $\frac{1}{u}$ it is $-\frac{1}{u^2}$;
- of turning the sign it is $-1$.

Read the backward part in pairs. First a local gradient, such as
$\frac{\partial f_5}{\partial f_4} = f_5$. Then the global one, $\frac{\partial f_7}{\partial f_4} =
\frac{\partial f_5}{\partial f_4} \cdot \frac{\partial f_7}{\partial f_5}$: what arrives, times the local
slope.
"""

# %%
neuron = dlhand.load("003-sigmoid-graph")
neuron.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
Drawn, with the value above each line and the gradient below it:
"""

# %%
neuron.graph()

# %% [markdown]
r"""
What it tells us: raising $x_0$ a little raises $f$ by about 0.39 times as much; raising $x_1$
lowers it by 0.59 times as much. Weights and inputs swap places: the slope for $w_0$ contains
$x_0$, and the other way round.

**A check.** The steps from $f_4$ to $f_7$ are the sigmoid, whose slope is known: $f_7 (1 - f_7)$.
With $f_7 \approx 0.73106$ that is 0.19661, which is just what arrives at $f_3$. So one may draw the
sigmoid as a single operation, too. How finely a formula is taken apart is a matter of taste; the
gradients are the same.

**Why backward?** One could also go forward from each input, and ask for each of the five how far its
change gets. That is five passes. Going backward, one pass gives all five, because there is only one
result. A network has millions of weights and one loss.

**What if?** Where does the neuron react least to its weights? Move $w_2$ and watch the slope for
$w_2$, which is that of the sigmoid. Where is it largest, and how large? Where is next to nothing left?
"""

# %%
neuron.explore("w2", "w0", "w1", watch="df7/dw2", ranges={"w2": (-12, 4)}, picture="graph")

# %% [markdown]
r"""
**The answer.** It is largest at $w_2 = -4$, where $f_3$ is 0 and $f_7$ is ½, and there it is ¼. At
both ends next to nothing is left: the neuron is *saturated*, and a gradient that must pass it is lost.
Here are the middle and the left end:
"""

# %%
middle, end = neuron.what_if(w2=-4), neuron.what_if(w2=-12)
middle.compare(end, ["f3", "f7", "df7/dw2"], labels=("middle", "end"))

# %% [markdown]
r"""
## Questions
"""

# %%
dlhand.quiz("04")

# %% [markdown]
r"""
## What the notes print

**Following a mistake.** The page goes wrong early: it takes $f_4$ for $e^{1}$, which is 2.718, where
$-f_3 = -1$ is wanted, and then raises $e$ to that. The next numbers are *carried*: right, given a
wrong one before them. The gradients further down use the right values again, but keep only two
digits.
"""

# %%
neuron.verdict_table()

# %% [markdown]
r"""
See how the rounding grows: $-0.54$ should be $-0.53$, since $f_6$ was cut off to 1.36 (it reads like
2.36) before it was squared; $0.19$ should be $0.20$; and $-0.38$ should be $-0.39$.

One formula is wrong: line 152 has $-\frac{1}{f_6}$ for the slope of the reciprocal. The square is left
out. The number beside it, $-0.54$, is that of $-\frac{1}{f_6^2}$, so only the writing is wrong.

What the document prints for the other graph:
"""

# %%
gates.verdict_table()

# %% [markdown]
r"""
Everything holds, once the 4 in line 185 is read as the $-4$ that stands further down.

## On one page

Local gradient times the gradient that arrives, for the four ways to pass it back. A sum:
"""

# %%
three.formulas("dJ_s/dz", "dJ_s/dw")

# %% [markdown]
r"""
A maximum and its local slopes:
"""

# %%
three.formulas("dm/dz", "dm/dw", "dJ_m/dz")

# %% [markdown]
r"""
A product and its local slopes:
"""

# %%
three.formulas("dp/dx", "dp/dy", "dJ_p/dx")

# %% [markdown]
r"""
A branch, where $x$ is used twice:
"""

# %%
branch.formulas("df/dx")

# %% [markdown]
r"""
An exponential, a reciprocal, a turned sign:
"""

# %%
neuron.formulas("df5/df4", "df7/df6", "df4/df3")

# %% [markdown]
r"""
- Forward: values. Backward: start with 1, multiply by local slopes, add up at branches.
- One pass backward gives the slopes for all inputs.
- A saturated sigmoid lets next to no gradient through; it never lets more than ¼ of it through.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-gates-branch", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

Document 003, *Steps*, the sigmoid and the graph with a maximum (lines 96 to 240). The rule for
branches is missing there; its example is ours.

To read next: Andrej Karpathy's course notes for CS231n, *Backpropagation, Intuitions*, where such
graphs are drawn. Goodfellow, Bengio and Courville, *Deep Learning*, section 6.5, on computational
graphs. Atilim Gunes Baydin and others, *Automatic Differentiation in Machine Learning: a Survey*
(2018).

**Next:** [5. Backpropagation](05_backpropagation.ipynb). A whole network is one such graph.
"""
