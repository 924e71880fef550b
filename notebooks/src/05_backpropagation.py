# %% [markdown]
r"""
# 5. Backpropagation

A network of four sigmoid units, two inputs and two outputs, from document 002. We run it forward,
measure its error, go backward to find how the error changes with every weight, and take one step
against these gradients.

**What we want to know.** In which direction, and by how much, should each of the eight weights and
two biases change so that the error falls?

In this chapter $w_1$ and $w_3$ lead to the hidden unit $h_1$, and $w_2$ and $w_4$ to $h_2$. Then
$w_5$ and $w_6$ lead to the output $o_1$, and $w_7$ and $w_8$ to $o_2$. Each layer shares one bias.
The targets are $t_1 = 0.05$ and $t_2 = 0.95$.
"""

# %%
import dlhand

network = dlhand.load("002-net222")
layers = [["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]
network.network(layers)

# %% [markdown]
r"""
## The whole derivation

Forward, each unit adds up its weighted inputs and its bias, which gives its *pre-activation* $z$,
and squeezes that with the sigmoid. Backward, three factors come up again and again:

- how far an output is from its target, $\frac{\partial E}{\partial o_1} = o_1 - t_1$;
- the slope of the sigmoid, $o_1 (1 - o_1)$;
- what went *into* the weight: the slope of $z_{o1}$ with respect to $w_5$ is $h_1$.

A hidden unit feeds both outputs, so two terms arrive there, and they are added.
"""

# %%
network

# %% [markdown]
r"""
What it tells us: $o_1$ is far too large, so the weights that lead to it, $w_5$ and $w_6$, must
fall, and most of all. $o_2$ is too small, so $w_7$ and $w_8$ rise a little. The weights of the
first layer change a hundred times less: each step back multiplies by a slope of at most ¼, and
here by inputs of 0.1 and 0.5 too.

The page stops at the weights. The biases learn as well: a bias is a weight whose input is 1, so
its gradient is the sum of the gradients of the pre-activations it enters.

## Step by step

Each answer is judged by the digits you type. In the picture the current step is lit, and the
colour says which way the numbers flow.
"""

# %%
network.player(predict=True, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
## Which bias did the page use?

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

## Two paths

The error reaches $w_1$ by two paths, through $o_1$ and through $o_2$. The page works out both parts
and adds them. They have opposite signs: the first output wants $h_1$ to fall, the second wants it
to rise.
"""

# %%
dlhand.load("002-net222-paths").player(picture="graph")

# %% [markdown]
r"""
## Every printed number, judged

A page of notes has rounding in it, and slips. *Truncated* numbers are cut off after the digits
shown; most numbers here are. *Carried* ones follow from another number on the page.
"""

# %%
network.verdict_table()

# %%
dlhand.load("002-net222-paths").verdict_table()

# %% [markdown]
r"""
Most of the page holds to the digits it shows. Of the numbers that do not, several can be read as
slips of the pen: 0.198 and 0.19880 stand where 0.1948 belongs, 0.15 where the weight 0.5 does, and
0.555073 has one 5 too many. In the slope of the second output the page puts 0.9 for 0.77955, and
goes on with the right product all the same.

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
    "alpha",
    "b1",
    "b2",
    "t1",
    "t2",
    watch="E'",
    ranges={"alpha": (0, 20)},
    picture=lambda d: d.network([["x1", "x2"], ["h1'", "h2'"], ["o1'", "o2'"]]),
)
