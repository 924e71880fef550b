# %% [markdown]
r"""
# 11. Recurrent networks

**What you will be able to do.** Run a recurrent network by hand over any number of time steps; carry
its error back through time; say what each of its weights learns from each step; and see how one wrong
sign in the code gives a wrong result without any error message.

**Time.** <<time>> **It builds on**
[5. Backpropagation](05_backpropagation.ipynb); words as vectors are in
[10. Embeddings](10_embeddings.ipynb).

A sentence is read word by word, and what a word says depends on the words before it. A **recurrent
network** keeps what it has read in a *state*, and at each time step it makes a new state from the
old one and the next input.

**What we want to know.** What does the state hold, and how does an error find its way back to what was
read long before?

**How we write it.** Inputs, states and outputs are columns, and a matrix stands before what it
multiplies, as in documents 003 and 004. Document 001 stores its matrices the other way round; where
that matters, we say so.

## A state that is handed on

Two things go into the new state: the input $x_t$, and the state before, $h_{t-1}$. Each has its
matrix, the two products are added, and tanh squeezes the sum:

$$h_t = \tanh\left(W_{hh}\, h_{t-1} + W_{xh}\, x_t\right), \qquad y_t = W_{hy}\, h_t$$

The output $y_t$ is read off the state. There is no bias. Here is a single time step, with one
number for each thing and nothing in the state yet:
"""

# %%
import dlhand

one = dlhand.load("003-rnn-types-one-to-one")
one.lines("z_1", "h_1", "y_1")

# %% [markdown]
r"""
That is a plain network with one hidden unit. It becomes recurrent at the second step, where $h_1$
goes in again. Before you look, say what $z_2$ is when the next input is $x_2 = -0.5$.
"""

# %%
last = dlhand.load("003-rnn-types-many-to-one")
last.lines("z_2", "h_2")

# %% [markdown]
r"""
The input alone would give -0.25. What is left of the first input, 0.4 times 0.37995, takes more
than half of that away again. So $h_2$ holds both words, mixed.

## Two time steps with vectors

Document 003 has two inputs, three units and two outputs, over two time steps. Each weighted sum has
two parts: $s_t$ comes from the state before, $u_t$ from the input. The notes stop in the middle of
the second step. Work both out; vectors are typed as `[-0.1, 1.2, 0.9]`, or filled into boxes.
"""

# %%
rnn = dlhand.load("003-rnn")
rnn.player(predict=True, picture="unrolled")

# %% [markdown]
r"""
What it tells us: without the state, the second step would have seen only $u_2$, whose first two
entries are -0.8 and -0.6. The state adds 0.3235 and 0.41329 to them. Of the second entry less than
a third is left.

The notes went on from a state that they had rounded to two or three places. This is what they would
have found:
"""

# %%
dlhand.load("003-rnn-by-hand").lines("s_2", "z_2", "h_2", "y_2")

# %% [markdown]
r"""
In $h_2$ and $y_2$ only the third place is touched. Not so one step earlier. Look at the second
entry of $y_1$: its parts are about 0.367 and -0.358. They nearly cancel, and only 0.0088 is left.
The notes have 0.007 there: the rounding of the state is small beside 0.4, but not beside 0.0088.

## Which matrix has which shape?

The state has as many entries as there are units, and everything follows from that. $W_{hh}$ goes
from state to state, so it is square. $W_{xh}$ has a row for each unit and a column for each input.
$W_{hy}$ has a row for each output and a column for each unit. Document 003 shows this for 3 inputs,
4 units and 2 outputs, with dots in place of numbers; the numbers here are ours.
"""

# %%
shapes = dlhand.load("003-rnn-formula")
shapes.lines("z_2", "h_2", "y_2", digits=3)

# %% [markdown]
r"""
How many weights are that? Say it first. And how many would it be for a sequence of a hundred time
steps?
"""

# %%
dlhand.load("003-rnn-formula-count").lines("N_hh", "N_xh", "N_hy", "N")

# %% [markdown]
r"""
For a hundred steps it is 36 as well, since all of them use the same three matrices. This is called
**weight sharing**. What is learnt about a word at one place holds at every other place, and a
sequence may have any length.

## Kinds of sequences

Inputs and outputs need not come in step. The notes name these kinds:

| kind | for example | where it is worked out |
| --- | --- | --- |
| one to one | the class of an image | `003-rnn-types-one-to-one` |
| one to many | a caption for an image | `003-rnn-types-one-to-many` |
| many to one | the mood of a sentence | `003-rnn-types-many-to-one` |
| many to many, in step | a label for each frame of a video | `003-rnn-types-many-to-many` |
| many to many, one after the other | translation, a caption for a video | `003-rnn-types-translation` |

**One to many.** Where should the inputs of the later steps come from? The network's own output is
the next input:
"""

# %%
dlhand.load("003-rnn-types-one-to-many").unrolled(digits=3)

# %% [markdown]
r"""
The outputs grow, from 0.76 to 1.19, although nothing new comes in. Each output is the next input,
so an error early in a caption is carried on into every later word.

**Many to many, one after the other.** A translation cannot begin with the first word, since the
last one may decide what it means. So one network reads, with weights $W$, and a second one writes,
with weights $V$. It begins with the reader's last state, and with a sign that means "begin".
"""

# %%
dlhand.load("003-rnn-types-translation").unrolled(digits=2)

# %% [markdown]
r"""
Everything the writer knows of the sentence is the one number at the middle arrow, -0.098. A longer
sentence would have to go through the same place. This is the **encoding bottleneck**, and the
reason for which attention was invented.

## Does it notice the order?

A state that only added up its inputs would not know in which order they came. Here three inputs go
in and only the last output counts. Below, the first two are exchanged:
"""

# %%
swapped = last.what_if(x_1="-0.5", x_2="0.8")
last.compare(swapped, ["h_1", "h_2", "h_3", "y_3"], labels=("first", "exchanged"), digits=4)

# %% [markdown]
r"""
It does notice: the output more than triples, because 0.8 now lies one step nearer to the end. What
is older has been multiplied by $W_{hh}$ more often.

**What if** $W_{hh}$ were another? Two questions:

1. With which $W_{hh}$ does the order of the first two inputs not matter at all? (Watch $y_3$ while
   you move $x_1$ and $x_2$.)
2. At 0.4 the loss hardly depends on the first input: $\partial E / \partial x_1$ is about a seventh
   of $\partial E / \partial x_3$. From which $W_{hh}$ on does the first input count for more than
   the last, so that their quotient $q$ is above 1?
"""

# %%
counts = last.what_if()
counts.step("q", counts["dE/dx_1"] / counts["dE/dx_3"], say="first input against last")
counts.explore("W_hh", "x_1", "x_2", watch="q", ranges={"W_hh": (0, "1.2")}, picture="unrolled")

# %% [markdown]
r"""
**The answer.** For the first question only 0 will do: with $W_{hh} = 0$ each step starts afresh, and $y_3$ depends
on $x_3$ alone. Then it does not matter what the first two are at all.

For the second, look at both gradients as $W_{hh}$ grows:
"""

# %%
at_one, beyond = last.what_if(W_hh=1), last.what_if(W_hh="1.1")
at_one.compare(beyond, ["y_3", "dE/dx_1", "dE/dx_3"], labels=("at 1", "at 1.1"), digits=4)

# %% [markdown]
r"""
It happens just before 1.1. At 1 the first input still counts for less, though nothing is lost in
the product with $W_{hh}$: on its way the gradient also meets the slopes of tanh, $1 - h_2^2$ and
$1 - h_1^2$, and these are below 1. A weight must make up for them. How such products shrink or grow
over many steps is the subject of [chapter 17](17_vanishing_gradients.ipynb).

## Back through time

Unrolled, the network is a deep one that has the same weights in every layer. So backpropagation
works as always; going back over the time steps it is called **backpropagation through time**. There
are two new things, and both are sums.

- **A state goes two ways**: into its own output, and into the next state. Two gradients come back
  and are added. For the last state there is no next one, so it has only its output.
- **A weight serves at every step.** Its gradient is the sum over time: what arrived at the weighted
  sum, times what the weight was multiplied with.

Here each of three steps has a target of its own. The first twelve steps go forward, as before. Then
comes what is new. Predict $\partial E / \partial h_3$ first, which is easy, and then
$\partial E / \partial h_2$.
"""

# %%
steps = dlhand.load("003-rnn-types-many-to-many")
steps.player(predict=True, picture="unrolled")

# %% [markdown]
r"""
Now the same network with a target at the end alone. What is missing in
$\partial E / \partial h_1$?
"""

# %%
last.lines("dE/dh_3", "dE/dh_2", "dE/dh_1")

# %% [markdown]
r"""
The part from its own output is missing, so only the way through the later states is left. Each step
back multiplies by 0.4 and by a slope: -1.757, then -0.700, then -0.277. Nobody tells the first word
of a sentence directly what was wrong with it.

With one time step, nothing is recurrent any more. $W_{hh}$ was multiplied by 0, so it learns
nothing:
"""

# %%
one.lines("dE/dW_xh", "dE/dW_hh", "dE/dW_hy")

# %% [markdown]
r"""
## The example of document 003, backward

The notes have no backward pass for their network. We give it targets and a learning rate; both are
our choice. Here is the place where $h_1$ goes two ways. Above each line stands a value, below it
the gradient that comes back:
"""

# %%
bptt = dlhand.load("003-rnn-bptt")
bptt.graph(["h_1", "y_1", "z_2"], digits=2)
# %% [markdown]
r"""
So $h_1$ gets its gradient from two sides. And $W_{hh}$ gets its own from two time steps, one of
which gives nothing, since the state before the first step is 0:
"""

# %%
bptt.lines("dE/dh_1", "dE/dW_hh", digits=3)

# %% [markdown]
r"""
A product such as $\frac{\partial E}{\partial z_2} h_1^T$, a column times a row, is a matrix: in
each place stands what arrived at the unit of that row times the entry of the state of that column.
It has the shape of $W_{hh}$, as it must.

**What if** the step were longer or shorter? Find the learning rate $\lambda$ with the smallest loss
after the step, $E'$, to two places. Does it suit both time steps? Their losses are the results $E_1'$
and $E_2'$.
"""

# %%
bptt.explore("lambda", watch="E'", ranges={"lambda": (0, "0.4")},
             picture=lambda d: d.unrolled(again=True, digits=3))  # fmt: skip

# %% [markdown]
r"""
**The answer.** It is 0.12, and 0.11 is hardly worse. The loss falls from 0.57651 to 0.1077, to less than a fifth.
The two time steps do not quite agree: $E_1'$ is smaller at 0.11, $E_2'$ at 0.12. The weights are
shared, so the step is a compromise. From about 0.31 on, $E'$ is larger than $E$ was, and the step
does harm.
"""

# %%
near, beside = bptt.what_if(**{"lambda": "0.11"}), bptt.what_if(**{"lambda": "0.12"})
near.compare(beside, ["E", "E_1'", "E_2'", "E'"], labels=("at 0.11", "at 0.12"), places=4)

# %% [markdown]
r"""
## Two words, and matrices the other way round

Document 001 writes $h_t = \tanh(W_{hh}^T h_{t-1} + W_{xh}^T x_t)$. It stores a matrix as inputs
times units, as Keras does, so it has to be transposed before a column. The numbers are ours:
each of two words is a **one-hot** vector.
"""

# %%
words = dlhand.load("001-rnn")
words.lines("z_1", "z_2", "y_1", "y_2")

# %% [markdown]
r"""
Stored like this, each *row* of $W_{xh}$ belongs to a word, and a one-hot vector picks its row: it
is an embedding (see [chapter 10](10_embeddings.ipynb)). The gradient follows: the first row learns
at the time of the first word alone, the second at the time of the second.
"""

# %%
words.lines("dE/dW_xh", "dE/dW_hh", "dE/dW_hy", "G")

# %% [markdown]
r"""
After one step the loss has fallen by $G$. Exchange the two words, and the network says something
else at both times; with $W_{hh} = 0$ it would say the same two things, in the other order.
"""

# %%
order = words.what_if(x_1=[0, 1], x_2=[1, 0])
words.compare(order, ["h_1", "h_2", "y_1", "y_2"], labels=("1, 2", "2, 1"), digits=4)

# %% [markdown]
r"""
## The cell in code

Document 004 has a recurrent cell in Python. One call of it should do this; two units, two inputs,
one output, and a state that is already there. Work it out.
"""

# %%
cell = dlhand.load("004-rnn")
cell.player(predict=True, picture="unrolled")

# %% [markdown]
r"""
The printed line, however, is `tanh(W_hh + h + W_xh * x)`. There is a plus where a product of
matrices belongs, and `*` multiplies entry by entry. Does Python complain? No. Where shapes do not
fit, NumPy and TensorFlow *broadcast*: they repeat the column $h$ until it is as wide as the matrix.
"""

# %%
dlhand.load("004-rnn-broadcast")

# %% [markdown]
r"""
The state has become a matrix of 2 by 2, and the output too, where a single number is wanted.
Nothing stops the program. With three inputs and two units there would be an error, since a matrix
of 2 by 3 and a column of 3 cannot be stretched to fit: it is the equal sizes that hide the mistake.
Two habits find it all the same: to write `@` for products of matrices, and to check the shape of
what comes out.

## Questions
"""

# %%
dlhand.quiz("11")

# %% [markdown]
r"""
## What the notes print

In the example of document 003 nothing is unexplained. What is not exact or rounded follows from the
state, which had been rounded before it went on:
"""

# %%
rnn.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
**tanh by hand.** Between the lines the notes find three values of tanh by $\tanh z = \frac{e^z -
e^{-z}}{e^z + e^{-z}}$, from a table of the exponential. The scratch lines are in disorder; sorted,
they are these:
"""

# %%
scratch = dlhand.load("003-rnn-scratch")
scratch

# %%
scratch.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
Three leading digits are not as they should be: 0.32, 0.105 and 1.009 stand for 3.32, 1.105 and
2.009. More instructive is the last line, which divides by 2.05. That is the *numerator* of another
row; the denominator of this one is 2.009. So -0.098 comes out in place of -0.100. Small as the slip
is, a check finds it. Near 0, tanh takes only about $\frac{z^3}{3}$ away from $z$, which is 0.0003
for 0.1; here 0.002 is missing. The notes go on with -0.1, the right value to the digits they keep.

Two lines about shapes are not as they should be either. Where the shapes are drawn with dots,
$W_{xh}$ has three rows; a state of four units needs four. And the output is written as a matrix
times a column with a 1 above $h_t$. That would give the output a bias, but the notes say that there
is none, and their example has none.

**The code** of document 004 has two wrong formulas. Both are shown failing above:

| line | printed | right |
| --- | --- | --- |
| 181 | `tanh(W_hh + h + W_xh * x)` | `tanh(W_hh @ h + W_xh @ x)` |
| 184 | `W_hy * h` | `W_hy @ h` |

There is one more thing to learn from it: the cell keeps $h$ to itself and never sets it back, so a
second sequence begins with the memory of the first. [Chapter 19](19_in_a_framework.ipynb) runs the
repaired cell.

## On one page

Forward at a time step $t$; here $t = 2$ of three:
"""

# %%
steps.formulas("z_2", "h_2", "y_2", "E_2", "E")

# %% [markdown]
r"""
Backward: a state gets its gradient from its output and from the next state.
"""

# %%
steps.formulas("dE/dy_2", "dE/dh_2", "dE/dz_2")

# %% [markdown]
r"""
Every weight is summed over time. With vectors, the parts are columns times rows, and matrices are
transposed on the way back:
"""

# %%
bptt.formulas("dE/dh_1", "dE/dW_xh", "dE/dW_hh", "dE/dW_hy", "W_hh'")

# %% [markdown]
r"""
- $n$ units, $k$ inputs, $m$ outputs: $W_{hh}$ is $n \times n$, $W_{xh}$ is $n \times k$, $W_{hy}$
  is $m \times n$; together $n^2 + nk + mn$ weights, whatever the length.
- Kinds: one to one, one to many, many to one, many to many (in step, or read first and then write).
- Limits: all that was read must fit into one state; no step can begin before the one before it is
  done; on the way back little is left of a gradient after many steps.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-rnn-types-one-to-one", picture="unrolled")

# %% [markdown]
r"""
## Where it is from, and what to read

Document 001, "Recurrent Neural Network" and "Backpropagation Through Time" (lines 70 to 117);
document 003, the kinds of recurrent networks, the shapes and the example with two time steps (lines
397 to 519); document 004, "Recurrent Neural Networks and Transformers" (lines 159 to 189); document
002, the list of RNN, LSTM and GRU (lines 670 to 675).

To read next: Elman, *Finding Structure in Time* (1990), where such a network learns the parts of
sentences. Werbos, *Backpropagation Through Time: What It Does and How to Do It* (1990). Goodfellow,
Bengio and Courville, *Deep Learning*, chapter 10. For reading first and then writing: Sutskever,
Vinyals and Le, *Sequence to Sequence Learning with Neural Networks* (2014).

**Next:** [12. LSTM and GRU](12_lstm_and_gru.ipynb). A state that is not written anew at every step.
"""
