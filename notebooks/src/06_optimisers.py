# %% [markdown]
r"""
# 6. Optimisers

**What you will be able to do.** Do gradient descent by hand; tell a learning rate that is too large
from one that is too small; count the steps of an epoch; and work out a step of momentum, Adagrad,
RMSprop, Adadelta and Adam.

**Time.** <<time>> **It builds on**
[5. Backpropagation](05_backpropagation.ipynb).

Backpropagation says how the loss changes with every weight. It does not say how far to go. The rules
for that are from documents 001, 002 and 004. None of them has an example with numbers: all numbers
here are ours.

**What we want to know.** We stand somewhere on a slope, in fog, and want to get down. We know which
way it falls under our feet, and how steeply. How far do we step?

Here is a part of a valley from above. Along each grey line the loss $\frac{x^2}{20} + y^2$ is the
same. We begin at the large dot; the lowest point, $(0, 0)$, lies far off to the left. Where do twenty
steps against the gradient lead?
"""

# %%
import dlhand
from dlhand.plots import loss_over_steps, optimiser_paths


def valley(rule):
    return dlhand.optimise(lambda x, y: x**2 / 20 + y**2, {"x": 3, "y": 1}, rule, steps=20)


optimiser_paths(sgd=valley("sgd"))

# %% [markdown]
r"""
The way down the steep side is soon done. Then the ground is nearly flat, and each step is shorter
than the one before. After twenty steps we are still far away. This chapter is about how to do better.

## Against the gradient

We begin with one weight and the loss $J = W^2$, which is smallest at 0. The **gradient** is
$\frac{\partial J}{\partial W} = 2 W$. It points uphill, so we go the other way, a share $\eta$ of it:

$$W \leftarrow W - \eta \, \frac{\partial J}{\partial W}$$

The share $\eta$ is the **learning rate**. Document 001 writes $\eta$ for it and document 002 writes
$\alpha$. The algorithm has five lines: begin with random weights; repeat until convergence; compute
the gradient; update the weights; return them. We begin with $W_0 = 1$ in place of a random number.
Where are we after three steps?
"""

# %%
descent = dlhand.load("001-gd")
descent.player(predict=True, picture=lambda d: d.bars(["W_0", "W_1", "W_2", "W_3"]))

# %% [markdown]
r"""
Did you see the pattern? Each weight is 0.8 of the one before. With the gradient put in, the rule says

$$W - \eta \cdot 2 W = (1 - 2 \eta) \, W,$$

so on this loss every step multiplies the weight by the same factor, $1 - 2 \eta$. All that follows in
the next section can be read off this factor.

Document 002 calls the weight $Q$, and document 004 writes the same in code. The numbers do not care.
"""

# %%
dlhand.load("002-optim-sgd").lines("Q_1", "Q_2", "Q_3")

# %%
dlhand.load("004-gd").lines("loss_0", "dloss_0/dweights_0", "weights_1", "weights_2", "weights_3")

# %% [markdown]
r"""
## How large a share?

Document 002 says that the learning rate tells how long a jump is made, and that it takes very long if
it is not set properly. The same three steps, with four learning rates:
"""

# %%
good, swing = dlhand.load("002-hyper-good"), dlhand.load("002-hyper-swing")
diverge, small = dlhand.load("002-hyper-diverge"), dlhand.load("001-gd-small")
rates = {"0.001": small, "0.1": good, "1": swing, "1.1": diverge}
loss_over_steps(**rates)

# %% [markdown]
r"""
**Too small.** With $\eta = 0.001$ the factor is 0.998. It goes the right way, but three steps later
the weight has hardly moved.
"""

# %%
small.lines("W_1", "W_2", "W_3")

# %% [markdown]
r"""
**On the edge.** With $\alpha = 1$ the factor is $-1$. The step leads past the lowest point, just as
high up on the other side, and back again.
"""

# %%
swing.lines("Q_1", "Q_2", "Q_3")

# %% [markdown]
r"""
**Too large.** With 1.1 the factor is $-1.2$. Each step leads past the lowest point and further up, and
there the slope is steeper, so the next one is longer still. In the symbols of document 002, and in
those of document 001:
"""

# %%
diverge.lines("Q_1", "Q_2", "Q_3", "J_3")

# %%
dlhand.load("001-gd-large").lines("W_1", "W_2", "W_3", "J_3")

# %% [markdown]
r"""
**What if?** Find three learning rates: the one that reaches 0 in a single step, the one from which on
the weight changes its sign at every step, and the one from which on the loss no longer falls. Think
of the factor first, then try. You see the weight after three steps; the loss there is the result
$J_3$.
"""

# %%
weights = ["Q_0", "Q_1", "Q_2", "Q_3"]
good.explore("alpha", watch="Q_3", ranges={"alpha": (0, "1.2")}, picture=lambda d: d.bars(weights))

# %% [markdown]
r"""
**The answer.** The factor $1 - 2 \alpha$ is 0 at $\alpha = 0.5$: one step, and we are there. Above 0.5 it is
negative, and the weight changes its sign each time. At 1 it is $-1$, and from there on the loss does
not fall any more. So 0.3 and 0.7 are equally good, one with the factor 0.4 and the other with
$-0.4$:
"""

# %%
good.what_if(alpha="0.3").compare(good.what_if(alpha="0.7"), labels=("0.3", "0.7"))

# %% [markdown]
r"""
No rate is right for every loss. The limit is where it is because the slope of $Q^2$ grows by 2 for
each 1 that we move. In the valley above it grows by 2 across and by 0.1 along: what is right for the
one direction is twenty times too small for the other.

**The best rate, worked out.** How fast the slope changes can be found by going back *once more*: through
the backward pass itself. Take two linear units with one sample. The gradient is $g = e\, x^T$, and $G$
is half its squared length. The gradient of $G$ says how $g$ changes when we move along $g$. So $k$ is
how fast the slope falls on the way, and the slope at the beginning, $g \cdot g = 2 G$, is used up after
$\frac{2 G}{k}$:
"""

# %%
from dlhand.examples.lessons import linear_layer, with_best_rate

curved = with_best_rate(linear_layer(), "J", "W")
curved.lines("e", "J", "dJ/dW", "G", "dG/dW", "k", "best")

# %% [markdown]
r"""
The best rate is $\frac{1}{5}$, and 5 is the squared length of the input, $1^2 + 2^2$. With this rate
the loss of this sample is 0 after one step. Twice as long an input would need a quarter of the rate:
that is why inputs are brought to a common size before one learns from them.

## When to stop

*Until convergence*, says document 001. When is that? The gradient is 0 at the lowest point, so we
stop when it is short: shorter than 0.1, say. The rate is 0.25, so each step halves the weight. After
how many steps does it stop?
"""

# %%
stop = dlhand.load("001-gd-stop")
stop.lines("n_1", "n_5", "stop_5", "W_5", "n_6", "stop_6")

# %% [markdown]
r"""
The gradient is 2, 1, ½, ¼, ⅛ and then ¹⁄₁₆, which is below 0.1. The weight that is returned is
$W_5 = 0.03125$. It is not 0, and with this rule it never would be; the tolerance says how near is
near enough.

## A loop in code

Document 004 puts the loop into code: forward pass, loss, gradients, update, again and again. Here it
is by hand, with two samples, one in each row of $x$, and one linear unit, whose weights are the row
of $W_1$. The loss is the mean over the samples.
"""

# %%
loop = dlhand.load("004-train-loop")
loop.lines("z1", "E", "dE/da1", "dE/dW1", "dE/db1", "W1'", "b1'")

# %% [markdown]
r"""
That is one round. And so the loss goes over two of them:
"""

# %%
loop.lines("E", "E'", "E''")

# %% [markdown]
r"""
The code uses a *tape*, which records formulas so that gradients can find their way back. As printed,
the prediction is computed before the tape is started. How far does the gradient get then?
"""

# %%
dlhand.load("004-train-loop-outside")

# %% [markdown]
r"""
The gradient gets as far as $p$ and stops there, since $p$ is a number like any other and $W$ stands
in no formula. In the code the gradients are then `None`. So the forward pass belongs inside the
tape.

## Batches

The gradient above is a mean over all samples. With a million samples, every step would need them all.
So the data are cut into **minibatches**, and each step takes one of them. One pass over all the data
is an **epoch**. How many steps has an epoch, when 10 samples are taken 4 at a time?
"""

# %%
batches = dlhand.load("002-hyper-batches")
batches.player(predict=True, picture="graph")

# %% [markdown]
r"""
Two full minibatches, and a smaller one with the two that are left: three steps. So 1000 samples in
minibatches of 32 make 31 full ones and one of 8, that is 32 steps.

The gradient of a minibatch is only an estimate of that of all data. How good an estimate? In the loop
above we fill the batch with the first sample twice, and then with the second one twice:
"""

# %%
loop.what_if(x=[[1, 2], [1, 2]], t=[[1], [1]]).lines("dE/dW1")

# %%
loop.what_if(x=[[3, 0], [3, 0]], t=[[2], [2]]).lines("dE/dW1")

# %% [markdown]
r"""
With both samples it was $[-3, -3]$, and that is the mean of these two. For the second weight one
sample says $-6$ and the other 0. A step with one sample alone is cheap, but it goes partly astray.
A large batch gives a steadier direction and needs more memory; a very small one, with noisy data,
converges slowly. Descent with estimated gradients is called **stochastic gradient descent**, SGD.

## Momentum

Back to the valley. Across it, the gradient is large, but soon it is used up. Along it, the gradient is
small and points the same way for many steps. Think of a ball that rolls: it keeps a part $\beta$ of
its **velocity** $v$, and the gradient is added to that.

What points the same way adds up. In the long run, a gradient that stays the same moves us
$\frac{1}{1 - \beta}$ times as far: with $\beta = 0.9$ ten times. Now try it on $Q^2$, with the rate
0.1 as before.
"""

# %%
momentum = dlhand.load("002-optim-momentum")
momentum.player(predict=True, picture=lambda d: d.bars(["Q_0", "Q_1", "Q_2", "Q_3"]))

# %% [markdown]
r"""
The first step is that of SGD, since there is no velocity yet. After three steps SGD is at 0.512, and
we are at 0.062, nearly there. But look at the velocity: it is 3.98 and larger than ever. Will the
ball stop at 0? Here are twenty steps.
"""

# %%
plain, ball = (dlhand.optimise(lambda q: q**2, {"Q": 1}, rule, 20) for rule in ("sgd", "momentum"))
loss_over_steps(sgd=plain, momentum=ball)

# %% [markdown]
r"""
It rolls through the lowest point and up the other side, to a loss of 0.50 at step 6, and swings for
long. On this loss, equally steep everywhere, SGD is better. Three steps had told another story. In
the valley, though, momentum comes ahead: after twenty steps its loss is 0.13, and that of SGD 0.30.
"""

# %%
optimiser_paths(sgd=valley("sgd"), momentum=valley("momentum"))

# %% [markdown]
r"""
## A rate for each weight

The other way out is to make the steps equally long in all directions. Each weight's gradient is
divided by the size that it usually has. This size is the root of something like a mean of its
squares; the three rules of this section differ in that mean. All have a tiny $\epsilon$ that keeps
us from dividing by 0.

**Adagrad** adds up all squared gradients since the beginning:
"""

# %%
adagrad = dlhand.load("004-optimisers-adagrad")
adagrad.lines("s_1", "Q_1", "s_2", "Q_2", "s_3", "Q_3")

# %% [markdown]
r"""
The first gradient is divided by its own size, so the first step is 0.1, the rate itself, however
steep it is. Since the sum only grows, the steps become shorter and shorter: 0.1, then 0.067, then
0.053. That is its weakness: in a long training they all but stop.

**RMSprop** takes a running mean instead, which forgets. A share $\rho = 0.9$ of the old mean is kept,
and a tenth of the new square is added:
"""

# %%
rmsprop = dlhand.load("004-optimisers-rmsprop")
rmsprop.lines("s_1", "Q_1", "s_2", "Q_2", "s_3", "Q_3")

# %% [markdown]
r"""
The mean starts at 0, so at first it is far too small: 0.4, where the square is 4. We divide by too
little, and the first step is 0.316, three times the rate. Adam will mend that.

**Adadelta** asks for no learning rate ($\alpha$ is 1 here). It keeps a mean $D$ of its own squared
moves, too. A move $u$ is the gradient, divided by its usual size and multiplied by that of the moves
before. (Seen as a length, a move is then a length again, whatever the unit of the loss.)
"""

# %%
adadelta = dlhand.load("004-optimisers-adadelta")
adadelta.lines("s_1", "u_1", "D_1", "Q_1", "Q_2", "Q_3")

# %% [markdown]
r"""
At the beginning there were no moves, so only $\epsilon$ is left of their size, and the first move is
0.0045. From there it grows, slowly.

## Adam

**Adam** puts both together: a running mean $m$ of the gradients, like momentum, and a running mean $v$
of their squares, like RMSprop. (This $v$ is no velocity.) Both start at 0 and are too small at
first, so both are **corrected**: after $t$ steps, the weights of all gradients in $m$ add up to
$1 - \beta_1^t$, and dividing by that makes them add up to 1. Then

$$Q \leftarrow Q - \alpha \, \frac{\hat m}{\sqrt{\hat v} + \epsilon}.$$

Work out the first step. In the last two lines you do it without the correction: what happens?
"""

# %%
first = dlhand.load("002-optim-bias-correction")
moments = ["m_1", "v_1", "m_hat_1", "v_hat_1", "Q_1", "u", "Q_u"]
first.player(predict=True, picture=lambda d: d.graph(moments))

# %% [markdown]
r"""
With the correction $\hat m$ is the gradient, 2, and $\hat v$ is its square, 4. Their quotient
$\frac{2}{\sqrt 4}$ is 1, so the first step is $\alpha$, here 0.1, up to $\epsilon$. Without it $m$ is
ten times too small and $\sqrt{v}$ is 32 times too small, and the step is more than three times too
long.

The second and the third step:
"""

# %%
adam = dlhand.load("002-optim-adam")
adam.lines("m_2", "v_2", "m_hat_2", "v_hat_2", "Q_2", "m_hat_3", "v_hat_3", "Q_3")

# %% [markdown]
r"""
**What if** we started somewhere else? SGD goes from 1 to 0.8, and Adam from 1 to 0.9. Say first, then
try: how long is Adam's first step, $s$, from $Q_0 = 100$? And from 0.01? (Type this one.)
"""

# %%
length = adam.what_if()
length.step("s", length["Q_0"] - length["Q_1"], say="how long the first step is")
length.explore("Q_0", watch="s", ranges={"Q_0": (0, 100)}, picture=lambda d: d.bars(weights))

# %% [markdown]
r"""
**The answer.** The first step is 0.1 each time: the learning rate. From 100 that is very little: 99.9, 99.8, 99.7,
where SGD comes to 51.2 in three steps. From 0.01 it is too much: Adam jumps over 0 to −0.09, and
then swings back.
"""

# %%
from IPython.display import display

far, near = adam.what_if(Q_0=100), adam.what_if(Q_0="0.01")
display(far.lines("Q_1", "Q_3"), near.lines("Q_1", "Q_2", "Q_3"))

# %% [markdown]
r"""
So with SGD the slope decides how long a step is, and with Adam the learning rate does. That is why
one rate, such as 0.001, serves Adam for so many tasks: it does not matter whether gradients are large
or small. With a loss a hundred times as steep Adam goes the same way, while SGD flies off:
"""

# %%
steep = [dlhand.optimise(lambda q: 100 * q**2, {"Q": 1}, rule) for rule in ("adam", "sgd")]
display(*[run.lines("Q_1", "Q_3") for run in steep])

# %% [markdown]
r"""
## All six beside each other

Three steps of each from $Q = 1$, at the rates above:
"""

# %%
loss_over_steps(
    SGD=good, momentum=momentum, Adagrad=adagrad, RMSprop=rmsprop, Adadelta=adadelta, Adam=adam
)

# %% [markdown]
r"""
Do not read it as a race. The rates are our choice, and you have seen what three steps of momentum
were worth. Read it for the kinds of steps: as long as the slope is steep (SGD), longer and longer
(momentum), shorter and shorter (Adagrad), long at first (RMSprop), very careful at first (Adadelta),
and all alike (Adam). In the valley RMSprop and Adam go down the slant, since both directions count
alike for them:
"""

# %%
optimiser_paths(**{rule: valley(rule) for rule in ("sgd", "rmsprop", "adam")})

# %% [markdown]
r"""
## Questions

They are about words and facts: batches, names, hyperparameters, and where the rules are from.
"""

# %%
dlhand.quiz("06")

# %% [markdown]
r"""
## What the notes print

There are no numbers to judge in these parts of the documents, but there are formulas.

**A minus is missing** (document 001, line 59). It has $W \leftarrow W \, \eta \, \frac{\partial
J}{\partial W}$, so the weight is multiplied by the step. In our example that gives 0.2 instead of
0.8. A good check of any update rule: put in the learning rate 0. Nothing may change. Here $W$ would
become 0.

**No square** (document 002, line 228). In the mean $v$ the gradient stands without its square: 0.002
instead of 0.004 after the first step. Then $\sqrt v$ would not be as large as a gradient, and with a
negative gradient there would be no root at all. The index is $t + 2$ where $t + 1$ belongs.

**No hat** (line 230). The corrected $v$ is called $v_{t+1}$, like the mean itself. Whoever goes on
with it takes 4 for the old mean where 0.004 belongs, and comes to 3.99924 instead of 0.007236. The
correction is for the step only; the mean goes on uncorrected.

**A product for a quotient** (line 232). The last line multiplies by the root, with $\epsilon$ inside
it. Even with the corrected mean, whose hat is missing too, the first step would lead to 0.6, not to
0.9. The check is the one from above: make the loss a hundred times as steep. With the product the
steps become ten thousand times as long; with the quotient they stay as they are.

**Words** (lines 202 to 204). A minibatch is passed at each *step*, not at each epoch, and what a step
learns depends on the data in one *batch*. And in the formulas the gradient is written
$\Delta J$, a difference, for $\nabla J$.

**The code of document 004** has slips that no formula has. `random.normal` needs a shape. `while
True` has no way out, where the algorithm says *until convergence*. `weights = weights - lr *
gradient` makes a new tensor, which the tape of the next round does not watch; it should be
`weights.assign_sub(lr * gradient)`. The module is `tf.keras.optimizers`, in the plural, and the
class is `RMSprop`. The forward pass outside the tape you have seen. Chapter
[19](19_in_a_framework.ipynb) puts the code right and runs it.

In a terminal, `dlhand verify --formulas` lists these formulas and lines of code, as printed and right.

## On one page

The first step of each rule; the later ones have the next indices. SGD, then momentum:
"""

# %%
good.formulas("Q_1")

# %%
momentum.formulas("v_1", "Q_1")

# %% [markdown]
"""
Adagrad, RMSprop and Adadelta:
"""

# %%
adagrad.formulas("s_1", "Q_1")

# %%
rmsprop.formulas("s_1", "Q_1")

# %%
adadelta.formulas("s_1", "u_1", "D_1", "Q_1")

# %% [markdown]
"""
Adam, where the powers of the betas go with the number of the step:
"""

# %%
adam.formulas("m_1", "v_1", "m_hat_1", "v_hat_1", "Q_1")

# %% [markdown]
"""
Steps in an epoch of n samples in minibatches of B:
"""

# %%
batches.formulas("k", "r", "s")

# %% [markdown]
r"""
- Too small a rate is slow; too large a rate swings, and then flies apart. The limit depends on how
  fast the slope changes.
- Momentum adds up what points the same way, and runs past the goal.
- Dividing by the usual size of its gradient gives each weight steps of its own, and makes the length
  of a step independent of the loss's scale.
- A running mean that starts at 0 is too small at first. Adam corrects it.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-optim-momentum", picture=lambda d: d.bars(["Q_0", "Q_1", "Q_2", "Q_3"]))

# %% [markdown]
r"""
## Where it is from, and what to read

The algorithm of gradient descent is in document 001, *Loss Optimization* (lines 48 to 60), and in
words in document 000, step 4 (lines 42 to 50). Learning rate, minibatches, SGD and Adam are in
document 002, *Hyperparameters* and *Optimisers* (lines 188 to 239). The loop in code, the names of
the optimisers and four references are in document 004 (lines 106 to 151).

To read next, first the papers that document 004 names: Kiefer and Wolfowitz, *Stochastic Estimation
of the Maximum of a Regression Function* (1952); Kingma and Ba, *Adam: A Method for Stochastic
Optimization* (2015); Zeiler, *ADADELTA: An Adaptive Learning Rate Method* (2012); Duchi, Hazan and
Singer, *Adaptive Subgradient Methods for Online Learning and Stochastic Optimization* (2011). Then
Robbins and Monro, *A Stochastic Approximation Method* (1951), and Goodfellow, Bengio and Courville,
*Deep Learning*, chapter 8. RMSprop was never published as a paper: it is from lecture 6 of Hinton's
course *Neural Networks for Machine Learning* (2012).

**Next:** [7. Regularisation](07_regularisation.ipynb). We can make the loss on our data small. Is that
what we wanted?
"""
