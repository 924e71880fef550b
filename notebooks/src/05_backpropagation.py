# %% [markdown]
r"""
# 5. Backpropagation

**What you will be able to do.** Run a network forward, measure its error, go backward to the
gradient of every weight and bias, take one step against these gradients, and check that it has
helped; do the same with matrices; and test a gradient without trusting the formula for it.

**Time.** <<time>> **It builds on** [2. The multilayer
perceptron](02_multilayer_perceptron.ipynb) and
[4. Computational graphs](04_computational_graphs.ipynb): a slope on the way back is what arrives,
times the local slope.

**What we want to know.** A network has put out something wrong. In which direction, and by how
much, should each of its weights and biases change so that the error falls?

## Two links of a chain

The smallest network with something between input and output: $x$ is multiplied by $w_1$, the result
$z_1$ by $w_2$. The loss is $J = (\hat y - y)^2$. Nudge $w_1$, and $z_1$ moves; then $\hat y$ moves;
then $J$. Each of these has a slope, and along a chain the slopes are multiplied. That is the
**chain rule**:

$$\frac{\partial J}{\partial w_1} = \frac{\partial J}{\partial \hat y} \cdot
  \frac{\partial \hat y}{\partial z_1} \cdot \frac{\partial z_1}{\partial w_1}$$

(The figure that document 001 has here is lost; the numbers are ours.) Before you begin: the output
is $-3$, and 1 is wanted. Should $w_2$, which is $-1$, rise or fall?
"""

# %%
import dlhand

chain = dlhand.load("001-backprop")
chain.player(predict=True, picture="graph")

# %% [markdown]
r"""
What it tells us: $\frac{\partial J}{\partial w_2} = -24$, so a larger $w_2$ makes the loss smaller; it
should rise. And the slope $\frac{\partial J}{\partial \hat y} = -8$ served twice, for $w_2$ and for
all that lies before it. To go back from the loss and to keep what has been worked out: this is
**backpropagation**. It costs about as much as going forward, however many weights there are.

## A network of four sigmoid units

Now one from document 002: two inputs, two hidden units, two outputs.
"""

# %%
network = dlhand.load("002-net222")
layers = [["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]
network.network(layers)

# %% [markdown]
r"""
In this chapter $w_1$ and $w_3$ lead to the hidden unit $h_1$, and $w_2$ and $w_4$ to $h_2$. Then
$w_5$ and $w_6$ lead to the output $o_1$, and $w_7$ and $w_8$ to $o_2$. Each layer shares one bias.
The targets are $t_1 = 0.05$ and $t_2 = 0.95$.

Forward, each unit adds up its weighted inputs and its bias, which gives its *pre-activation* $z$,
and squeezes that with the sigmoid. The error is half the squared distance from the target, added up
over both outputs; the half is there so that the slope is simply the distance. Backward, three factors
come up again and again:

- how far an output is from its target, $\frac{\partial E}{\partial o_1} = o_1 - t_1$;
- the slope of the sigmoid, $o_1 (1 - o_1)$;
- what went *into* the weight: the slope of $z_{o1}$ with respect to $w_5$ is $h_1$.

A hidden unit feeds both outputs, so two terms arrive there, and they are added.

Each answer is judged by the digits you type. In the picture the current step is lit, and the
colour says which way the numbers flow. Go forward to the error first. Then pause, and say for each of
the last four weights whether it will rise or fall.
"""

# %%
network.player(predict=True, alike=2, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
What it tells us: $o_1$ is far too large, so the weights that lead to it, $w_5$ and $w_6$, must
fall, and most of all. $o_2$ is too small, so $w_7$ and $w_8$ rise a little. The gradients of the
first layer are 12 to 74 times smaller than those of $w_5$ and $w_6$: each step back multiplies by a
slope of at most ¼, and here by inputs of 0.1 and 0.5 too.

The page stops at the weights. The biases learn as well: a bias is a weight whose input is 1, so
its gradient is the sum of the gradients of the pre-activations it enters.

**Two paths.** The error reaches $w_1$ by two paths, through $o_1$ and through $o_2$. Which signs will
the two parts have?
"""

# %%
paths = dlhand.load("002-net222-paths")
paths.lines("dE1/dw1", "dE2/dw1", "dE/dw1")

# %% [markdown]
r"""
They have opposite signs: the first output wants $h_1$ to fall, the second wants it to rise. The first
is further from its target, and wins.

## Did the step help?

We run the network again with the new weights and biases.
"""

# %%
again = dlhand.load("002-net222-again")
again.lines("E'", "G")

# %% [markdown]
r"""
The error falls from 0.24909 to 0.23385. With the new weights but the old biases it would have
fallen only to 0.24072, so the two biases that the page leaves out do almost half of the work.

**What if** the step were larger? Raise $\alpha$ and look at $E'$. Where does it stop helping?
"""

# %%
again.explore(
    "alpha", "b1", "b2", "t1", "t2", watch="E'", ranges={"alpha": (0, 20)},
    picture=lambda d: d.network([["x1", "x2"], ["h1'", "h2'"], ["o1'", "o2'"]]),
)  # fmt: skip

# %% [markdown]
r"""
**The answer.** $E'$ falls until $\alpha$ is about 9.8, and rises from there on. The page's 0.6 is a
careful step: the best single one goes sixteen times as far. Even at 20 the error is smaller than it
was before the step. But look at the parts:
"""

# %%
far, further = again.what_if(alpha="9.8"), again.what_if(alpha=20)
far.compare(further, ["o1'", "o2'", "E1'", "E2'", "E'"], labels=("9.8", "20"), digits=4)

# %% [markdown]
r"""
The first output comes closer and closer to its target, and the second one pays for it: it goes down
too, away from 0.95. The gradients say how the error changes for *small* steps; a large one leaves the
ground on which they were measured. Chapter [6](06_optimisers.ipynb) is about how far to go.

## Three layers, with matrices

For larger networks nobody writes a line for each weight. Example 4 of document 000 goes back through
three layers with whole matrices. Vectors are columns, and each row of $W$ belongs to a unit. Three
rules do all the work, once in each layer. Let $e$ be what arrives at the weighted sums $z$ of a
layer, and $a$ what went into it:

- **to the weights**: $e\, a^T$, a column times a row: in each place what arrives at the unit of that
  row, times the input of that column;
- **to the bias**: $e$ itself;
- **to the layer before**: $W^T e$. Transposing turns the arrows round: where forward a unit added up
  over its inputs, backward an input adds up over the units that it feeds.

Then comes the ReLU on the way. It passes on what arrives where its sum was above 0, and nothing
elsewhere. We write this as a product entry by entry, $\odot$, with $[z > 0]$, which is 1 where $z$ is
above 0 and 0 where it is not.

The output is a softmax, and its error is simply $\hat y - t$ (chapter
[3](03_activations_and_losses.ipynb) shows why). The page takes $\hat y = (0.5, 0.5, 0)$, which is
rounded. $W_2$ and $W_3$ are the page's; the inputs, $W_1$, the biases and the learning rate are
ours. Since $\hat y$ has been rounded, $L$ is made so that its slope is the error; its value says
nothing. Predict the shapes first, then the numbers.
"""

# %%
matrices = dlhand.load("000-ex4")
matrices.player(predict=True, alike=2, picture=lambda d: d.network(["x", "a1", "a2", "a3"]))

# %% [markdown]
r"""
Every gradient has the shape of what it belongs to; this is the first thing to check when you do it
yourself.

**Without rounding.** The third output is not quite 0, so a trace of error belongs to it. And does the
step help? With one sample and this learning rate, very much:
"""

# %%
exact = dlhand.load("000-ex4-exact")
exact.lines("e3", "dE/dW3", "E", "E'")

# %% [markdown]
r"""
**Units that are switched off.** In the example all sums are positive, so every factor $[z > 0]$ is 1.
Other biases, which are ours, switch one unit of each hidden layer off. What reaches the first layer
then?
"""

# %%
mask = dlhand.load("000-ex4-mask")
mask.lines("z1", "z2", "dE/da2", "e2", "dE/da1", "e1", "dE/dW1")

# %% [markdown]
r"""
Nothing at all. The unit that is left in layer 2 listens only to the second unit of layer 1, and that
one is off. A network can be wrong, and its first layer still learn nothing from this sample.

**Is a gradient right?** One can find out without any rule. Move one weight a little up and a little
down, run the network forward both times, and divide the difference of the losses by twice the move.
Here it is the second weight in the first row of $W_2$:
"""

# %%
dlhand.load("000-ex4-check").lines("W2_up", "E_up", "W2_down", "E_down", "q", "dE/dW2")

# %% [markdown]
r"""
The quotient $q$ and the entry of the gradient agree. Such a **gradient check** costs two runs for
each weight, which is why one does not learn that way; but it finds nearly every mistake in a backward
pass.

## Questions
"""

# %%
dlhand.quiz("05")

# %% [markdown]
r"""
## What the notes print

A page of notes has rounding in it, and slips. *Truncated* numbers are cut off after the digits
shown; half of the results that document 002 prints here are. *Carried* ones follow from another
number on the page.
"""

# %%
network.verdict_table()

# %%
paths.verdict_table()

# %% [markdown]
r"""
Most of the page holds to the digits it shows. Of the numbers that do not, several can be read as
slips of the pen: 0.198 and 0.19880 stand where 0.1948 belongs, 0.15 where the weight 0.5 does, and
0.555073 has one 5 too many. In the slope of the second output the page puts 0.9 for 0.77955, and
goes on with the right product all the same.

One formula is wrong. On the way to $w_1$, line 313 has
$(o_1 - t_1) \cdot w_5 \cdot h_1 (1 - h_1) \cdot x_1$: the slope of the output unit,
$o_1 (1 - o_1)$, is left out. The numbers below it have the factor. What it teaches: count the links.
From $E_1$ to $w_1$ there are five, to $o_1$, $z_{o1}$, $h_1$, $z_{h1}$ and $w_1$, so there must be
five factors.

The two products that document 000 prints in Example 4 are exact:
"""

# %%
matrices.verdict_table()

# %% [markdown]
r"""
Its list of nine steps, however, passes the error back with no word about the activation (line 100):
the factor $[z > 0]$ is missing. With the page's numbers it makes no difference. With the units
switched off as above, layer 1 would get $(0.036, -0.072)$ in place of $(0, -0.036)$. A formula that
was tried only where a factor is 1 has not been tried.

## A detour: which bias did the page use?

The page gives $b_1 = 0.25$ and $b_2 = 0.25$. With the second one the outputs cannot come out as
printed:
"""

# %%
network.what_if(b2="0.25").value("o1")

# %% [markdown]
r"""
The page has $o_1 = 0.73492$. One of the givens must be another than the one written down. How does
one find out which? Read the last layer backwards. The logarithm $\ln\frac{o}{1-o}$ undoes the
sigmoid and gives the pre-activation; taking off the weighted inputs leaves the bias. The page cuts
numbers off after five places, so the true $o_1$ lies somewhere from 0.73492 to 0.73493, and we do
it for both ends.
"""

# %%
dlhand.load("002-net222-b2")

# %% [markdown]
r"""
The bias lies between 0.34996 and 0.35001, so it was $b_2 = 0.35$. The hidden layer agrees with
$b_1 = 0.25$ to the last digit, since its sums are printed as 0.41 and 0.47.

## A detour: both paths, all the way

The page works out the parts of the gradient of $w_1$ one after the other and adds them. Here are both
paths in full, to every weight of the first layer.
"""

# %%
paths.player(picture="graph")

# %% [markdown]
r"""
## On one page

The chain rule, where each link has a slope:
"""

# %%
chain.formulas("dJ/dz1", "dJ/dw1")

# %% [markdown]
r"""
An output unit with a sigmoid and the squared error; a weight and the bias that lead to it:
"""

# %%
network.formulas("dE/do1", "do1/dz_o1", "dE/dz_o1", "dE/dw5", "dE/db2")

# %% [markdown]
r"""
A hidden unit, which feeds two outputs; a weight that leads to it; the step:
"""

# %%
network.formulas("dE/dh1", "dE/dz_h1", "dE/dw1", "w1'")

# %% [markdown]
r"""
The same for whole layers, here the second of three, with ReLU:
"""

# %%
exact.formulas("e3", "dE/da2", "e2", "dE/dW2", "dE/db2", "W2'")

# %% [markdown]
r"""
- Along a chain slopes are multiplied; where paths meet they are added.
- A gradient has the shape of what it belongs to.
- Against the gradient, and not too far: the slopes hold for small steps.
- A finite difference checks any gradient.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-net222", picture=lambda d: d.network(layers))

# %% [markdown]
r"""
## Where it is from, and what to read

Document 001, *Backpropagation Algorithm* (line 62; its figure is lost). Document 002, *Example
solved for Forward propagation and Backward propagation* (lines 255 to 343). Document 000, *Example
4* (lines 80 to 112). The biases' gradients, the second pass, the masks and the check are ours.

To read next: Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors*
(1986). Michael Nielsen, *Neural Networks and Deep Learning*, chapter 2, *How the backpropagation
algorithm works*. Goodfellow, Bengio and Courville, *Deep Learning*, section 6.5.

**Next:** [6. Optimisers](06_optimisers.ipynb). We know which way is down; how far do we go?
"""
