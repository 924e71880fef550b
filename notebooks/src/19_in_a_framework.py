# %% [markdown]
r"""
# 19. In a framework

**What you will be able to do.** Write in Keras 3 and in PyTorch what you have worked out by hand;
check a framework against a derivation; find the errors in a page of code that looks right.

**Time.** <<time>> It takes as long again if you run and change the code. **It builds on** [2. The multilayer perceptron](02_multilayer_perceptron.ipynb),
[6. Optimisers](06_optimisers.ipynb), [11. Recurrent networks](11_rnn.ipynb),
[12. LSTM and GRU](12_lstm_and_gru.ipynb) and [14. Attention](14_attention.ipynb).

Document 004 has a page of TensorFlow code: a layer, losses, a training loop, a recurrent cell. As
printed, most of it does not run. Here it runs, put right, and each number that comes out stands beside
the same number by hand.

**What we want to know.** Do the frameworks come to the numbers that we found by hand? And how does one
find an error that stops no program?

**What is needed.** This chapter alone needs two frameworks. The cell below says whether they are there,
and what to install if not. Without them you can still read everything: the results are stored.
"""

# %%
from dlhand.frameworks import beside, listing, needs, trials

print(needs())

# %% [markdown]
r"""
**Two frameworks, three spellings.** Keras 3 keeps the names that the document has, but no longer needs
TensorFlow: here it computes with PyTorch. So `tf.keras.layers` becomes `keras.layers`, and
`tf.matmul` becomes `keras.ops.matmul`. PyTorch has names of its own.

| TensorFlow, in the document | Keras 3 | PyTorch |
| --- | --- | --- |
| `tf.math.sigmoid(z)` | `keras.ops.sigmoid(z)` | `torch.sigmoid(z)` |
| `tf.math.tanh(z)` | `keras.ops.tanh(z)` | `torch.tanh(z)` |
| `tf.nn.relu(z)` | `keras.ops.relu(z)` | `torch.relu(z)` |
| `tf.matmul(a, b)` | `keras.ops.matmul(a, b)` | `a @ b` |
| `tf.keras.layers.Layer`, `call` | `keras.layers.Layer`, `call` | `torch.nn.Module`, `forward` |
| `tf.GradientTape()` | the backend's: `torch.autograd.grad` | `loss.backward()` |

In each piece of code below, the givens of the derivation are there under their names, and `found` says
which step each result belongs to. What you read is what runs.

## A dense layer from scratch

A layer is a weight matrix, a bias, and an activation: $\sigma(\text{inputs}\, W + b)$, with a sample in
each row of the inputs and a unit in each column of $W$. By hand, for two samples and three units:
"""

# %%
import dlhand

dense = dlhand.load("004-dense")
dense.lines("z", "output")

# %% [markdown]
r"""
The document's class, put right, in Keras:
"""

# %%
listing("004-dense", "keras")

# %% [markdown]
r"""
And in PyTorch. What Keras calls `call` is `forward` here, and a weight is a `Parameter`.
"""

# %%
listing("004-dense", "pytorch")

# %% [markdown]
r"""
Do all three agree? Each number of a framework is rounded where ours is. If one digit were different,
the next cell would stop with an error.
"""

# %%
beside("004-dense", "output")

# %% [markdown]
r"""
**What is printed.** Before you go on, read lines 57 to 70 of the document: how many errors do you find?
The whole head of the class stands on one line there.

Here each of them runs, first as printed, then put right. Only one thing is changed at a time, so that
one error does not hide the next.
"""

# %%
trials(57, 65)

# %% [markdown]
r"""
Four of the errors stop the program at once. Those are the kind ones. The list that stands where a
name is wanted has even become right: a framework changes, and code that is exact about names of
arguments lives longer.

## Several outputs

Two dense layers, one on the other, with two outputs. The document has no activation between them. By
hand we saw what is lost: both layers together are a single one.
"""

# %%
stacked = dlhand.load("004-multi-output")
stacked.lines("y", "W", "b", "y'")

# %%
listing("004-multi-output", "keras")

# %%
listing("004-multi-output", "pytorch")

# %% [markdown]
r"""
PyTorch's `Linear` has a row for each unit where Keras has a column. That is why $W$ is turned there.
"""

# %%
beside("004-multi-output", "h", "y", "y'")

# %% [markdown]
r"""
Nothing fails here, and that is the trouble. How could you notice? A linear layer without biases gives
the opposite for the opposite input:
"""

# %%
trials(86)

# %% [markdown]
r"""
## Two losses

**Binary cross-entropy**, from the scores before the sigmoid. A program takes them, because
$\ln(1 + e^z) - y z$ needs no logarithm of a number that may have been rounded to 0.
"""

# %%
bce = dlhand.load("004-losses-bce")
bce.lines("J", "L", "J'", "dJ'/dz")

# %%
listing("004-losses-bce", "keras")

# %%
listing("004-losses-bce", "pytorch")

# %%
beside("004-losses-bce", "J'", "dJ'/dz")

# %% [markdown]
r"""
The gradient is half the distance from the target for each sample, as the step by hand says: we never
derived it in the code.

The document calls the *softmax* cross-entropy here. Guess the loss of the score $-3$ for the target 1,
which is quite wrong. Then look.
"""

# %%
softmax = dlhand.load("004-losses-softmax")
softmax.lines("p", "J_softmax", "f", "J")

# %%
beside("004-losses-softmax", "J_softmax", "J")

# %%
trials(92)

# %% [markdown]
r"""
A loss of 0 has a gradient of 0. The model would never learn, and the program would report success.

**Mean squared error** stands there in two spellings. One gives one number, the other one for each
sample.
"""

# %%
mse = dlhand.load("004-losses-mse")
mse.lines("J", "L", "J'")

# %%
listing("004-losses-mse", "keras")

# %%
listing("004-losses-mse", "pytorch")

# %%
beside("004-losses-mse", "J", "L", "J'")

# %%
trials(103)

# %% [markdown]
r"""
## Gradient descent

Three rounds on $\text{weights}^2$, from 1, with the learning rate 0.1. Work out each new weight before
you look.
"""

# %%
descent = dlhand.load("004-gd")
descent.player(predict=True, picture=lambda d: d.graph())

# %% [markdown]
r"""
A *tape* records what is computed from the variables, and plays it backwards for the gradient: that is
backpropagation, and the graph above is the tape. TensorFlow is told where to record. PyTorch records
whatever is computed from a tensor with `requires_grad=True`.
"""

# %%
listing("004-gd", "keras")

# %%
listing("004-gd", "pytorch")

# %%
beside("004-gd", "dloss_0/dweights_0", "weights_1", "weights_2", "dloss_2/dweights_2", "weights_3")

# %% [markdown]
r"""
`no_grad()` is needed for the update: it is no part of the formula whose gradient we want.

The printed loop has five errors, two of which can be argued about.
"""

# %%
trials(111, 118)

# %% [markdown]
r"""
**What if?** Change the learning rate. With which one does the weight reach the minimum, 0, in a single
step? From which one on does it move away from 0? Try before you read on.
"""

# %%
descent.explore("lr", watch="weights_3", ranges={"lr": (0, "1.2")})

# %% [markdown]
r"""
**The answer.** Each round multiplies the weight by $1 - 2\,\mathrm{lr}$. With 0.5 that is 0: one step.
With 1 it is $-1$: the weight jumps from side to side for ever. Beyond 1 it grows.
"""

# %%
half, one = descent.what_if(lr="0.5"), descent.what_if(lr=1)
half.compare(one, ["weights_1", "weights_2", "weights_3"], labels=("0.5", "1"))

# %% [markdown]
r"""
## The optimisers by name

SGD is what we have just done. The other four of the document, three steps each on $Q^2$ from $Q = 1$.
In the code only the line with the optimiser differs. Adam:
"""

# %%
adam = dlhand.load("002-optim-adam")
adam.lines("Q_1", "Q_2", "Q_3")

# %%
listing("002-optim-adam", "keras")

# %%
listing("002-optim-adam", "pytorch")

# %%
beside("002-optim-adam", "Q_1", "Q_2", "Q_3")

# %% [markdown]
r"""
**Adadelta.** It has a learning rate of 1 by hand and in PyTorch. Keras sets 0.001 unless it is told
otherwise: with that, the first step is a thousand times shorter.
"""

# %%
listing("004-optimisers-adadelta", "keras")

# %%
beside("004-optimisers-adadelta", "Q_1", "Q_2", "Q_3")

# %% [markdown]
r"""
**Adagrad.** Keras starts its sum of squared gradients at 0.1, unless it is told to start at 0.
"""

# %%
listing("004-optimisers-adagrad", "keras")

# %%
beside("004-optimisers-adagrad", "Q_1", "Q_2", "Q_3")

# %% [markdown]
r"""
**RMSprop.** What we call $\rho$ is called `alpha` in PyTorch, and is 0.99 there, not 0.9.
"""

# %%
listing("004-optimisers-rmsprop", "pytorch")

# %%
beside("004-optimisers-rmsprop", "Q_1", "Q_2", "Q_3")

# %%
trials(127)

# %% [markdown]
r"""
What it tells us: the same name is not the same step. The five digits agree only since every
hyperparameter is given. Where the defaults differ, two programs that look alike train differently.

## Putting it all together

A linear unit, two samples, two rounds. Forward, loss, gradients, update:
"""

# %%
loop = dlhand.load("004-train-loop")
loop.lines("a1", "E", "dE/dW1", "dE/db1", "W1'", "b1'")

# %%
listing("004-train-loop", "keras")

# %%
listing("004-train-loop", "pytorch")

# %% [markdown]
r"""
PyTorch adds each gradient to the one before; `zero_grad()` starts anew. Without it, the second step
would use the sum of both.
"""

# %%
beside("004-train-loop", "E", "W1'", "b1'", "E'", "W1''", "b1''", "E''")

# %% [markdown]
r"""
The document computes the prediction before the tape starts. What does the tape then know of the
weights?
"""

# %%
outside = dlhand.load("004-train-loop-outside")
outside.lines("p", "J", "dJ/dp")

# %%
trials(139, 144)

# %% [markdown]
r"""
TensorFlow gives `None` for each gradient in this place, PyTorch an error. Either way the gradient ends
at the prediction: the way from there to the weights was never written down.

## Dropout

In training a unit is switched off with the probability given by the rate; those that stay on grow to
make up for it. In use the layer does nothing.
"""

# %%
dropout = dlhand.load("004-dropout")
dropout.lines("m", "y", "y'")

# %% [markdown]
r"""
A framework draws its mask at random. To compare, we try seeds until it has drawn ours.
"""

# %%
listing("004-dropout", "keras")

# %%
listing("004-dropout", "pytorch")

# %%
beside("004-dropout", "y", "y'")

# %%
trials(156)

# %% [markdown]
r"""
## The recurrent cell

State and input, each times its matrix, then tanh. The output is read from the state.
"""

# %%
rnn = dlhand.load("004-rnn")
rnn.lines("z_1", "h_1", "y_1")

# %%
listing("004-rnn", "keras")

# %%
listing("004-rnn", "pytorch")

# %%
beside("004-rnn", "h_1", "y_1")

# %% [markdown]
r"""
Each listing also sets the ready cell of its framework beside ours and stops if they differ.

As printed, the cell adds the state to its weights, and multiplies entry by entry. Which shape does the
new state have then? Two units, two inputs. Work it out before you look.
"""

# %%
broadcast = dlhand.load("004-rnn-broadcast")
broadcast.player(predict=True, picture=lambda d: d.heatmap("h'"))

# %%
beside("004-rnn-broadcast", "h'", "y", "h_right", "y_right")

# %% [markdown]
r"""
A framework stretches shapes to fit, and says nothing. All errors of the cell:
"""

# %%
trials(162, 184)

# %% [markdown]
r"""
## LSTM

Forget, store, update, output: one time step of the LSTM of document 002.
"""

# %%
lstm = dlhand.load("004-lstm")
lstm.lines("f_1", "i_1", "kept_1", "stored_1", "state_1", "out_1")

# %% [markdown]
r"""
Both frameworks keep the four gates in one array, in the order input, forget, candidate, output: Keras in
columns, PyTorch in rows. PyTorch has two biases, which are added.
"""

# %%
listing("004-lstm", "keras")

# %%
listing("004-lstm", "pytorch")

# %%
beside("004-lstm", "state_1", "out_1")

# %%
trials(202)

# %% [markdown]
r"""
## Self-attention

Query, key, value. The document gives a formula and no code: $\text{softmax}(Q K^T / \text{scaling})\, V$.
"""

# %%
attention = dlhand.load("004-attention")
attention.lines("S_scaled", "A", "Z", "E")

# %%
listing("004-attention", "keras")

# %%
listing("004-attention", "pytorch")

# %%
beside("004-attention", "A", "Z", "E")

# %% [markdown]
r"""
And its gradients, which took eleven steps by hand, back from $E$:
"""

# %%
beside("004-attention", "dE/dW_Q", "dE/dW_K", "dE/dW_V", digits=4)

# %% [markdown]
r"""
**Why four digits here?** With PyTorch below it, Keras multiplies matrices in 32 bits even if all is
given in 64. That carries about seven digits, and each of the many steps rounds again. One entry lies
near the edge between two roundings, the last but two of this one:
"""

# %%
attention.lines("dE/dW_Q", digits=9)

# %% [markdown]
r"""
It is 0.05949742, and rounds to 0.059497. Keras finds 0.05949751, which rounds to 0.059498; PyTorch,
in 64 bits, agrees with us. No framework is wrong here. It rounds at every step; a derivation rounds only
what it shows.

## Questions
"""

# %%
dlhand.quiz("19")

# %% [markdown]
r"""
## What the notes print

The code of document 004 has 31 errors; three can be argued about. All of them have run above, as printed
and put right. By what you notice of them there are three kinds.

- **It stops.** Underscores, misspelt names, a missing shape. Python says where. Fix the first, run
  again.
- **It runs, and the shape is wrong.** A loss for each sample, a state that is a matrix. Print shapes, or
  better, say which you expect: `assert h.shape == (2, 1)`.
- **It runs, and all looks well.** No activation, a loss that is always 0, a state that is never set
  back. Only a number that you know beforehand finds these. That is what a derivation by hand is for.

## On one page

What each piece of code computes:
"""

# %%
dense.formulas("z", "output")

# %%
bce.formulas("L", "J'", "dJ'/dz")

# %%
rnn.formulas("z_1", "h_1", "y_1")

# %%
attention.formulas("S_scaled", "A", "Z")

# %% [markdown]
r"""
- `__init__` makes the weights, `call` or `forward` uses them.
- A loss takes scores, not probabilities, if it is told so (`from_logits`), and its mean is one number.
- Forward pass, loss, gradient, update: the forward pass stands where it is recorded, the update where it
  is not.
- `@` multiplies matrices, `*` entry by entry.
- Give every hyperparameter. Defaults differ.
- Compare with a number that you know.

## Where it is from, and what to read

Document 004, the code (lines 57 to 202) and the formula of attention (line 209). The numbers are ours,
but for the LSTM, which has those of document 002.

To read next: Chollet, *Deep Learning with Python*. Stevens, Antiga and Viehmann, *Deep Learning with
PyTorch* (2020). Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning:
a Survey* (2018).

**Next:** [20. What the notes print](20_errata.ipynb). All that is wrong in the documents, in one table.
"""
