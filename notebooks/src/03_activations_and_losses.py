# %% [markdown]
r"""
# 3. Activations and losses

**What you will be able to do.** Work out sigmoid, tanh, ReLU, Leaky ReLU and softmax and their
slopes; choose the one that fits the place; work out a loss and the direction in which it sends the
outputs.

**Time.** <<time>> **It builds on**
[2. The multilayer perceptron](02_multilayer_perceptron.ipynb), and on the derivatives of $x^2$,
$e^x$, $\ln x$ and $\frac{1}{x}$.

A network learns from two functions that we choose for it. The **activation** bends what a unit has
added up. The **loss** says, in one number, how wrong the outputs are.

**What we want to know.** What does each of them give, and what is its *slope*? The slope decides what
is learnt: the error of an output is multiplied by it on its way to the weights.

**How we write it.** $z$ is what a unit receives, and $g(z)$ what it makes of it. All functions but
softmax take one number at a time; of a vector, they take each entry by itself. $\odot$ multiplies
entry by entry.

## Four bends and their slopes

The solid line is the function, the dashed one its slope.
"""

# %%
import dlhand

dlhand.activation_curves("sigmoid", "tanh")

# %%
dlhand.activation_curves("relu", "leaky_relu", low=-2, high=2)

# %% [markdown]
r"""
The first two level off on both sides, and their slopes come back down to 0. The other two consist of
two straight pieces, and their slopes jump. ReLU and Leaky ReLU look nearly the same; below 0 the one
has the slope 0, the other 0.01.

Oldest of all is the **step**: 1 above 0, else 0. It says yes or no and nothing between. The sigmoid
is a step made smooth. And ReLU? Compare the three on four numbers, and then look at the slope of
ReLU.
"""

# %%
step = dlhand.load("002-activations")
step.player(predict=True, picture="graph")

# %% [markdown]
r"""
The last line equals the first: **the slope of ReLU is the step.** The step's own slope is 0
everywhere, so a network of steps has nothing to learn from. That is why a unit puts out a ReLU and
not a step, while the step comes back on the way backward.

Other things that only jump are no better. Here is a sum of three times one weight, twice another, and
eight such things: the slope of a Leaky ReLU (see below), a step, a sign, a number rounded down, two
comparisons, the question which of the two is the larger one, and a softmax with a mask made of both.
What comes back to the weights?
"""

# %%
from dlhand.examples.lessons import flat_steps, later_bends

flat_steps().lines("J", "dJ/dw", "dJ/dv")

# %% [markdown]
r"""
3 and 2, and that comes from the weights themselves. The eight others send nothing back, since they are
flat between their jumps. It is also the reason why one does not learn from the number of right answers,
though that is what one would like to raise: it only jumps.

## The sigmoid

$$g(z) = \frac{1}{1 + e^{-z}}$$

It squeezes every number between 0 and 1, so its output can be read as a probability. We want its
slope, and document 001 has a strikingly short formula for it: $g' = g\,(1 - g)$. Is that right? The
formula is made of three links: $e = e^{-z}$, then $s = 1 + e$, then $g = \frac{1}{s}$. Each has a
simple slope, and the slope of the whole is their product. Go through it at $z = 2$.
"""

# %%
sigmoid = dlhand.load("001-activations-sigmoid")
parts = ["e", "s", "g", "g'", "g0", "g0'"]
sigmoid.player(predict=True, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
Link by link we get 0.10499, and the short formula gives the same. It must: the product of the slopes
is $\left(-\frac{1}{s^2}\right) \cdot (-e) = \frac{1}{s} \cdot \frac{e}{s}$. The first factor is $g$.
The second is $\frac{s - 1}{s} = 1 - \frac{1}{s}$, which is $1 - g$.

The slope needs no new power of $e$: a program that has $g$ has it for one product. And $g\,(1-g)$ is
a product of two numbers that add up to 1, so it is largest where both are $\frac{1}{2}$. **A sigmoid
never has a slope above ¼.**

## The hyperbolic tangent

$$g(z) = \tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}$$

It lies between −1 and 1, with 0 in the middle. Its slope is said to be $1 - g^2$. We call the two
powers $u = e^z$ and $v = e^{-z}$, and ask how $g$ changes with each.
"""

# %%
tanh = dlhand.load("001-activations-tanh")
tanh.player(picture="graph")

# %% [markdown]
r"""
The same 0.78645 both ways. In symbols: $\frac{\partial g}{\partial u} = \frac{1 - g}{u + v}$ and
$\frac{\partial g}{\partial v} = -\frac{1 + g}{u + v}$. As $z$ grows, $u$ changes by $u$ and $v$ by
$-v$, so together that is $\frac{(1-g)\,u + (1+g)\,v}{u+v} = \frac{(u + v) - g\,(u - v)}{u+v} = 1 -
g^2$.

The last step shows that tanh is a sigmoid in disguise: $\tanh z = 2\,\sigma(2z) - 1$. It is twice as
high and runs twice as fast, so its slope is up to four times as large: at most 1, at $z = 0$.

## Saturation

How fast does the slope fall as $z$ grows? Here are both functions and their slopes at 0, 2, 5 and
10.
"""

# %%
saturation = dlhand.load("001-activations-saturation")
saturation.lines("g", "dS/dz", "t", "dT/dz")

# %% [markdown]
r"""
At 10 the sigmoid has a slope of 0.000045, and tanh one of 0.0000000082. A unit there is
**saturated**: it hardly reacts to what it receives, and an error that comes back to it is multiplied
by next to nothing. Tanh begins with the larger slope and saturates sooner.

## ReLU and Leaky ReLU

ReLU has no such trouble above 0: the slope is 1, however large $z$ is. Below 0 it has another: the
slope is 0. **Leaky ReLU** lets a hundredth through there. At 0 itself there is a kink and no slope;
by agreement, as in document 001, it is taken as 0.
"""

# %%
dlhand.load("001-activations-relu").lines("r_u", "dr_u/du", "l_u", "dl_u/du",
                                          "r_v", "dr_v/dv", "l_v", "dl_v/dv")  # fmt: skip

# %% [markdown]
r"""
What is a hundredth good for? A ReLU unit whose sum is negative for every sample gets the gradient 0
from every sample. Its weights never change again: it is **dead**. Here is such a unit, with leak.
Its sum is −1 and its target 7. Go forward, back, and take one step.
"""

# %%
leaky = dlhand.load("002-ann-leaky")
leaky.player(picture="graph")

# %% [markdown]
r"""
The step is small, a hundredth of what an active unit would take, but it goes the right way: the sum
has risen from −1 to −0.89485.

**What if** the learning rate were larger? Find the $\alpha$ from which on one single step makes the
unit active, so that the sum after it, $z'$, is above 0. You can work it out first: how far must the
sum rise, and how far does it rise for each unit of $\alpha$?
"""

# %%
leaky.explore("alpha", watch="z'", ranges={"alpha": (0, 2)}, picture="graph")

# %% [markdown]
r"""
**The answer.** The sum has to rise by 1. With the rate 0.1 it rises by 0.10515, and the rise is in
proportion to $\alpha$. So the border lies at $\alpha = \frac{1}{1.0515} \approx 0.951$. The number
1.0515 has two parts: 0.0701, the gradient at $z$, and $15 = 2^2 + 1^2 + 3^2 + 1^2$, since each
weight moves by its input and is multiplied by that input again.
"""

# %%
below, above = leaky.what_if(alpha="0.95"), leaky.what_if(alpha="0.96")
below.compare(above, ["z'", "y_hat'", "C'"], labels=("0.95", "0.96"))

# %% [markdown]
r"""
The whole section in one table: document 004 has the three functions with their TensorFlow names,
`tf.math.sigmoid`, `tf.math.tanh` and `tf.nn.relu`. Here they are on four numbers at once, each with
its slopes below it.
"""

# %%
dlhand.load("004-activations").lines("g_S", "dS/dz", "g_T", "dT/dz", "g_R", "dR/dz")

# %% [markdown]
r"""
## Without a kink

Later networks often take an activation that looks like ReLU from afar and has no kink. There are four
of them, and no document has them: **softplus**, $\ln(1 + e^z)$; **ELU**, which is $z$ above 0 and
$e^z - 1$ below; **SiLU**, $z$ times its sigmoid; and **GELU**, $z$ times the share of a normal
distribution that lies below $z$, written $\Phi(z)$. Most transformers have GELU in their feed-forward
networks.
"""

# %%
dlhand.activation_curves("softplus", "elu", low=-4, high=4)

# %%
dlhand.activation_curves("silu", "gelu", low=-4, high=4)

# %% [markdown]
r"""
At $z = -1$, where ReLU is silent and has no slope:
"""

# %%
bends = later_bends()
bends.lines("p", "dp/dz", "u", "du/dz", "s", "ds/dz", "q", "g", "dg/dz", "h", "dh/dz")

# %% [markdown]
r"""
All four let something through. SiLU and GELU go *down* before they go up, and GELU is still on its way
down at $-1$: its slope there is $-0.083$. ($g$ makes GELU of its two parts, $h$ in one step; $\varphi$
is the bell curve, the slope of $\Phi$.)

**What if** $z$ is another? Where has GELU its lowest place, and where is it steepest? Is its slope ever
above 1?
"""

# %%
bends.explore("z", watch="dh/dz", ranges={"z": (-4, 4)})

# %% [markdown]
r"""
**The answer.** It is lowest near $z = -0.75$, where the slope is 0. It is steepest at $z = \sqrt 2
\approx 1.414$, with a slope of 1.129: a little more than ReLU ever has. There the slope itself neither
rises nor falls, which is the last of these three lines:
"""

# %%
bends.what_if(z="1.41421356").lines("h", "dh/dz", "ddh/dz/dz")

# %% [markdown]
r"""
## Softmax: shares of a whole

At the output, one of several classes is to be chosen. Then the numbers should be *shares*: each
between 0 and 1, and 1 altogether. Document 000 explains softmax by the numbers 2 and 4: what part of
their sum is each?
"""

# %%
shares = dlhand.load("000-softmax")
shares

# %% [markdown]
r"""
These are shares of a sum, but this is not softmax yet. It works for 2 and 4. For −1 and 3, what
would the parts be?
"""

# %%
dlhand.load("000-softmax-negative").lines("r1", "r2")

# %% [markdown]
r"""
A share of −0.5 and one of 1.5: that cannot be meant. A unit can well receive a negative number, so
something has to make it positive first, and $e^x$ does. **Softmax** takes the parts of the powers:

$$p_i = \frac{e^{x_i}}{\sum_k e^{x_k}}$$

What are the shares of 2 and 4 then?
"""

# %%
softmax = dlhand.load("000-softmax-exp")
softmax.player(predict=True, picture=lambda d: d.bars(["p1", "p2"]))

# %% [markdown]
r"""
Not 1/3 and 2/3, but 0.119 and 0.881. And −1 and 3 now have shares that make sense:
"""

# %%
dlhand.load("000-softmax-negative").lines("p1", "p2")

# %% [markdown]
r"""
**What if?** Leave $x_1$ at 2 and change $x_2$. Where are both shares the same? Where is the first
share 0.01? And what happens if you add the same number to both?
"""

# %%
ends = {"x2": (-10, 10), "x1": (-10, 10)}
softmax.explore(*ends, watch="p1", ranges=ends, picture=lambda d: d.bars(["p1", "p2"]))

# %% [markdown]
r"""
**The answer.** The same share at $x_2 = 2$. A hundredth at about $x_2 = 6.6$: the quotient of the
shares, 99, is $e^{x_2 - x_1}$, so the difference is $\ln 99 \approx 4.595$. And adding the same
number to both changes nothing. Here 100 is taken off:
"""

# %%
dlhand.load("000-softmax-shift").lines("x1'", "x2'", "s", "s'", "p1'", "p2'")

# %% [markdown]
r"""
The sum falls from 62 to a number with 41 zeros after the point, and the shares are the same: every
power is multiplied by $e^{-100}$, above and below. **Only differences count.** Programs use this:
they take the largest number off all of them, so that no power grows too large.

Which inputs would give the notes' 1/3 and 2/3? The logarithms of 2 and 4, since $e^{\ln 2} = 2$:
"""

# %%
dlhand.load("000-softmax-logs").lines("x1", "x2", "s", "p1", "p2")

# %% [markdown]
r"""
## The slopes of softmax

Each share depends on *every* input, since all share one sum. With two inputs there are four slopes.
Two things happen when $x_1$ grows: its own power grows, and so does the sum. Follow both.
"""

# %%
jacobian = dlhand.load("000-softmax-jacobian")
jacobian.player(picture="graph")

# %% [markdown]
r"""
All four have the same size, 0.10499, and two are negative. The shares add up to 1, so what one gains
the other must lose. In short, and for any number of inputs: $p_i (1 - p_i)$ with its own input,
$-p_i\, p_j$ with another. And 0.10499 is not new: it is the slope of the sigmoid at 2. A softmax of two
numbers *is* a sigmoid of their difference, and the difference of 4 and 2 is 2.

## Which one where?

Between the layers ReLU is the first choice, with Leaky ReLU, tanh and sigmoid beside it. At the
output the task decides: sigmoid for yes or no, softmax for one of several classes. So document 002 has it,
in two columns that have run into each other. Where any number may come out, a linear unit will do.

## How wrong is an output?

Two outputs say how likely a 1 is: $f = (0.9, 0.2)$. The answers are $y = (1, 0)$. Both are nearly
right. We want one number for how wrong they are, and for each output the direction in which it
should go.

The **mean squared error** takes $(f - y)^2$ and the mean over all outputs.
"""

# %%
mse = dlhand.load("001-loss-mse")
mse.player(predict=True, picture="graph")

# %% [markdown]
r"""
The **binary cross-entropy** asks for something else: which probability did the output give to the
answer that was right? That is $f$ where the answer is 1, and $1 - f$ where it is 0. Of it, minus the
logarithm is taken: 0 for full trust in what is right, and ever more the less trust there is. One
formula holds for both cases, since the part with the factor 0 drops out:
"""

# %%
bce = dlhand.load("001-loss-bce")
bce.player(predict=True, picture="graph")

# %% [markdown]
r"""
Both losses send the first output up and the second one down. The cross-entropy does it more firmly.
For a target of 1 the two look like this:
"""

# %%
from dlhand import loss_curves

loss_curves("mean_squared_error", "binary_cross_entropy", low="0.02", high="0.98")

# %% [markdown]
r"""
Towards 0, where the output is surely wrong, the squared error reaches 1 and no more, with the slope −2.
The cross-entropy rises without end, and its slope with it.

## Cross-entropy behind a sigmoid

An output between 0 and 1 mostly comes from a sigmoid. So the gradient that counts is the one with
respect to $z$, before it. The sigmoid has a slope that can be tiny, the cross-entropy one that can be
huge. What do they make together?
"""

# %%
together = dlhand.load("001-loss-sigmoid")
together.player(predict=True, picture="graph")

# %% [markdown]
r"""
They cancel. For one output, the slope of the loss is $\frac{f - y}{f (1 - f)}$, and that of the
sigmoid $f (1 - f)$. What is left is $f - y$: **output less target**, and nothing else. (Here it is
halved, since $J$ is the mean of two.)

**What if** the output is very sure and very wrong? Type −10 for the first entry of $z$, whose target is 1.
Compare the gradients with respect to $z$ and to $f$; the list of results has both.
"""

# %%
together.explore("z", watch="dJ/dz", picture="graph")

# %% [markdown]
r"""
**The answer.** The output is 0.000045. The gradient with respect to $f$ is −11014, the slope of the
sigmoid 0.000045, and the product of the two −0.49998: nearly −½, the most there can be. A unit that
is saturated on the wrong side still learns at full speed.
"""

# %%
together.what_if(z=[-10, -1]).lines("f", "J", "dJ/df", "dJ/dz")

# %% [markdown]
r"""
With the squared error it would not. Here is one unit with the same $z = -10$ and the target 1, first
with the one loss and then with the other. Look at the gradient with respect to $z_1$.
"""

# %%
from dlhand import Layer, mlp

unit = [Layer([[-10]], activation="sigmoid")]
squared, crossed = (
    mlp([1], unit, [1], loss) for loss in ("mean_squared_error", "binary_cross_entropy")
)

# %%
squared.compare(crossed, ["E", "dE/da1", "dE/dz1"], labels=("squared", "cross-entropy"))

# %% [markdown]
r"""
The squared error sends back −0.00009, the cross-entropy −0.99995. This is the reason why the two
belong together, sigmoid and binary cross-entropy; and in the same way, softmax and cross-entropy.

## In a program

**From scores.** The sigmoid can come so near to 0 that a program takes it for 0, and the logarithm
of 0 does not exist. So programs take $z$, the *score*, and do both at once: the loss of one score is
$\ln(1 + e^z) - y z$. The results are the same:
"""

# %%
scores = dlhand.load("004-losses-bce")
scores.lines("J", "L", "J'", "dJ'/dz")

# %% [markdown]
r"""
**Two spellings of one error.** Document 004 has two lines for the mean squared error. The first takes
the mean of all squares. The second, `tf.keras.losses.MSE`, gives a number for each sample. What are
they for three samples with two outputs each?
"""

# %%
spellings = dlhand.load("004-losses-mse")
spellings.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
Three numbers in place of one: their mean is still to be taken, and then both agree on $\frac{7}{6}$.

**A softmax too many.** For the *binary* cross-entropy the same page calls
`softmax_cross_entropy_with_logits`. Think of a network with one output, and say before you look: what
is the softmax of a single number?
"""

# %%
single = dlhand.load("004-losses-softmax")
single.player(predict=True, picture="graph")

# %% [markdown]
r"""
It is 1, whatever the number is, and the loss is 0. The network would never learn anything, and the
loss would look perfect. A loss of exactly 0 from the first step on is a warning.

## Questions
"""

# %%
dlhand.quiz("03")

# %% [markdown]
r"""
## What the notes print

Few numbers are printed on these subjects. The shares of the sum are exact:
"""

# %%
shares.verdict_table()

# %% [markdown]
r"""
The formulas have more to teach.

**Softmax without powers.** Document 000 calls $\frac{2}{6}$ and $\frac{4}{6}$ softmax. The true
softmax of 2 and 4 is 0.119 and 0.881. The parts of a sum are a good picture of what softmax is for,
but they change when all inputs are shifted, and they fail below 0.

**A step called ReLU.** Document 002 writes 1 where $y > 0$ and calls it ReLU. For $y = 2$ that gives
1, and ReLU gives 2. Gates need the step. A network that learns needs ReLU, since the slope of the
step is 0.

**A bracket too few.** Documents 001 and 004 write the binary cross-entropy as
$-\frac{1}{n} \sum y \log f + (1 - y) \log(1 - f)$, with no bracket around the two parts. Read strictly,
the minus then belongs to the first part alone. For $f = 0.2$ and $y = 0$ that gives −0.223, where
the loss is 0.223: a negative loss, which would *reward* the mistake. Everybody knows what is meant,
but a program does what is written.

**The code of document 004.** `softmax_cross_entropy_with_logits` stands for the binary loss, where
`sigmoid_cross_entropy_with_logits` belongs, and `MSE` lacks its mean. You have followed both above.

## On one page

Sigmoid and tanh, and their slopes from their values:
"""

# %%
sigmoid.formulas("e", "s", "g", "g'")

# %%
tanh.formulas("g", "g'", "q")

# %% [markdown]
"""
ReLU, the step that is its slope, and the sigmoid:
"""

# %%
step.formulas("r", "s", "g")

# %% [markdown]
"""
Softmax of two numbers, and its slopes:
"""

# %%
jacobian.formulas("e1", "e2", "s", "p1", "p2", "D11", "D12", "D22")

# %% [markdown]
"""
The two losses with their gradients:
"""

# %%
mse.formulas("L", "J", "dJ/df")

# %%
bce.formulas("L", "J", "dJ/df")

# %% [markdown]
"""
Behind a sigmoid, for two outputs, and the same from scores:
"""

# %%
together.formulas("f", "dJ/dz", "q")

# %%
scores.formulas("L", "J'")

# %% [markdown]
r"""
- The slope of a sigmoid is ¼ at most, that of tanh 1 at most; both vanish far from 0.
- ReLU has slope 1 or 0; the leak keeps a silent unit alive.
- Softmax turns differences into quotients; its shares move against each other.
- Take the loss that fits the output: then what comes back is output less target.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("001-loss-sigmoid", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

Activations and losses: document 001 (*Common activation Functions*, *Emperical Loss*) and document
004 (the same with code). Softmax: document 000 (*Softmax explanation*). The step, Leaky ReLU and
which activation goes where: document 002, first pages. Numbers that a document does not have are
ours, and marked so.

To read next: Goodfellow, Bengio and Courville, *Deep Learning*, sections 6.2 and 6.3. Bishop, *Pattern
Recognition and Machine Learning*, section 4.3. Michael Nielsen, *Neural Networks and Deep Learning*,
chapter 3, on the cross-entropy. Maas, Hannun and Ng, *Rectifier Nonlinearities Improve Neural Network
Acoustic Models* (2013), for the leak.

**Next:** [4. Computational graphs](04_computational_graphs.ipynb). We took functions apart into links
and multiplied the slopes. There it becomes a method.
"""
