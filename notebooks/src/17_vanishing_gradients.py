# %% [markdown]
r"""
# 17. Vanishing and exploding gradients

**What you will be able to do.** Follow a gradient back through many layers and say how much of it
arrives; find the factor of each layer; say what ReLU, clipping and gates do about it, and what they
do not.

**Time.** <<time>> **It builds on** [3. Activations and losses](03_activations_and_losses.ipynb)
and [5. Backpropagation](05_backpropagation.ipynb), and can be read right after them. The last section
looks at [11. Recurrent networks](11_rnn.ipynb) and [12. LSTM and GRU](12_lstm_and_gru.ipynb).

In chapter 5 the first layer changed a hundred times less than the last one. That was a network of
two layers. Networks can have a hundred.

**What we want to know.** How large is the gradient that reaches the first weight? By which factor does
each layer change it, and can we choose that factor?

**How we write it.** Each layer here has one unit, so all quantities are single numbers:
$z_k = w_k\, a_{k-1}$ and $a_k = g(z_k)$, with $a_0 = x$. There are no biases. *How large* means
without regard to the sign.

## Three sigmoids in a chain

Document 003 has the smallest chain that shows it: three sigmoid units, all weights 0.5, the input 1
and the target 1. The figure is lost, so the weights are read off its products. The page goes forward,
begins the way back, and stops at the third unit. We finish it.

On the way back, two factors come from each layer: the slope of its sigmoid, $a\,(1 - a)$, and its
weight. Before you start, guess: how many times smaller is the gradient of $w_1$ than that of $w_3$?
"""

# %%
import dlhand

chain = dlhand.load("003-vanish")
layers = [["x"], ["a1"], ["a2"], ["a3"]]
chain.player(predict=True, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
Forty times. The three gradients side by side, by size:
"""

# %%
factors = dlhand.load("003-vanish-factors")
factors.bars(["dL/dw3", "dL/dw2", "dL/dw1"])

# %% [markdown]
r"""
They have the same sign: all three weights should rise. But with one learning rate for all, $w_3$ takes
a step forty times as long as that of $w_1$. The first layer, whose work all others build on, learns
slowest.

## The factor of a layer

To get from $\frac{\partial L}{\partial a_2}$ to $\frac{\partial L}{\partial a_1}$, we multiply by the
slope of unit 2 and by $w_2$. So each layer has a factor, *weight times slope*. Here they are for all
three, and below them how many times smaller the gradient of each weight is than that of the next.
"""

# %%
factors.lines("f3", "f2", "f1", "r2", "r1")

# %% [markdown]
r"""
Each layer lets about an eighth through. Why do the gradients of the weights shrink by 7.6 and 5.3,
and not by 8? Each weight's gradient also has the factor that goes *into* the weight: $a_2$ for $w_3$,
$a_1$ for $w_2$, and $x$ for $w_1$. They rise from 0.577 to 1 on the way, and make up for some of it.

## Can the factor be larger?

A sigmoid's slope is ¼ at most. So the factor is at most a quarter of the weight, here an eighth:
"""

# %%
factors.lines("m3", "m2", "m1")

# %% [markdown]
r"""
For $n$ layers with the weight $w$ that is $\left(\frac{w}{4}\right)^n$ at most. How much is left
after 10 layers when every weight is 1? Guess a power of ten, then work it out.
"""

# %%
bound = dlhand.load("003-vanish-facts-bound")
bound.player(predict=True, picture=lambda d: d.bars(["B_1", "B_3", "B_10"]))

# %% [markdown]
r"""
A millionth, and that is the most. The bar of $B_{10}$ is there; it is only too short to be seen.

**What if** the weight were 4? Then $\frac{w}{4}$ is 1, and the bound says that nothing need be lost.
So set all three weights of the chain to 4, and look at the factors: the results $f_1$, $f_2$ and
$f_3$. Are they 1? Then look for the $w_1$ that makes $f_1$ largest.
"""

# %%
ends = {"w1": ("0.1", 5), "w2": ("0.1", 5), "w3": ("0.1", 5)}
factors.explore(*ends, watch="f1", ranges=ends, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
**The answer.** They are not 1 but 0.07 to 0.08, smaller than before. A large weight makes a large sum,
and there the sigmoid is flat. A bound says what cannot be exceeded; it does not say that it is
reached. What grows in one factor is lost in the other:
"""

# %%
factors.compare(factors.what_if(w1=4, w2=4, w3=4), ["f3", "f2", "f1", "dL/dw1"],
                labels=("0.5", "4"))  # fmt: skip

# %% [markdown]
r"""
The best you can do lies between. For the first layer it is near $w_1 = 1.55$, and even there its
factor is only 0.224. For the layers above it is 0.224 divided by what they receive from the unit
before. With positive weights that is above ½, so no factor reaches ½. (A unit that puts out next to
nothing, followed by a huge weight, would get round this. And with biases one can bring a sum to 0,
where $w = 4$ does give 1; but only for one input.)

What it tells us: **with sigmoids, the gradient vanishes**, layer by layer and in a power of the number
of layers. Tanh is better, since its slope goes up to 1, but it is flat outside as well.

## ReLU

Document 003 has the answer in one line: ReLU. The slope of an active ReLU is 1. That factor is gone
from the product, and only the weights are left. But, it says, this leads to *exploding* gradients.
Does it? Take three ReLU units with the weight 2, the input 1, and the target 0. What does the last
unit put out, and how does the gradient go on from there?
"""

# %%
explode = dlhand.load("003-vanish-facts-explode")
explode.player(picture=lambda d: d.network(layers))

# %% [markdown]
r"""
The output is 8, and so is the gradient there. At $a_2$ it is 16, at $a_1$ it is 32: twice as much with
every layer back. In ten layers it would be a thousand times as much.

**What if?** Change the weights. For which does the gradient stay the same from $a_3$ to $a_1$, so that
the difference $q$ of the two is 0? For which does it vanish? So, is it the ReLU that makes it explode?
"""

# %%
back = explode.what_if()
back.step("q", back["dL/da1"] - back["dL/da3"], say="by how much the gradient has grown")
ends = {"w1": (-1, 3), "w2": (-1, 3), "w3": (-1, 3)}
back.explore(*ends, watch="q", ranges=ends, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
**The answer.** With all weights 1 it stays the same. With 0.5 it halves at every layer, and vanishes
as it did before. So it is not the ReLU: the slope 1 neither shrinks nor grows anything. It is the
product of the *weights*, which the sigmoid's slopes no longer hold down.
"""

# %%
same, half = (explode.what_if(w1=w, w2=w, w3=w) for w in ("1", "0.5"))
same.compare(half, ["dL/da3", "dL/da2", "dL/da1"], labels=("1", "0.5"))

# %% [markdown]
r"""
And with a negative weight? Then a unit's sum is below 0, its slope is 0, and no gradient arrives before
it at all:
"""

# %%
explode.what_if(w2=-2).lines("z2", "a2", "da2/dz2", "dL/dw1")

# %% [markdown]
r"""
So ReLU helps if the weights are chosen with care. With many units in a layer it is not the single
weight that counts but what all of them do together; the usual choice draws the weights at random, with
a variance of 2 divided by the number of inputs. The 2 makes up for the half of the units that are
silent. The factor of a layer is then 1 on average, at the start.

## Clipping

Gradients that explode have one simple remedy. If the gradient is longer than a limit $c$, it is
shortened to that length, and keeps its direction. A step so long that it jumps out of all that has been
learnt becomes a step of bounded length. Two gradients, a long and a short one:
"""

# %%
clip = dlhand.load("003-vanish-facts-clip")
clip.player(predict=True, picture="graph")

# %% [markdown]
r"""
**What if** each entry were cut off at 5 by itself? Say what would become of $(6, -8)$. And for which
limit $c$ does the short gradient begin to be shortened too? Its factor is $s_h$.
"""

# %%
clip.explore("c", watch="s_h", ranges={"c": (0, 10)}, picture="graph")

# %% [markdown]
r"""
**The answer.** Cut off entry by entry, $(6, -8)$ becomes $(5, -5)$, and points in another direction.
Shortened as a whole it becomes $(3, -4)$: half of each. The short gradient has the length 1, so from
$c = 1$ downwards it is shortened too. At $c = \frac{1}{2}$ it is half as long:
"""

# %%
clip.what_if(c="0.5").lines("s_h", "h'")

# %% [markdown]
r"""
Clipping reduces the one problem, as the page says, and does nothing for the other: it only ever
shortens.

## Through time

A recurrent network has the same chain, only that its layers are time steps, and all share *one* weight
$W_{hh}$. So the factor is nearly the same at every step, and its power decides. Here only the first
input is not 0, and only the last output has a target. Which share $r$ of the gradient at the last state
is left at the first, three steps before? On the way back each step multiplies by $0.5$ and by a slope of
tanh. Say roughly what will be left, then go through it.
"""

# %%
plain = dlhand.load("001-rnn-vanishing")
plain.player(picture="unrolled")

# %% [markdown]
r"""
12 %. Of that, $0.5^3 = 0.125$ comes from the weights; the slopes of tanh are near 1 here, since the
states are small.

An LSTM has a second way through time, its state, which is multiplied by a *gate* and nothing else. The
gate stands near 0.95, if its bias is 3. The same task, the same share:
"""

# %%
gated = dlhand.load("001-rnn-gates")
gated.lines("δstate_3", "δstate_2", "δstate_1", "r")

# %% [markdown]
r"""
86 %. It is the same idea as the weight 1 above, put into the design of the network: **a way back whose
factor is near 1.** With the gate half open, at the bias 0, the factor is ½, and 12.5 % is left:
"""

# %%
gated.compare(gated.what_if(b_f=0), ["f_4", "f_3", "f_2", "r"], labels=("bias 3", "bias 0"))

# %% [markdown]
r"""
Deep networks without time have such a way too. A **residual connection** adds its input to what a
layer makes of it, $a + g(a)$. The slope of that is $1 + g'(a)$: whatever $g'$ is, the 1 is there. You
will find it in every block of a transformer, in [chapter 16](16_transformers.ipynb).

## Questions
"""

# %%
dlhand.quiz("17")

# %% [markdown]
r"""
## What the notes print

Of the numbers of document 003 on this subject, these are not exact or rounded:
"""

# %%
chain.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
**The wrong number in the slope.** For the slope of the third sigmoid the page has
$0.288\,(1 - 0.288) = 0.208$. The formula is $a\,(1 - a)$, and $a_3$ is 0.572. The number 0.288 is
$z_3$, what the unit *received*. With the right one the slope is 0.245. (Nor does 0.288 give 0.208: it
gives 0.205.)

What it teaches: the slope of a sigmoid is written in terms of its *output*. A slope of 0.208 looks
harmless, since it is below ¼ as it should be, so no check of the size finds it. The check that does:
$z_3$ is close to 0, there the slope must be close to ¼, and 0.208 is not.

**A lost sign.** $0.571 - 1$ is printed as 0.428. It is −0.429, and with the exact $a_3$ it is −0.428.
The sign is not a trifle: with it the weight rises, and without it the weight would fall, away from the
target.

**A lost place.** In $0.622 \times 0.15 \approx 0.311$ the weight is 0.5; the result shows it.

**ReLU leads to exploding gradients.** This is said too shortly, as you have seen: the weights do. ReLU
only no longer holds them back.

## On one page

Forward and back through one layer, here the second of three:
"""

# %%
chain.formulas("z2", "a2", "da2/dz2", "dL/dz2", "dL/dw2", "dL/da1")

# %% [markdown]
"""
The factor of a layer, and what it can be at most for a sigmoid, once and ten times over:
"""

# %%
factors.formulas("f2", "m2")

# %%
bound.formulas("B_10")

# %% [markdown]
"""
Clipping a gradient $g$ to the length $c$:
"""

# %%
clip.formulas("n_g", "s_g", "g'")

# %% [markdown]
"""
Through time: a step back in a plain recurrent network, and one in the state of an LSTM.
"""

# %%
plain.formulas("dE/dz_3", "dE/dh_2")

# %%
gated.formulas("δstate_3")

# %% [markdown]
r"""
(In the last line the second part is 0 in our example, where no output before the last has a say.)

- A gradient is multiplied by weight times slope at every layer. Below 1 it vanishes, above 1 it
  explodes, in a power of the number of layers.
- A sigmoid's factor is a quarter of the weight at most, and a large weight makes it smaller, not
  larger. With ReLU the weights alone decide.
- Clipping shortens what is too long. Against vanishing, a way back with a factor near 1 is needed: a
  gate, or a residual connection.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-vanish", picture=lambda d: d.network(layers))

# %% [markdown]
r"""
## Where it is from, and what to read

The chain, *Vanishing & Exploding Gradients Problem*, ReLU and clipping are from document 003 (lines
254 to 288). Long-term dependencies and gates are from document 001 (*Backpropagation Through Time*)
and from document 002 (RNN, LSTM, GRU). Where a page has no numbers, ours are used.

To read next: Hochreiter and Schmidhuber, *Long Short-Term Memory* (1997). Bengio, Simard and Frasconi,
*Learning Long-Term Dependencies with Gradient Descent is Difficult* (1994). Glorot and Bengio,
*Understanding the Difficulty of Training Deep Feedforward Neural Networks* (2010), and He, Zhang, Ren
and Sun, *Delving Deep into Rectifiers* (2015), on how to choose the first weights. Pascanu, Mikolov and
Bengio, *On the Difficulty of Training Recurrent Neural Networks* (2013), on clipping. He, Zhang, Ren and
Sun, *Deep Residual Learning for Image Recognition* (2016).

**Next:** [18. Vision transformers](18_vision_transformers.ipynb). If you came here from chapter 5, go on
with [6. Optimisers](06_optimisers.ipynb).
"""
