# %% [markdown]
r"""
# 2. The multilayer perceptron

**What you will be able to do.** Run a network of several layers forward by hand, line by line and
with matrices; count its parameters; say why it needs an activation between its layers, and what a
single hidden layer can do.

**Time.** <<time>> **It builds on** [1. The perceptron](01_perceptron.ipynb): a weighted
sum, a bias, and an activation. You need to know how a matrix is multiplied by a vector.

One unit draws one straight line. Chapter 1 ended with XOR, which one line cannot do and three units
can: two that look at the inputs, and one that looks at those two. Here we do the same on a larger
scale.

**What we want to know.** What comes out of a network in which the outputs of some units are the
inputs of others? And what is gained by that?

**How we write it.** A vector is a column. $W x$ multiplies a matrix by a vector, and $W$ has *a row
for each unit*. Documents 000 and 003 do so; 001 and 004 do it the other way round, and we say so
where it comes up.

## A layer: four units, the same inputs

Three numbers go in, $x_1$, $x_2$ and $x_3$. Each of four units has a weight for each of them, and a
bias. We want to know what each unit receives. The way is the same four times: multiply, add up, add
the bias. The weight $w_{23}$ belongs to unit **2** and comes from input **3**.

Document 000 prints four lines for this, such as `(2.1 - 1.1 + 1.3) - 5 = -1`. A dot there means
*times*. Work the four units out before you look.
"""

# %%
import dlhand

lines = dlhand.load("000-ex2")
units = [["x1", "x2", "x3"], ["z1", "z2", "z3", "z4"]]
lines.player(predict=True, picture=lambda d: d.network(units))

# %% [markdown]
r"""
What it tells us: the same three numbers mean different things to different units. Unit 1 comes out
below 0, unit 3 at 5. A layer is nothing more than units side by side that share their inputs.

**Is 2.1 really 2 times 1?** The figure with the numbers is lost, so we must be sure. Read as decimal
numbers, the four lines would give this:
"""

# %%
dlhand.load("000-ex2-decimals").lines("z")

# %% [markdown]
r"""
The page has −1, 3, 5 and 3. None of the four agrees. Read as products, all four do; so they are
products. One input vector fits all of them: $x = (2, 1, 3)$.

## The same layer as one product

Twelve products and four sums are a lot to write. Put the weights of each unit into a row of a
matrix, and the whole layer is one line. The row of unit 2 meets the column of inputs, and the
result is what unit 2 receives.

Then comes the activation, entry by entry. Here it is the **rectified linear unit**,
$\mathrm{ReLU}(z)$: it gives $z$ where $z$ is above 0, and 0 elsewhere.
"""

# %%
matrix = dlhand.load("000-ex2-matrix")
matrix.lines("z1", "a1")

# %% [markdown]
r"""
It is the four lines from above, with no new arithmetic. Here you can watch each row meet the inputs:
"""

# %%
matrix.film("z1")

# %% [markdown]
r"""
Unit 1 received −1, so it puts out 0: it is silent. The page does not print this step, but its next
example goes on with 0, 3, 5 and 3.

## A second layer

Now the four outputs become the inputs of two more units. Such units, whose inputs are not the data,
are what makes the network *multilayer*; the layer between, which nobody sees from outside, is called
**hidden**. The second layer has weights and biases of its own, and for the rest it is a layer like
the first. From here on an index is that of a *layer*: $z_1$ is all that layer 1 receives. Predict all
four steps.
"""

# %%
two = dlhand.load("000-ex3")
two.player(predict=True, picture=lambda d: d.network(["x", "a1", "a2"]))

# %% [markdown]
r"""
Sizes go 3, 4, 2. The weights between two layers have one row for each unit that receives, and one
column for each number that arrives: 4 by 3, then 2 by 4. If the sizes do not fit, a matrix has been
turned the wrong way; this is the first thing to check.

**What if?** The first output is silent, because it receives −2. You may change *one* bias of the
first layer, and by as little as possible. Which one, and how far, so that the first output is
active? Type into the box of $b_1$ and watch $z_2$. Three of the four biases can do it.
"""

# %%
two.explore("b1", watch="z2", picture=lambda d: d.network(["x", "a1", "a2"]))

# %% [markdown]
r"""
**The answer.** The first output receives $a_1 + a_2 - a_3$, if we number the outputs of the first
layer: its weights are 1, 1, −1 and 0. At present that is $0 + 3 - 5$. It must come above 0, so it
must rise by more than 2.

- **Unit 2** is active and counts with weight 1. Its bias must rise by more than 2, above 2.
- **Unit 3** is active and counts with weight −1. Its bias must *fall* by more than 2, below −1.
- **Unit 1** is silent, and so the first stretch is lost: from −5 to −4 nothing happens at all. Its
  bias must rise by more than 3, above −2.
- **Unit 4** counts with weight 0. Nothing helps.

Unit 2 and unit 3 need the same change. Here are a rise of 3 for unit 2 and one of 3 for unit 1, side
by side. Only the second loses something on the way.
"""

# %%
by_unit_2, by_unit_1 = two.what_if(b1=[-5, 3, 1, -2]), two.what_if(b1=[-2, 0, 1, -2])
by_unit_2.compare(by_unit_1, labels=("unit 2", "unit 1"))

# %% [markdown]
r"""
Unit 1 reaches exactly 0 there: it stands on the threshold. Keep the lost stretch in mind. A silent
unit does not only put out 0, it also does not react to small changes, and that will matter when a
network is to learn.

## How many numbers are there to learn?

Each unit has a weight for every number that arrives, and a bias. So a layer with $n$ inputs and $m$
units has $(n + 1) \cdot m$ **parameters**.
"""

# %%
dlhand.load("000-ex3-count")

# %% [markdown]
r"""
Document 001 has a network of the same sizes, with three inputs and four hidden units; how many
outputs it has is left open. With two we get the same 26. What would ten outputs cost? Work it out,
then look.
"""

# %%
count = dlhand.load("001-mlp-count")
count.what_if(n_2=10).lines("P_1", "P_2", "P")

# %% [markdown]
r"""
Only the last layer grows, from 10 to 50. Each further output costs five: four weights and a bias.

## Rows or columns?

Document 001 writes the weighted sum as $z_j = \sum_i x_i\, w_{ij} + w_{0j}$. The first index of
$w_{ij}$ is now the *input*, the second the *unit*, so the matrix has a column for each unit. The
inputs stand in a row, and before the matrix: $x W$.

Is that another network? Work it out in rows first, then in columns. (The numbers are ours.)
"""

# %%
mlp = dlhand.load("001-mlp")
mlp.player(predict=True, picture=lambda d: d.network(["x", "a", "y"]))

# %% [markdown]
r"""
The same outputs, 1 and 6. Turning a product round turns both its factors: $(x W)^T = W^T x^T$. So
wherever one document has $x W$, another has $W^T x$, and they mean the same network.

Rows have one advantage: several samples can stand below each other, and one product does them all.
This is how the code of document 004 does it. Its layer takes a matrix `inputs` with a row for each
sample, and adds the bias to every row. Say what comes out of the sums; the sigmoid, $\sigma$,
squeezes each of them between 0 and 1 and is the subject of the next chapter.
"""

# %%
dense = dlhand.load("004-dense")
dense.player(predict=True, picture=lambda d: d.operation("z"))

# %% [markdown]
r"""
Each row of the result belongs to one sample alone. The samples do not mix; they only share the
weights.

## Why an activation between the layers?

Leave it out, and see what is left. A unit without activation is called a **linear unit**. Three of
them in a chain, with one input and one output each, are enough for the argument, which is from
document 003. First go through the chain. Then put each layer into the next, and collect what
multiplies $x$. The numbers are ours.
"""

# %%
collapse = dlhand.load("003-linear-collapse")
chain = [["x"], ["z1"], ["z2"], ["y_hat"]]
collapse.player(predict=True, picture=lambda d: d.network(chain))

# %% [markdown]
r"""
Three layers with six numbers do what one layer with two does: $\hat y = 30\, x + 13$. However many
linear layers we stack, what comes out is one weight and one bias.

**What if** you raise one bias by 1, which of the three moves the output most? Guess before you try.
"""

# %%
ends = {"b1": (0, 5), "b2": (0, 5), "b3": (0, 5)}
collapse.explore(*ends, watch="y_hat", ranges=ends, picture=lambda d: d.network(chain))

# %% [markdown]
r"""
**The answer.** The first one. It still has two weights before it, and is multiplied by both:
$3 \cdot 2 = 6$. The second is multiplied by 2, and the third by nothing. So the output goes from 43
to 49, 45 or 44:
"""

# %%
[collapse.what_if(b1=2).value("y_hat"), collapse.what_if(b2=3).value("y_hat"),
 collapse.what_if(b3=4).value("y_hat")]  # fmt: skip

# %% [markdown]
r"""
With several units in a layer, the weights are matrices and their order counts. The last matrix comes
first, since it is applied last.
"""

# %%
dlhand.load("003-linear-collapse-matrix").lines("a3", "W", "b", "y")

# %% [markdown]
r"""
The same happens in one line of document 004, `Sequential([Dense(n), Dense(2)])`: a dense layer in
Keras has no activation unless it is told to. With $n = 3$:
"""

# %%
dlhand.load("004-multi-output").lines("y", "W", "b", "y'")

# %% [markdown]
r"""
The three units between have left no trace. What it tells us: **depth without activations adds
nothing.** It is the bend in the activation that makes a second layer worth having.

## What can one hidden layer do?

If bends are what counts, how far do they take us? A ReLU unit with the bias $-k$ is flat up to $k$
and rises from there on. So a sum of such units is a line that bends at each of their *knots* $k$,
by as much as the unit's output weight says. Here four of them follow the parabola $x^2$ from 0 to 1.
The solid line is the function, the dashed one its slope.
"""

# %%
from dlhand import activation_curves, relu


def four_units(z):
    return relu(z) / 4 + (relu(z - "0.25") + relu(z - "0.5") + relu(z - "0.75")) / 2


activation_curves(low=0, high=1, parabola=lambda z: z**2, four_units=four_units)

# %% [markdown]
r"""
The two functions can hardly be told apart, the slopes can: the network climbs its stairs where the
parabola goes straight up. Each step of the stairs is one unit.

How does one find the weights? No training is needed here. The line is to meet the parabola at each
knot, so the piece between two knots has to be as steep as the straight way from one to the other. A
unit's output weight is the *bend*: how much steeper its piece is than the one before. Now do it for
eight units, and find out how far the network is off half-way between the first two knots.
"""

# %%
approx = dlhand.load("003-universal-approx")
parts = ["r", "g", "f", "err"]
approx.player(predict=True, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
It is off by $\frac{1}{256}$, and the last line says that this is the worst there can be: what bends
by at most $M$ strays from a straight line of length $h$ by at most $\frac{M h^2}{8}$.

Twice as many units halve $h$. So the error should fall to a quarter:
"""

# %%
dlhand.load("003-universal-approx-finer").lines("h", "err")

# %% [markdown]
r"""
It does: 1/1024. This is the idea behind the **universal approximation theorem**. For every continuous
function on a bounded interval, and every error that we are ready to allow, there is a network with
one hidden layer that stays within it.

And outside the interval?
"""

# %%
dlhand.load("003-universal-approx-outside").lines("g", "f", "err")

# %% [markdown]
r"""
After the last knot nothing bends any more, and the network goes on in a straight line. At 100 it is
off by nearly all there is.

**What if?** Move $x$ in the eight-unit network. Where between 0 and 1 is the error exactly 0? And
beyond 1, does the network come out too high or too low? The slider goes to 1.05; you can type
more.
"""

# %%
approx.explore("x", watch="err", ranges={"x": (0, "1.05")}, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
**The answer.** At every knot, 0, 0.125, 0.25 and so on, and at 1, since there the line meets the
parabola. Between them it lies above: a straight way between two points of a bowl does. Beyond 1 it
comes out too low, because the parabola grows ever steeper and the line does not. At 2 it has 2.875
in place of 4:
"""

# %%
approx.what_if(x=2).lines("g", "f", "err")

# %% [markdown]
r"""
## Questions

These are about facts that no calculation covers: kinds of layers, what networks are good and bad at,
and what the theorem says and does not say.
"""

# %%
dlhand.quiz("02")

# %% [markdown]
r"""
## What the notes print

The numbers of document 000 hold, all of them. That is worth knowing: what could be mistaken for an
error, `2.1`, is a way of writing.
"""

# %%
two.verdict_table()

# %% [markdown]
r"""
(In `000-ex2` the four results and 28 numbers put in are exact as well.) The formulas of documents
003 and 004 do not fare as well.

**The bias of the collapsed layer.** Document 003 leaves the weights out on the way of a bias, in two
places: it has $b^{[2]} + b^{[3]}$ where $W_3 b_2 + b_3$ belongs, and in the end
$b^{[1]} + b^{[2]} + b^{[3]}$ where this belongs:
"""

# %%
collapse.formulas("b")

# %% [markdown]
r"""
With our numbers the page's first line gives 41 and its last one 36, where the network itself gives
43. What it teaches: a bias is a number like any other once it has been added. All that is done to
the sum later is done to the bias too. The check is the one you did above: raise a bias by 1 and see
how far the output moves.

**For all $x$.** Document 003 says that for some $\varepsilon > 0$ there is a network with
$|f(x) - g(x)| \le \varepsilon$ for all $x$. Three words need care.

- *For all $x$* is too much: at $x = 100$ our network is off by 9813.375. It holds on a bounded
  interval.
- *For some* $\varepsilon$ is too little: it holds for **every** $\varepsilon$, and that is the
  strength of it.
- *Some non-linearity* is nearly right: the activation must not be a polynomial.

And what the theorem does not say at all: how many units it takes, or whether training finds them.

**The code of document 004.** The class of the dense layer has several slips, among them `_init_` for
`__init__`: with one underscore on each side the method is never called. Chapter
[19](19_in_a_framework.ipynb) puts the code right and runs it.

## On one page

A layer in columns, a row of $W$ for each unit; and a second one on top of it:
"""

# %%
two.formulas("z1", "a1", "z2", "a2")

# %% [markdown]
"""
The same in rows, a column of $W$ for each unit, and any number of samples below each other:
"""

# %%
mlp.formulas("z", "a", "y")

# %% [markdown]
"""
The parameters, where $n_0$ inputs meet $n_1$ and then $n_2$ units:
"""

# %%
count.formulas("P_1", "P_2", "P")

# %% [markdown]
"""
Without activations, three layers are one:
"""

# %%
collapse.formulas("W", "b", "y")

# %% [markdown]
"""
Knots $h$ apart: the bend at each is the difference of two slopes, and the error has a bound.
"""

# %%
approx.formulas("c", "r", "g", "bound")

# %% [markdown]
r"""
- A layer is units side by side that share their inputs: one product, one sum, one activation.
- A silent ReLU unit does not react to small changes.
- Depth without activations adds nothing; each ReLU adds a bend.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("000-ex3", picture=lambda d: d.network(["x", "a1", "a2"]))

# %% [markdown]
r"""
## Where it is from, and what to read

Examples 2 and 3 are from document 000 (lines 59 to 78). The sizes 3 and 4 and the formulas in rows
are from document 001 (*MultiLayer Perceptron*). The collapse and *Representation power of NN* are
from the first page of document 003, the dense layers from document 004. The kinds of layers and the
advantages and drawbacks in the quiz are from the first pages of document 002. Numbers that a
document does not have are ours, and marked so.

To read next: Michael Nielsen, *Neural Networks and Deep Learning*, chapter 4, *A visual proof that
neural nets can compute any function*. Goodfellow, Bengio and Courville, *Deep Learning*, chapter 6.
For the theorem: Cybenko, *Approximation by Superpositions of a Sigmoidal Function* (1989); Hornik,
*Approximation Capabilities of Multilayer Feedforward Networks* (1991); and Leshno, Lin, Pinkus and
Schocken, *Multilayer Feedforward Networks with a Nonpolynomial Activation Function Can Approximate
Any Function* (1993).

**Next:** [3. Activations and losses](03_activations_and_losses.ipynb). Which bends are there, and how
do we say how wrong an output is?
"""
