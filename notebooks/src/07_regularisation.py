# %% [markdown]
r"""
# 7. Regularisation

**What you will be able to do.** Say when to stop a training; work out dropout and batch normalisation
by hand, forward and backward; and say what each of them is for.

**Time.** <<time>> **It builds on**
[5. Backpropagation](05_backpropagation.ipynb) and [6. Optimisers](06_optimisers.ipynb).

A network with many weights can learn its training data by heart, noise and all. On new data it then
does worse than before. This is **overfitting**, and what is done against it is **regularisation**.
Document 002 has three methods in a few words, and document 004 has one line of code. All numbers here
are ours.

**What we want to know.** How do we notice that a network learns too much? And what can we do so that
it learns what holds for new data, too?

## When to stop

Put some data aside, and never train on it. After each epoch, work out the error on it: the
**validation error**. While the network learns something of use, that error falls. When it begins to
learn by heart, the error on the training data still falls, but the validation error rises. Here are
six epochs, one cell each:
"""

# %%
import dlhand

stopping = dlhand.load("002-regularisation-earlystop")
stopping.heatmap("E")

# %% [markdown]
r"""
The third epoch is the best so far. But the errors jump a little: after 6.5 came 6.2, so a single
error that is larger proves nothing. **Early stopping** therefore has a **patience** $P$: it stops when
the smallest error is $P$ epochs old, and goes back to the weights of that epoch. Say first: with
$P = 3$, after which epoch does it stop, and which weights are kept?

By hand it is a matter of book-keeping. For each epoch $t$ we note whether the training still runs,
$r_t$; the epoch $k_t$ of the smallest error so far; that error, $e_t$; and how many epochs we have
waited since, $w_t$. ($E_4$ is entry 4 of $E$, the error of epoch 4. A bracket such as $[a > b]$ is 1
where that is so, and 0 where it is not.) Epoch 4, and the end:
"""

# %%
stopping.lines("r4", "k4", "e4", "w4", "w5", "w6", "S", "B")

# %% [markdown]
r"""
It stops after epoch 6, when three epochs have brought nothing better, and keeps the weights of
epoch 3. Three epochs of work are thrown away: that is the price of patience.

**What if** we were less patient? Try $P = 2$ and $P = 1$. Then make the last error 5.5: the network
had a second wind. Which patience do you need to see it? The result shown is $S$, the epoch after
which it stops; the epoch whose weights are kept is the result $B$.
"""

# %%
stopping.explore("P", "E", watch="S", ranges={"P": (1, 6)}, picture=lambda d: d.heatmap("E"))

# %% [markdown]
r"""
**The answer.** With $P = 2$ it stops after epoch 5, with $P = 1$ after epoch 4, and all keep epoch 3. Less patience
is cheaper and, with these errors, just as good. But if epoch 6 brings 5.5, only $P = 3$ gets there:
"""

# %%
second_wind = stopping.what_if(E=[9, 7, 6, "6.5", "6.2", "5.5"])
second_wind.what_if(P=2).compare(second_wind, ["S", "B"], labels=("P = 2", "P = 3"))

# %% [markdown]
r"""
## Dropout

If one unit always does the work, the others need not learn it, and if it is wrong, nobody corrects
it. **Dropout** switches units off at random, others at each step, so that none can be relied on.

Each unit has a **mask** of 0 or 1. With the rate $r$ it is off, so it stays on with $q = 1 - r$. In
use all units are on, and there would be more of everything than the next layer is used to. So while
training those that are on are made larger: they are divided by $q$. This is called *inverted*
dropout. By how much does a unit grow with $r = 0.5$, and what does it put out on average?
"""

# %%
dropout = dlhand.load("002-regularisation-dropout")
dropout.player(predict=True, picture="graph")

# %% [markdown]
r"""
On average the third unit puts out 3, as it would with no dropout: half of the time 0, half of the
time 6. Backward the mask does its work once more. A unit that was off has not taken part, and learns
nothing; for those that were on the gradient is divided by $q$, too.

Document 004 has dropout as a layer of its own, with the rate 0.5. It does two things, one in training
and the other in use:
"""

# %%
dlhand.load("004-dropout").lines("q", "y", "y'")

# %% [markdown]
r"""
**What if** more units were switched off? At which rate does the third unit put out 12, when it is on?
What happens to its average, the result $u$? And what if all four are off at once?
"""

# %%
dropout.explore("r", "m", watch="u_on", ranges={"r": (0, "0.9")}, picture="graph")

# %% [markdown]
r"""
**The answer.** At $r = 0.75$ a quarter of the units is on, and each puts out four times its value: 12 for the third.
The average stays at 3 for every rate. That is what dividing by $q$ is for.
"""

# %%
dropout.compare(dropout.what_if(r="0.75"), ["q", "y", "u_on", "u"], labels=("0.5", "0.75"))

# %% [markdown]
r"""
With all four off, $y$ is 0 and so is every gradient: nothing is learnt in that step. With four units
and $r = 0.5$ this happens once in sixteen times; in a layer of hundreds, never. And $r = 1$ is
refused, since nothing can be divided by $q = 0$.

## Batch normalisation

Each layer learns from what the layers before it put out. But these learn as well, so what comes in
keeps shifting. **Batch normalisation** puts it back to a fixed place and size: over the samples of a
batch, each feature gets the mean 0 and the standard deviation 1. Take one feature of four samples, 1,
2, 3 and 4. What becomes of them?
"""

# %%
norm = dlhand.load("002-regularisation")
norm.player(predict=True, picture="graph")

# %% [markdown]
r"""
The samples keep their order and the ratios of their distances; only the zero and the unit are new.
The variance is divided by 4, the number of samples, and not by 3: the batch is taken for the whole.

Taken as one operation, the variance has a simple slope. Which sample spreads the batch most, if it
grows a little?
"""

# %%
from dlhand.examples.lessons import spread

spread().lines("v", "dv/dx")

# %% [markdown]
r"""
The one furthest from the mean, and outwards: each slope is twice the distance from the mean, divided by
4. All together they are 0, since samples that move alike do not spread.

**What if** all samples were 100 larger? Ten times as large? Multiplied by −1? What if one of them
were very large, 1, 2, 3 and 100? And what if all four were equal? Say each first, then type the four
numbers into the box of $x$.
"""

# %%
norm.explore("x", watch="x_hat", picture="graph")

# %% [markdown]
r"""
**The answer.** Adding the same number changes nothing, since the mean takes it off again. (So a bias just before a
batch normalisation is of no use.) Multiplying changes nothing either, except that −1 turns the signs.
One large sample pushes the others together:
"""

# %%
norm.compare(norm.what_if(x=[1, 2, 3, 100]), ["mu", "s", "x_hat"], labels=("1 to 4", "with 100"))

# %% [markdown]
r"""
And with four equal samples the standard deviation is 0, and there is no result. For that a tiny
$\epsilon$ is added to the variance, in practice $10^{-5}$ or $10^{-3}$. With it, equal samples all
become 0.

## A scale and a shift

Mean 0 and deviation 1 need not be what the next layer wants. So the layer learns a **scale** $\gamma$
and a **shift** $\beta$ for each feature: $y = \gamma \, \hat x + \beta$. With $\gamma = s$ and
$\beta = \mu$ it can undo all it has done. What is gained is that two numbers now say where a feature
lies, and not all the weights before it.

Now backward. What do we expect for the samples? The loss changes with a sample by three ways: by the
sample itself, by the mean, and by the variance. In the picture they part at $x$ and at $c$. What all
samples do together is invisible, as you have just tried: so what can be said about the *sum* of the
gradients of $x$, before any calculation?
"""

# %%
backward = dlhand.load("002-regularisation-batchnorm")
backward.player(predict=True, picture="graph")

# %% [markdown]
r"""
The sum is 0. If all samples rise alike, the loss stays as it is. And since stretching them does not
count either, the gradients also cancel when each is multiplied by the sample's distance from the
mean, $c$ (all but exactly, because of $\epsilon$).

The gradient of $\beta$ is the sum of all that arrives, as with any bias: −1. That of $\gamma$ is the
same sum, with each part multiplied by $\hat x$: −0.49709. Both want to grow.

The samples are no longer independent. The third one, 3, has an error of 0.39 at its output; yet its
gradient, 1.2522, is the largest of all, since it moves mean and variance for the others, too. This is
why batch normalisation acts as a regulariser: what a sample becomes depends on the others that happen
to be in its batch, and that is a little noise in training.

In use there may be no batch, but a single sample. Then mean and variance are those of the training,
kept as running means.

## What the documents leave out

The oldest method is not among the three. A **penalty** on large weights is added to the loss:
$\lambda$ times the sum of their squares, called L2 or *weight decay*, or of their absolute values,
called L1. (It is what the argument `regularization` of the embedding layer in document 002 stands
for.) How do the two pull at a large weight, 3, and at a small one, −0.5?
"""

# %%
penalty = dlhand.Derivation("A penalty on two weights")
w = penalty.given("w", [3, "-0.5"])
_ = penalty.backward(dlhand.penalty(penalty, w, l1="0.1", l2="0.1"), [w])
penalty.lines("N_1", "N_2", "R", "dR/dw")

# %% [markdown]
r"""
L1 pulls at both alike, with 0.1, and so brings small weights all the way to 0. L2 pulls at each in
proportion to its size: with 0.6 at the large one and with 0.1 at the small one. It makes all weights
smaller and none quite 0.

## Questions
"""

# %%
dlhand.quiz("07")

# %% [markdown]
r"""
## What the notes print

Two numbers only, and both are exact:
"""

# %%
norm.verdict_table()

# %% [markdown]
r"""
They are exact where nothing is added to the variance, as here. With $\epsilon = 10^{-5}$ the standard
deviation stays a little below 1.

The words need more care (document 002, lines 252 and 253).

- *Turn off some connection.* Dropout turns off **units**, with all their connections at once. Turning
  off single connections exists as well, and is called DropConnect.
- *The model keep track of error.* Of which error? That on the training data may fall for ever. It must
  be the error on data that is not trained on.
- *Adjust data to have mean of 0.* Which data? Each feature, over the samples of a batch.
- *Help avoid noise which can result in more errors.* Batch normalisation does not take noise out. It
  brings some in, and that is what keeps a network from learning by heart.

And one line of code (document 004, line 156): `tf.keras.layers.Dropout(p=0.5)`. The argument is
called `rate` in Keras. In PyTorch it is called `p`: both mean the share that is switched *off*. In
the paper of 2014 (below) $p$ is the share that stays on. With 0.5 one does not notice. With 0.1 it
makes the difference between a tenth of the units off and nine tenths.

## On one page

Early stopping, from one epoch to the next:
"""

# %%
stopping.formulas("r2", "k2", "e2", "w2")

# %% [markdown]
"""
Dropout, forward and backward:
"""

# %%
dropout.formulas("q", "y", "dL/dx")

# %% [markdown]
"""
Batch normalisation, forward:
"""

# %%
backward.formulas("mu", "c", "v", "s", "x_hat", "y")

# %% [markdown]
"""
And backward, here with four samples:
"""

# %%
backward.formulas(
    "dL/dgamma", "dL/dbeta", "dL/dx_hat", "dL/ds", "dL/dv", "dL/dc", "dL/dmu", "dL/dx"
)

# %% [markdown]
"""
A penalty on the weights:
"""

# %%
penalty.formulas("N_1", "N_2", "R", "dR/dw")

# %% [markdown]
r"""
- Judge by data that is not trained on. Stop when its error has not fallen for a while, and go back to
  the best weights.
- Dropout: random units off, the others divided by $q$; in use all on.
- Batch normalisation: each feature to mean 0 and deviation 1 over the batch, then a scale and a shift
  that are learnt; in use with running means.
- What a layer does not react to has a gradient that cancels: a check that costs nothing.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-regularisation-dropout", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

Dropout, early stopping and batch normalisation are in document 002, *Regularization* (lines 241 to
253). The dropout layer is in document 004, *Regularization 1: Dropout* (lines 153 to 157). Adaptive
learning, batching and regularisation are its third heading, *Training in Practice* (lines 16 to 20).

To read next: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: A Simple Way to
Prevent Neural Networks from Overfitting* (2014); Ioffe and Szegedy, *Batch Normalization:
Accelerating Deep Network Training by Reducing Internal Covariate Shift* (2015); Santurkar, Tsipras,
Ilyas and Madry, *How Does Batch Normalization Help Optimization?* (2018), who doubt the reason that
the title before gives; Prechelt, *Early Stopping – But When?* (1998); Wan and others, *Regularization
of Neural Networks using DropConnect* (2013). And Goodfellow, Bengio and Courville, *Deep Learning*,
chapter 7.

**Next:** [8. Convolution](08_convolution.ipynb). Fewer weights are a regulariser, too: one small
filter, used everywhere.
"""
