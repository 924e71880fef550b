# %% [markdown]
r"""
# 1. The perceptron

**What you will be able to do.** Work out what a unit puts out; find weights for logical gates, by
trial and by rule; say what one unit cannot do, and do that with three; and let a unit learn from its
error by going against the gradient.

**Time.** <<time>> **It builds on** [Start here](00_start_here.ipynb), and on school
arithmetic.

A perceptron is the smallest network there is: one unit. It multiplies each input by a weight, adds
a bias, and decides.

**What we want to know.** Which gates can one unit compute, how are its weights found, and what can
it not do?

## One unit

Here it is, drawn. The inputs come in from the left, and each line carries its weight. The unit adds
up what arrives and its bias, $z = w_1 x_1 + w_2 x_2 + w_3 x_3 + b$. Then comes the **activation**,
which makes the output of the sum. This one is a **rectified linear unit**, $\mathrm{ReLU}(z)$: it
gives $z$ where $z$ is above 0, and 0 elsewhere. What does it put out?
"""

# %%
import dlhand
from dlhand.plots import Panel, boundaries, unit_line

unit = dlhand.load("000-ex1-active")
unit.player(predict=True, picture=lambda d: d.network([["x1", "x2", "x3"], ["y_hat"]]))

# %% [markdown]
r"""
With the bias $-5$ in place of 1 the sum is negative, and the unit is silent:
"""

# %%
dlhand.load("000-ex1").lines("z", "y_hat")

# %% [markdown]
r"""
**As one product.** Document 001 puts inputs and weights into vectors, and writes the sum as
$w_0 + X \cdot W$: entry times entry, added up. The activation here is the sigmoid, $\sigma$, which
squeezes any number between 0 and 1.
"""

# %%
product = dlhand.load("001-perceptron")
product.lines("z", "y_hat")

# %% [markdown]
r"""
**The bias is a weight too**, one whose input $x_0$ is always 1. Written so, a unit has weights and
nothing else:
"""

# %%
dlhand.load("002-ann-bias").lines("y", "y'")

# %% [markdown]
r"""
**Without an activation** the sum itself comes out. Such a unit is called a linear unit.
"""

# %%
dlhand.load("002-ann-linear").lines("z", "y_hat")

# %% [markdown]
r"""
## A unit as a gate

In most of this chapter we use a unit as a logical gate. The inputs are 0 or 1, there are only four
cases, and we can check every one of them by hand. A **truth table** has a row for each:

| $x_1$ | $x_2$ | $x_1$ OR $x_2$ | $x_1$ AND $x_2$ | $x_1$ XOR $x_2$ |
| :---: | :---: | :---: | :---: | :---: |
| 0 | 0 | 0 | 0 | 0 |
| 0 | 1 | 1 | 0 | 1 |
| 1 | 0 | 1 | 0 | 1 |
| 1 | 1 | 1 | 1 | 0 |

OR wants at least one input to be 1, AND both, and XOR exactly one. A unit computes a gate if it fires
in the rows with a 1, and in no other.

## OR by trial and error

Document 002 looks for weights such that a unit which fires above 0 computes OR. It starts with
ones and mends one weight whenever a row comes out wrong. The bias is $w_0$ here. We write
$[y > 0]$ for what comes out: 1 where $y$ is above 0, else 0. Before each trial, say which weight you
would change, and which way.

Many of the steps are alike, here and in later chapters. Two of each kind are asked for; the others are
worked out before your eyes. (The menu *More* has them asked for, too.)
"""

# %%
or_gate = dlhand.load("002-or")
or_gate.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
With $w_0=-1$, $w_1=2$, $w_2=2$ every row is right. What it tells us: each mistake says *which way*
to go. A unit that fires when it should not needs a smaller sum; one that stays silent when it
should fire needs a larger one.

## The perceptron rule

Guessing is not needed. The perceptron rule changes each weight by

$$\text{learning rate} \cdot (\text{target} - \text{output}) \cdot \text{input}.$$

The error $\text{target} - \text{output}$ gives the direction, and the input sees to it that only
weights which took part are changed. From the same start one correction is enough. What does the
second row give with the new weights?
"""

# %%
rule = dlhand.load("002-or-rule")
rule.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
**What if** the learning rate were another? For which learning rates is one correction enough?
"""

# %%
rule.explore("alpha", watch="w0'", ranges={"alpha": (0, 3)}, picture="graph")

# %% [markdown]
r"""
**The answer.** From 1 on, and below 2. Only $w_0$ is changed, to $1 - \alpha$. Row 0, 0 wants it to be
0 or less. Rows 0, 1 and 1, 0 want $1 - \alpha + 1$ to be above 0. A smaller step does not go far
enough, and the rule needs another one; a larger one goes too far, and at 2 both of these rows are
silent:
"""

# %%
small, large = rule.what_if(alpha="0.5"), rule.what_if(alpha=2)
small.compare(large, ["w0'", "o_00'", "o_01'", "o_10'", "o_11'"], labels=("0.5", "2"))

# %% [markdown]
r"""
## AND, and OR by another bias

Document 003 takes the weights 1 and 1 and changes only the bias. With $b=-1$ and a ReLU the unit
computes AND.
"""

# %%
and_gate = dlhand.load("003-and-gate")
and_gate.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
With $b=0$ and a step, which puts out 1 for every sum above 0, the same unit computes OR.
"""

# %%
or_by_bias = dlhand.load("003-or-gate")
or_by_bias.lines("a_00", "a_01", "a_10", "a_11")

# %% [markdown]
r"""
## What a unit sees

The unit changes its mind where its sum is 0, and that is a straight line in the plane of the two
inputs, its **decision boundary**. The bias moves the line; the weights turn it. Filled corners should
fire.
"""

# %%
and_line = unit_line(and_gate, "the AND unit", "w1", "w2", "b")
or_line = unit_line(or_by_bias, "the OR unit", "w1", "w2", "b")
boundaries(Panel("AND", "0001", (and_line,)), Panel("OR", "0111", (or_line,)))

# %% [markdown]
r"""
Both lines run right through corners, where the sum is exactly 0, and the gates work only because
such a unit fires *above* 0 and not *at* 0. A bias of $-1.5$ for AND, or $-0.5$ for OR, would leave
room on both sides.

## XOR: what one unit cannot do

XOR fires when exactly one input is 1. The OR unit with a ReLU fails on the last row: 0 is wanted
there.
"""

# %%
fails = dlhand.load("003-xor-fail")
fails.lines("a_00", "a_01", "a_10", "z_11", "a_11")

# %% [markdown]
r"""
Other weights do not help. A unit that computes XOR would need all four of

$$b \le 0, \qquad w_1 + b > 0, \qquad w_2 + b > 0, \qquad w_1 + w_2 + b \le 0.$$

Add the two in the middle: $w_1 + w_2 + 2b > 0$. Add the two at the ends: $w_1 + w_2 + 2b \le 0$.
Both cannot be true. In the picture: no straight line has the two filled corners on one side and
the two empty ones on the other.

## XOR with a hidden layer

Two hidden units and an output unit can do it. This is the network of document 003, with a ReLU at
every unit. The page checks only the row 1, 1; here are all four.
"""

# %%
xor = dlhand.load("003-xor-relu")
xor.player(predict=True, alike=2, picture="graph")


# %%
def hidden_lines(d):
    lines = (unit_line(d, "z1", "w11", "w12", "c1"), unit_line(d, "z2", "w21", "w22", "c2"))
    return boundaries(Panel("XOR: two hidden units", "0110", lines))


hidden_lines(xor)

# %% [markdown]
r"""
What it tells us: the corners that should fire lie *between* the two lines (and just on the second,
where the sum is 0 and the unit still silent). The hidden units send $(0,1)$ and $(1,0)$ to the same
point, $a_1=1$, $a_2=0$, and in their plane one line is enough.

**What if?** Change a bias: its line moves. Count an output above 0 as firing. How far can $c_2$ be
raised, and how far lowered, before a row goes wrong? Watch $a_3$ of the row 0, 1, and then of the
row 1, 1.
"""

# %%
xor.explore(
    "c2", "c1", "v2", watch="a3_01", ranges={"c2": (-2, 0), "c1": (-2, 2), "v2": (-4, 0)},
    picture=hidden_lines,
)  # fmt: skip

# %% [markdown]
r"""
**The answer.** It can be raised to just below $-0.5$, and not lowered at all. When $c_2$ rises, the
second line moves past the filled corners. Then the second unit fires there too and, with its weight
$-2$, holds the output down; at $-0.5$ nothing is left. When $c_2$ is
lowered, the second unit does not quite silence the first one any more in the row 1, 1. Here are both:
"""

# %%
raised, lowered = xor.what_if(c2="-0.5"), xor.what_if(c2="-1.1")
raised.compare(lowered, ["a3_00", "a3_01", "a3_10", "a3_11"], labels=("raised", "lowered"))

# %% [markdown]
r"""
## XOR trained by the perceptron rule

Document 002 builds XOR from two halves, each trained by the perceptron rule with the learning rate
$\alpha = 1.5$:

$$z_1 = x_1 \text{ and not } x_2, \qquad z_2 = \text{not } x_1 \text{ and } x_2, \qquad
  y = z_1 \text{ or } z_2.$$

A unit fires when its sum reaches the threshold $\theta$. The page says $\theta = 0$, but by its
own check marks a sum of 0.5 does not fire and a sum of 1 does, so the threshold in use lies above
0.5 and not above 1. We take 1.

Both units start with the weights 1 and 1. The first fires on the row 0, 1, where it should not. What
are its weights after the correction? And those of the second unit, which fires on the row 1, 0?
"""

# %%
xor_by_rule = dlhand.load("002-xor")
xor_by_rule.lines("z1_01", "w11'", "w21'", "z2_10", "w12'", "w22'")

# %% [markdown]
r"""
Each unit needs one correction: it fired on a row where it should not, and only the weight whose
input was 1 is changed. Then all rows are right:
"""

# %%
xor_by_rule.lines("o_00", "o_01", "o_10", "o_11")

# %% [markdown]
r"""
**What if** the threshold is 0, as the page has it? Which rows come out wrong, and what would the rule
do about them?
"""

# %%
xor_by_rule.explore("theta", "alpha", watch="o_11", ranges={"theta": (0, 1)})

# %% [markdown]
r"""
**The answer.** The rows 0, 0 and 1, 1: both fire. In the row 1, 1 each half receives 0.5, and the rule
would make both of its weights smaller. In the row 0, 0 it can do nothing. Both inputs are 0, so no
weight is changed, and the sum is 0 with any weights. Only a bias, or a threshold above 0, helps
there.
"""

# %%
zero = xor_by_rule.what_if(theta=0)
zero.lines("z1_00'", "z1_11'", "o_00", "o_11")

# %% [markdown]
r"""
## Learning from the size of an error

The perceptron rule knows only right and wrong. Where the output is a number, the error has a size:
5 came out, 7 was wanted. Document 000 goes four steps: add up, apply the activation, measure the
**cost** $C = \frac{1}{2} (y - \hat y)^2$, and change each weight a little against its slope, called
its **gradient**. That is **gradient descent**; how much is changed, the **learning rate** says.

Two things about the notation. $\frac{\partial C}{\partial w_1}$ is by how much $C$ changes for a
small change of $w_1$. And $[z > 0]$ is the slope of the ReLU: 1 where $z$ is above 0, else 0. (The
numbers are ours.)
"""

# %%
neuron = dlhand.load("000-neuron")
neuron.player(predict=True, picture=lambda d: d.network([["x1", "x2", "x3"], ["y_hat"]]))

# %% [markdown]
r"""
What it tells us: the output was too small, so all gradients are negative and all weights rise; most
of all $w_3$, whose input is the largest. One step brings the output from 5 to 5.3, and the cost from 2
to 1.445.

**What if** the step is larger? Which learning rate reaches 7 in a single step? And from which on does
the cost not fall any more?
"""

# %%
neuron.explore(
    "alpha", watch="C'", ranges={"alpha": (0, "0.2")},
    picture=lambda d: d.network([["x1", "x2", "x3"], ["y_hat'"]]),
)  # fmt: skip

# %% [markdown]
r"""
**The answer.** The output after the step is $5 + 30\, \alpha$. It is 7 for
$\alpha = \frac{1}{15} \approx 0.067$. At twice this rate it is 9, as far above 7 as it was below at
first, and the cost is 2 again; beyond that the step does harm.
"""

# %%
hit, twice = neuron.what_if(alpha="1/15"), neuron.what_if(alpha="2/15")
hit.compare(twice, ["y_hat'", "C'"], labels=("1/15", "2/15"))

# %% [markdown]
r"""
**A unit that is switched off** learns nothing, however large its error is. With the bias $-5$:
"""

# %%
dlhand.load("000-neuron-inactive").lines("y_hat", "C", "dC/dz", "dC/dw1", "w1'")

# %% [markdown]
r"""
**A unit without activation** is never switched off, since its slope is 1:
"""

# %%
dlhand.load("002-ann-linear").lines("dC/dz", "dC/dw1", "dC/dw2", "dC/db")

# %% [markdown]
r"""
**Is a gradient right?** Move $w_1$ of the active unit a little up and a little down, and see how much
the cost changes for each unit of change:
"""

# %%
dlhand.load("000-neuron-check").lines("C_up", "C_down", "q", "r")

# %% [markdown]
r"""
Nothing is left over: the derivative is right. Such a test works for any gradient, in a network of any
size.

## Questions
"""

# %%
dlhand.quiz("01")

# %% [markdown]
r"""
## What the notes print

Which of the numbers on the pages hold? First the OR gate of document 002:
"""

# %%
or_gate.verdict_table()

# %% [markdown]
r"""
The last sum is printed as $-1$. It is $-1+2+2=3$, as the trials above show; the check mark beside it
is right all the same. The verdicts on its XOR:
"""

# %%
xor_by_rule.verdict_table()

# %% [markdown]
r"""
One sum is wrong: the row 1, 0 gives 1 for the first unit, and 0.5 is printed, the sum of the row
below. It is printed with a check mark as well, and it has hidden another slip: if 0.5 fires in one row
and not in the other, no threshold can be right. With 1 there is one, above 0.5. The threshold 0 of
line 115 is a wrong formula; you have seen above what it does.

In document 003 every printed number of the AND unit, of the failing unit and of the XOR network is
exact. Two more formulas are wrong, and one name:

- **The second form of the cost** in document 000 (line 29) compares $y$ with the bare sum, without
  the activation. For the active unit that is the same. For the one that is switched off it gives
  $\frac{(7 + 1)^2}{2} = 32$, where the cost is $\frac{7^2}{2} = 24.5$.
- **The gradients** below it (lines 33 to 37) leave the bias out. With our numbers that gives $-6$ for
  $w_1$, where the gradient is $-4$. The check by a small move finds such a slip at once.
- **What line 63 of document 002 calls ReLU** is the step: it puts out 1 where the sum is above 0. See
  chapter [3](03_activations_and_losses.ipynb).

## On one page

A unit, and the same as a product of vectors:
"""

# %%
unit.formulas("z", "y_hat")

# %%
product.formulas("z")

# %% [markdown]
r"""
The perceptron rule, for a weight whose input was 1, with the target 0:
"""

# %%
rule.formulas("w0'")

# %% [markdown]
r"""
Gradient descent for a unit with ReLU:
"""

# %%
neuron.formulas("C", "dC/dz", "dC/dw1", "dC/db", "w1'")

# %% [markdown]
r"""
- One unit draws one straight line; the bias moves it, the weights turn it.
- OR and AND can be done with one unit, XOR needs a hidden layer.
- The perceptron rule changes only weights whose input was not 0, and only when the output is wrong.
- Gradient descent uses the size of the error; a ReLU unit that is switched off learns nothing.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("000-neuron", picture=lambda d: d.network([["x1", "x2", "x3"], ["y_hat"]]))

# %% [markdown]
r"""
## Where it is from, and what to read

Document 000, the four steps and Example 1 (lines 13 to 54; the figure of the example is lost, its
numbers are those of a unit of Example 2). Document 001, *Perceptron* (lines 5 to 7). Document 002,
*Artificial Neural Network* and the gates (lines 4 to 184). Document 003, *Perception* (lines 18 to
94).

To read next: Michael Nielsen, *Neural Networks and Deep Learning*, chapter 1. Frank Rosenblatt, *The
Perceptron: A Probabilistic Model for Information Storage and Organization in the Brain* (1958). Marvin
Minsky and Seymour Papert, *Perceptrons* (1969), on what one unit cannot do.

**Next:** [2. The multilayer perceptron](02_multilayer_perceptron.ipynb). Three units did XOR; what do
many do?
"""
