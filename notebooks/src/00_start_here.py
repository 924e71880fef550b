# %% [markdown]
r"""
# Start here

This is a course in working deep learning out by hand. Every network in it is small enough for
pencil and paper, and every number is shown with the step that makes it: forward, to what the
network says, and backward, to how each weight should change.

You can read it like a book. You can also change any number and watch every later step follow, or
hide the results and work each one out yourself first.
"""

# %%
import dlhand

# %% [markdown]
r"""
## How to read a step

Here is one neuron. It weighs an input, adds a bias, and squeezes the sum into the range from
0 to 1. What does it put out, and how would its error change with the weight?
"""

# %%
from dlhand.examples.lessons import one_neuron

neuron = one_neuron()
neuron

# %% [markdown]
r"""
Each line has up to four parts.

1. **The name** of what is computed, such as $z$.
2. **The formula**, over things named before it.
3. **The numbers put in** for the names, in the same places. A negative number stands in brackets
   wherever a sign goes before it.
4. **The result.** After $=$ it is the exact value. After $\approx$ it is rounded, and each digit
   shown is certain: dlhand computes with two bounds that enclose the true value, and narrows them
   until no other digit is possible.

The backward part reads the same way. $\frac{\partial E}{\partial w}$ says by how much the error
$E$ changes for a small change of $w$. Nobody typed these lines: they follow from the formulas
above them, one factor for each formula on the way back.

## One step at a time

The player shows one step after the other, beside a picture in which the step is lit. A result
stays hidden until you have found it or ask for it. Type what you think comes out; it may be a
decimal, a fraction or a sum such as `0.5 * -2 + 0.25`. You are told one of these:

- *right*, at the digits you typed, or *right, but rounded early*, and where;
- *it follows* from an answer of yours that is not right yet: the mistake lies there, not here;
- *not yet*.

Three hints wait for those who are stuck: the formula, the numbers put in, and the first thing to
work out. The arrow keys go forward and back, P plays all steps, Enter leads to the answer and
Escape out of it.
"""

# %%
neuron.player(predict=True, picture="graph")

# %% [markdown]
r"""
## Change a number

Move a slider, or type a number into the box beside it. All later steps follow, and so does the
picture. *Compare* puts the setting you have now beside the first one.
"""

# %%
neuron.explore("x", "w", "b", picture="graph")

# %% [markdown]
r"""
The same in code: a new derivation with another weight, step by step beside the first one, which
stays as it was.
"""

# %%
neuron.compare(neuron.what_if(w="2"))

# %% [markdown]
r"""
## How rounding is handled

By hand one rounds as one goes, and the rounding adds up. Here is the same neuron with every step
rounded to two places before it is used again.
"""

# %%
print(neuron.by_hand(2).text())

# %% [markdown]
r"""
The slope $a(1-a)$ suffers most: it is a small number, so two places are only two digits or one.
When your own answer differs from ours in the last digit, this is almost always the reason, and the
answer box says so: *right, but rounded early*.

Now and then the numbers shown on a line do not quite give the result shown beside them, because
the result was made from more digits than the page has room for. The line then says so.

## What a source document prints

The examples come from five handwritten documents, which go by the numbers 000 to 004. Like all
notes they have mistakes in them. Wherever a document prints a number we say how it relates to the
true one: *exact*, *rounded*, *truncated* (cut off), *carried* (right, given an earlier number on
the page, be that rounded or wrong), or *unexplained*.
"""

# %%
dlhand.load("002-xor").verdict_table()

# %% [markdown]
r"""
## How far you are

Your attempts are kept in a file on your own computer, so that they are still there next time.
`dlhand progress --where` says where it lies, and `dlhand progress --clear` puts it aside.
"""

# %%
from dlhand.widgets.progress import progress_table

progress_table()

# %% [markdown]
r"""
## A map

| chapter | what it is about |
| --- | --- |
| [01 Perceptron](01_perceptron.ipynb) | one unit as a logical gate: OR, AND, and why XOR needs two layers |
| [04 Computational graphs](04_computational_graphs.ipynb) | a function taken apart into operations; local and global gradients |
| [05 Backpropagation](05_backpropagation.ipynb) | a network of four sigmoid units, forward, backward and one step of learning |
| [08 Convolution](08_convolution.ipynb) | a filter moving over an image, backward too; padding, pooling, and what it costs |
| [12 LSTM and GRU](12_lstm_and_gru.ipynb) | gates that keep a state over time, and backpropagation through two time steps |
| [14 Attention](14_attention.ipynb) | queries, keys and values, softmax weights, and the way back through them |

The documents hold far more examples than these chapters; each can be loaded by its name. In a
terminal, `dlhand list` lists them all.
"""

# %%
dlhand.names()[:8], len(dlhand.names())

# %% [markdown]
r"""
## Write your own

A derivation is declared in a few lines, and yours gets everything that ours have: the backward
pass, the player, the sliders.
"""

# %%
mine = dlhand.Derivation("My own")
u, v = mine.givens(u="1.5", v="-0.5")
s = mine.step("s", u * v + v**2, say="a product and a square")
gradients = mine.backward(s, [u, v])
mine
