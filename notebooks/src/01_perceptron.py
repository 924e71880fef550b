# %% [markdown]
r"""
# 1. The perceptron

A perceptron is the smallest network there is: one unit. It multiplies each input by a weight, adds
a bias, and decides. In this chapter we use it as a logical gate. The inputs are 0 or 1, there are
only four cases, and we can check every one of them by hand.

**What we want to know.** Which gates can one unit compute, how are its weights found, and what can
it not do?
"""

# %%
import dlhand
from dlhand.plots import Panel, boundaries, unit_line

# %% [markdown]
r"""
## OR by trial and error

Document 002 looks for weights such that a unit which fires above 0 computes OR. It starts with
ones and mends one weight whenever a row comes out wrong. The bias is a weight too, with an input
that is always 1; here it is $w_0$.
"""

# %%
or_gate = dlhand.load("002-or")
or_gate

# %% [markdown]
r"""
With $w_0=-1$, $w_1=2$, $w_2=2$ every row is right. What it tells us: each mistake says *which way*
to go. A unit that fires when it should not needs a smaller sum; one that stays silent when it
should fire needs a larger one.

Which of the numbers on the page hold?
"""

# %%
or_gate.verdict_table()

# %% [markdown]
r"""
The last sum is printed as $-1$. It is $-1+2+2=3$, as the line above shows.

## The perceptron rule

Guessing is not needed. The perceptron rule changes each weight by

$$\text{learning rate} \cdot (\text{target} - \text{output}) \cdot \text{input}.$$

The error $\text{target} - \text{output}$ gives the direction, and the input sees to it that only
weights which took part are changed. From the same start one correction is enough.
"""

# %%
dlhand.load("002-or-rule")

# %% [markdown]
r"""
Try it step by step. What does the second row give with the new weights?
"""

# %%
dlhand.load("002-or-rule").player(predict=True, picture="graph")

# %% [markdown]
r"""
## AND, and OR by another bias

Document 003 takes the weights 1 and 1 and changes only the bias. With $b=-1$ and a ReLU, which
passes positive sums on and stops negative ones, the unit computes AND.
"""

# %%
and_gate = dlhand.load("003-and-gate")
and_gate

# %% [markdown]
r"""
With $b=0$ and a step the same unit computes OR.
"""

# %%
or_by_bias = dlhand.load("003-or-gate")
or_by_bias

# %% [markdown]
r"""
## What a unit sees

The unit changes its mind where its sum is 0, and that is a straight line in the plane of the two
inputs. The bias moves the line; the weights turn it. Filled corners should fire.
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

XOR fires when exactly one input is 1. The OR unit with a ReLU fails on the last row.
"""

# %%
dlhand.load("003-xor-fail")

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
xor


# %%
def hidden_lines(d):
    lines = (unit_line(d, "z1", "w11", "w12", "c1"), unit_line(d, "z2", "w21", "w22", "c2"))
    return boundaries(Panel("XOR: two hidden units", "0110", lines))


hidden_lines(xor)

# %% [markdown]
r"""
What it tells us: the corners that should fire lie *between* the two lines. The hidden units send
$(0,1)$ and $(1,0)$ to the same point, $a_1=1$, $a_2=0$, and in their plane one line is enough.

Change a bias: its line moves. Which rows survive?
"""

# %%
xor.explore("c1", "c2", "v2", picture=hidden_lines)

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
"""

# %%
xor_by_rule = dlhand.load("002-xor")
xor_by_rule

# %% [markdown]
r"""
Each unit needs one correction: it fired on a row where it should not, and only the weight whose
input was 1 is changed. The verdicts on the page:
"""

# %%
xor_by_rule.verdict_table()

# %% [markdown]
r"""
**An exercise.** Set the threshold to 0, as the page has it. Which rows come out wrong, and what
would the rule do about them?
"""

# %%
xor_by_rule.explore("theta", "alpha")
