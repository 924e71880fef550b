# %% [markdown]
r"""
# Start here

**In a notebook, press this first.** In the menu at the top: *Run*, then *Run All Cells*. It takes a
few seconds, and everything on this page comes alive. Do the same in every chapter. (Or go through it
cell by cell with Shift and Enter.)

This is a course in working deep learning out by hand. Every network in it is small enough for
pencil and paper, and every number is shown with the step that makes it: forward, to what the
network says, and backward, to how each weight should change.

You can read it like a book. You can also change any number and watch every later step follow, and
in most places you work a result out yourself before you see it.

**Time.** <<time>> **It builds on** school arithmetic alone.

## How to read a step

One neuron weighs an input, adds a bias, and squeezes the sum into the range from 0 to 1. Here are two
of its steps:
"""

# %%
import dlhand
from dlhand.examples.lessons import one_neuron

neuron = one_neuron()
neuron.what_if(w=2).lines("z", "a")

# %% [markdown]
r"""
A few words say what the step does. Below them each line has up to four parts.

1. **The name** of what is computed, such as $z$.
2. **The formula**, over things named before it.
3. **The numbers put in** for the names, in the same places. A negative number stands in brackets
   wherever a sign goes before it.
4. **The result.** After $=$ it is the exact value. After $\approx$ it is rounded, and each digit
   shown is certain: dlhand computes with two bounds that enclose the true value, and narrows them
   until no other digit is possible.

## One step at a time

Now you. It is the same neuron with another weight, $w = -2$. What does it put out, and how would its
error change with the weight?

The player shows one step after the other, beside a picture in which the step is lit. A result
stays hidden until you have found it or ask for it. Type what you think comes out; it may be a
decimal, a fraction or a sum such as `0.5 * -2 + 0.25`. Enter checks it, and Enter again goes on. You
are told one of these:

- *right*, at the digits you typed, or *right, but rounded early*, and where;
- *it follows* from an answer of yours that is not right yet: the mistake lies there, not here;
- *not yet*.

Hints wait for those who are stuck, and *Show me* gives the result away. All that is seldom wanted,
such as other digits, starting over, the whole screen, and the keys, stands behind *More*.

Forward you know already how to read a step. Backward it is the same:
$\frac{\partial E}{\partial w}$ says by how much the error $E$ changes for a small change of $w$.
"""

# %%
neuron.player(predict=True, picture="graph")

# %% [markdown]
r"""
Nobody typed the backward lines: they follow from the formulas above them, one factor for each formula
on the way back. What they tell us: a larger $w$ makes the error smaller, since
$\frac{\partial E}{\partial w}$ is negative. So this weight should rise.

## Change a number

Move a slider, or type a number into the box beside it. The result that is watched follows, the
picture follows, and the curve shows where you are. **What if** you may move only $w$: how small can
the error become?
"""

# %%
neuron.explore("w", "x", "b", watch="E", ranges={"w": (-5, 15)}, picture="graph")

# %% [markdown]
r"""
**The answer.** As small as you like, but never 0. The larger $w$ is, the closer the output comes to
1, which it never reaches. And the further you go, the less there is to gain.

The same in code: a new derivation with another weight, step by step beside the first one, which
stays as it was.
"""

# %%
neuron.compare(neuron.what_if(w="2"), labels=("before", "after"))

# %% [markdown]
r"""
## How rounding is handled

By hand one rounds as one goes, and the rounding adds up. Here is the same neuron beside itself, with
every step rounded to two places before it is used again.
"""

# %%
neuron.compare(neuron.by_hand(2), labels=("exact", "rounded"))

# %% [markdown]
r"""
The slope $\frac{\partial E}{\partial w}$ suffers most: it is a small number, so two places are only
one digit of it, and $-0.08$ is 8 per cent too much. When your own answer differs from ours in the
last digit, this is almost always the reason, and the answer box says so: *right, but rounded early*.

Now and then the numbers shown on a line do not quite give the result shown beside them, because
the result was made from more digits than the page has room for. The line then says so.

## How far you are

Your attempts are kept in a file on your own computer, so that they are still there next time.
`dlhand progress --where` says where it lies, and `dlhand progress --clear` puts it aside.
"""

# %%
from dlhand.widgets.progress import progress_table

progress_table()

# %% [markdown]
r"""
## The chapters

Each takes half an hour to an hour; chapters 12 and 14 take two such sittings, and say where to stop.
They build on each other from 1 to 6; after that you may choose.

- **Networks**: [1 the perceptron](01_perceptron.ipynb), [2 many
  units](02_multilayer_perceptron.ipynb), [3 activations and
  losses](03_activations_and_losses.ipynb)
- **Learning**: [4 computational graphs](04_computational_graphs.ipynb), [5
  backpropagation](05_backpropagation.ipynb), [6 optimisers](06_optimisers.ipynb), [7
  regularisation](07_regularisation.ipynb)
- **Images**: [8 convolution](08_convolution.ipynb), [9 object
  detection](09_object_detection.ipynb)
- **Sequences**: [10 embeddings](10_embeddings.ipynb), [11 recurrent networks](11_rnn.ipynb), [12
  LSTM and GRU](12_lstm_and_gru.ipynb), [13 autoencoders](13_autoencoders.ipynb)
- **Attention**: [14 attention](14_attention.ipynb), [15 positional
  encoding](15_positional_encoding.ipynb), [16 transformers](16_transformers.ipynb)
- **Looking back**: [17 vanishing gradients](17_vanishing_gradients.ipynb), [18 vision
  transformers](18_vision_transformers.ipynb), [19 in a framework](19_in_a_framework.ipynb), [20
  what the notes print](20_errata.ipynb)

Every chapter has questions with reasons for each answer, and ends with a page of formulas.

## A map

The course is made from five handwritten documents, which go by the numbers 000 to 004. This map says
where each section of them is worked out. The names in it, such as `002-net222`, are those of
examples: `dlhand.load("002-net222")` gives you one, and in a terminal `dlhand list` lists them all.
"""

# %%
dlhand.course_map()

# %% [markdown]
r"""
Like all notes the documents have mistakes in them. Wherever a document prints a number, dlhand says
how it relates to the true one: *exact*, *rounded*, *truncated* (cut off), *carried* (right, given an
earlier number on the page, be that rounded or wrong), a *slip* (what one plausible mistake gives), or
*unexplained*. You find these verdicts at the end of each chapter, under "What the notes print", and
all that is not right in chapter
[20](20_errata.ipynb).

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

# %% [markdown]
r"""
**Next:** [1. The perceptron](01_perceptron.ipynb), the smallest network there is.
"""
