# %% [markdown]
r"""
# 16. Transformers

**What you will be able to do.** Run a whole layer of a transformer by hand; normalise a token, and
carry an error back through that; and say what label smoothing and a warm-up do to the training.

**Time.** <<time>> **It builds on**
[14. Attention](14_attention.ipynb) and [15. Positional encoding](15_positional_encoding.ipynb).

Attention lets tokens take over something from each other. By itself it is not enough: what was
collected has to be worked on. A **transformer** is a pile of layers, and each of them does both: it
mixes the tokens, and then it works on the mixture. Each layer adds what it has found to what it was
given, and then brings the numbers back to a common size.

**What we want to know.** What does a layer do to its tokens, part by part? And how does one keep the
numbers, and the gradients, at a common size through a whole pile of them?

**How we write it.** The next section follows document 000, where each *column* is a position. After that
each *row* is a token, as in document 002 and in the code of document 004.

## Two halves

A matrix of features and positions can be mixed in two ways, and a transformer layer has a half for
each.

- **Attention mixes positions.** From the right, $X$ is multiplied by a matrix $A$ of weights. Each
  column of $A$ adds up to 1, so each column of $X A$ is an average of columns of $X$.
- **The feed-forward network mixes features.** From the left, the result is multiplied by weights,
  through a ReLU, and by weights again. It is the same small network for every column.

Here are two features of three positions. How $A$ comes about is [chapter 14](14_attention.ipynb);
here it is given. Before you begin: from which positions does the second one take something?
"""

# %%
import dlhand

halves = dlhand.load("000-transformer-text")
halves.player(predict=True, picture="graph")

# %% [markdown]
r"""
The second position takes from itself alone; its column of $A$ is 0, 1, 0. And the last two steps
show that the feed-forward half needs no other column: alone, the second column gives the same.

**What if** the input changes at one place only? Set the upper left entry of $X$, the first feature
of the first position, from 2 to 5. Say first which entries of $Y$ will change.
"""

# %%
halves.explore("X", watch="Y", picture=lambda d: d.heatmap("A"))

# %% [markdown]
r"""
**The answer.** Attention carries the change to all positions that look at the first one. These are the first and
the third, by 0.5 and 0.25:
"""

# %%
changed = halves.what_if(X=[[5, 0, 4], [0, 6, 2]])
halves.compare(changed, ["Z", "H", "Y"], labels=("before", "after"))

# %% [markdown]
r"""
So the second column of $Y$ cannot change. In the third both features do, although only one was
touched: that is the feed-forward half. In the first column the upper feature stays. It hangs on the
first hidden unit and the third; the first one is off there, before and after, and the third does
not look at the feature that was changed.

## Around each half: a sum

A layer does not replace what it was given. It *adds* to it: $R = X + \text{layer}(X)$. This is a
**residual connection**, and there are two reasons for it.

- Forward, a layer that has learnt nothing yet does no harm: what it adds is small, and what came in
  goes on.
- Backward, a sum hands its gradient to both parts unchanged (`003-gates`, in [chapter
  4](04_computational_graphs.ipynb)). One of the two ways leads past the layer. Through many layers
  there is thus a way back on which nothing is multiplied, as in the state of an LSTM.

But sums grow with every layer. So the numbers must be brought back to a common size.

## Layer normalisation

We want the features of one token to have mean 0 and standard deviation 1. So we take off their
mean, and divide by the root of the mean squared distance from it. Document 003 has three boxes with
the features 1, 1 and -1, and beside them $x - \mu$ above a fraction bar. Do all of it:
"""

# %%
norm = dlhand.load("003-layernorm")
norm.player(predict=True, picture="graph")

# %% [markdown]
r"""
Two of three features are alike, and the third balances them. So it must lie twice as far from the
mean, on the other side.

**What if** the features were others? Which changes of $x$ leave $\hat{x}$ as it is? Try the rows
`10, 10, -10`, then `6, 6, 4`, then `1, 1, -100`. And what happens with `1, 1, 1`?
"""

# %%
norm.explore("x", watch="x_hat", digits=4)

# %% [markdown]
r"""
**The answer.** None of the first three changes anything. A common factor goes into $\sigma$ and is divided out, and
what is added to all features goes into $\mu$ and is taken off. The third row has the same pattern,
two alike and one below. With three equal features, however, $\sigma$ is 0, and nothing can be
divided by that.

So a small number $\epsilon$ is added under the root. And since mean 0 and deviation 1 need not be
what the next layer wants, each feature gets a **gain** and a **shift** that are learnt. Here with
an $\epsilon$ of 1/9, far larger than usual, so that the root comes out even:
"""

# %%
learnt = dlhand.load("003-layernorm-learnt")
learnt.lines("var", "sigma", "x_hat", "y")

# %% [markdown]
r"""
With three equal features nothing breaks any more. All distances are 0, and 0 comes out:
"""

# %%
learnt.what_if(x=[1, 1, 1]).lines("sigma", "x_hat", "y")

# %% [markdown]
r"""
## Back through the normalisation

With a target of zeros, how should the features change? A feature acts in three ways: directly, by
way of the mean, and by way of the deviation. Three terms come back:
"""

# %%
learnt.lines("dE/dx_hat", "dE/dsigma", "dE/dvar", "dE/dc", "dE/dmu", "dE/dx")

# %% [markdown]
r"""
Add up the three entries of $\frac{\partial E}{\partial x}$: -49, 113 and -64 make 0. It must be so.
Raising all features alike changes nothing that comes out, so in that direction the slope is 0. It
is a good check of a long calculation. (Gain and shift have short ways back; all 16 steps are in
`learnt.player(predict=True)`, and each comes out as a fraction.)

## Along the row or down the column

[Batch normalisation](07_regularisation.ipynb) takes off a mean, too. The difference is which
numbers the mean is over. Two examples with three features, a row each; the first row is that of the
notes, the second is ours:
"""

# %%
both = dlhand.load("003-layernorm-batch")
both.lines("mu_row", "x_hat_row", "mu", "x_hat", digits=4)

# %% [markdown]
r"""
Layer normalisation goes along each row: the first row comes out as above, whatever stands below it.
Batch normalisation goes down each column. Every feature is compared with the same feature of the
other example, and of two different numbers one always becomes -1 and the other 1. Put another
example below, and the result of the first changes as well. For sentences of different lengths, and
for a text written word by word, that will not do. So transformers normalise along the row.

## A whole layer

Now everything together, for two tokens of three features, a row each: attention, a sum, a
normalisation; the feed-forward network, a sum, a normalisation. (Gain and shift are left out. A
bias such as $b_1$ is a plain list of numbers, typeset as a column; it is added to each row.) It is
the layer of the paper "Attention Is All You Need" in small; the numbers are ours. You will need a
calculator.
"""

# %%
layer = dlhand.load("004-attention-encoder")
parts = ["A", "Z", "R_1", "x_hat_1", "H", "F", "R_2", "x_hat_2"]
layer.player(predict=True, digits=4, picture=lambda d: d.graph(parts, digits=3))

# %% [markdown]
r"""
What it tells us. The first token looks at the second with a weight of 0.73, and its second feature,
which was 0, becomes 2.9. The second token has a query of 0, so it looks at both alike. Attention
has made the two tokens similar: look at $\hat{x}_1$, row by row.

Twice $\mu_2$ is 1/3. That is no accident. A row of $\hat{x}_1$ adds up to 0, and with these weights
a row of $F$ adds up to 1: the hidden unit that is on goes into one feature with a plus and into
another with a minus, and the bias is 1.

**What if** the attention handed on nothing? Set all of $W_V$ to 0. Is anything left of the tokens?
And if all of $W_1$ is 0 as well, do both rows become equal?
"""

# %%
layer.explore("W_V", "W_1", watch="x_hat_2", digits=4,
              picture=lambda d: d.graph(parts, digits=3))  # fmt: skip

# %% [markdown]
r"""
**The answer.** Everything is left, thanks to the sums. Without values $R_1$ is $X$ itself:
"""

# %%
silent = layer.what_if(W_V=[[0, 0, 0], [0, 0, 0], [0, 0, 0]])
silent.lines("Z", "R_1", "x_hat_1", digits=4)

# %% [markdown]
r"""
And with $W_1 = 0$ the network adds the same to both rows, but to different rows:
"""

# %%
silent.what_if(W_1=[[0, 0], [0, 0], [0, 0]]).lines("F", "x_hat_2", digits=4)

# %% [markdown]
r"""
## Two stacks

The paper piles six such layers on each other: the **encoder**. All layers have the same form, and
each has weights of its own. What comes out has the size of what went in, a row for each token, so
the layers fit.

A second stack of six, the **decoder**, writes the translation word by word. Its layers have three
parts in place of two, each with a sum and a normalisation:

1. attention of the words written so far to each other, with a **mask**: no word looks at later ones
   (`000-attn-mask`);
2. attention to the encoder's output: the queries come from the decoder, keys and values from the
   encoder (`004-attention-cross`);
3. the feed-forward network.

So attention serves in three places: in the encoder, in the decoder, and between them. At the end a
dense layer and a softmax say which word is next. Nowhere is a state handed on from word to word. In
training, all positions are computed side by side; this is what a recurrent network cannot do.

Document 004 has the headings of the paper. This is where each is treated here:

| heading | in this course |
| --- | --- |
| 3.1 Encoder and Decoder Stacks | this section |
| 3.2.1 Scaled Dot-Product Attention | [14](14_attention.ipynb), "Playing Outside" |
| 3.2.2 Multi-Head Attention | [14](14_attention.ipynb), "Several heads" |
| 3.2.3 Applications of Attention | this section |
| 3.3 Position-wise Feed-Forward Networks | "Two halves", above |
| 3.4 Embeddings and Softmax | [10](10_embeddings.ipynb) and [3](03_activations_and_losses.ipynb) |
| 3.5 Positional Encoding | [15](15_positional_encoding.ipynb) |
| 5.1 Training Data and Batching | [6](06_optimisers.ipynb), batches |
| 5.3 Optimizer | Adam in [6](06_optimisers.ipynb); the warm-up below |
| 5.4 Residual Dropout | dropout in [7](07_regularisation.ipynb) |
| 5.4 Label Smoothing | below |

(5.2, "Hardware and Schedule", says how long the training took and on what.)

## Label smoothing

A label of all or nothing can never be reached: a softmax gives exactly 1 only for infinite scores.
So the network would push its scores apart for ever. **Label smoothing** asks for a little less. A
part $\epsilon$ is taken off the label and shared out equally among all classes. Four classes, the
second is right, $\epsilon = 0.1$:
"""

# %%
smooth = dlhand.load("004-attention-label-smoothing")
smooth.player(predict=True, digits=4, picture="graph")

# %% [markdown]
r"""
The gradient is again probabilities minus label, only with the smoothed label: $\partial L/\partial
z$ and $g$ agree. Beside the hard label every push is smaller. The loss can no longer fall to 0; at
best the probabilities equal the smoothed label, and it is 0.349.

**What if** more were shared out? The network is sure of the second class with 0.81. From which
$\epsilon$ on is it told to be *less* sure? Watch $g_2$, the entry of the gradient
$g$ for this class.
"""

# %%
second = smooth.what_if()
second.step("g_2", second["g"][1], say="the push on the second class")
second.explore("epsilon", watch="g_2", ranges={"epsilon": (0, 1)}, digits=4)

# %% [markdown]
r"""
**The answer.** When this entry turns positive. The smoothed label is
$1 - \epsilon + \frac{\epsilon}{4} = 1 - 0.75\,\epsilon$, and that falls below 0.8098 just above
$\epsilon = 0.25$:
"""

# %%
some, more = smooth.what_if(epsilon="0.25"), smooth.what_if(epsilon="0.26")
some.compare(more, ["y_s", "p", "g"], labels=("0.25", "0.26"), places=4)

# %% [markdown]
r"""
## A learning rate that warms up

At the start the weights are random, and Adam's means rest on few gradients: large steps would be
steps in random directions. So the learning rate $\eta$ begins small and rises in a line for $w$
steps. From there on it falls, like one over the root of the step $n$. A formula takes the smaller
of the two; here are 25, 100 and 400 steps, with $w = 100$ and a width of 64:
"""

# %%
warm = dlhand.load("004-attention-warmup")
warm.lines("rise_1", "fall_1", "eta_1", "eta_2", "eta_3")

# %%
warm.bars(["eta_1", "eta_2", "eta_3"], words=["step 25", "step 100", "step 400"])

# %% [markdown]
r"""
At step 100 the line and the curve meet: that is the peak. A quarter of the way there, the rate is a
quarter of it. At four times the steps it is half of it, since the root of 4 is 2. With the sizes of
the paper, 512 and 4000, the peak is 0.0007:
"""

# %%
warm.lines("eta_p_1", "eta_p_2", "eta_p_3", digits=3)

# %% [markdown]
r"""
**What if** one warmed up for longer or shorter? Which $w$ makes the rate at step 400 as large as
possible?
"""

# %%
warm.explore("w", watch="eta_3", ranges={"w": (0, 1000)},
             picture=lambda d: d.bars(["eta_1", "eta_2", "eta_3"]))  # fmt: skip

# %% [markdown]
r"""
**The answer.** Every $w$ up to 400 gives the same 0.00625: once a rate falls, it does not remember how long it
rose. With a larger $w$ it is still rising at step 400, and smaller. What $w$ decides is the
beginning. At step 25 the rate is 0.025 with $w = 25$, and 0.0004 with $w = 400$.

## Inputs of any length

A transformer takes in only so many tokens at once. What is longer can be cut into **chunks** that
overlap, so that a sentence is not torn apart at a border. Ten tokens, four at a time, each chunk
begun three further on. How many chunks are needed? Say it before you look:
"""

# %%
long = dlhand.load("002-long-inputs")
long

# %% [markdown]
r"""
It also saves work. Attention of ten tokens to each other takes a hundred scores; three chunks of
four take 16 each, together 48. The price is that tokens in different chunks no longer see each
other.

With a stride of 4 there would be three chunks as well, but no overlap:
"""

# %%
long.compare(long.what_if(stride=4), labels=("stride 3", "stride 4"))

# %% [markdown]
r"""
Document 002 names three more ways. Attention itself takes any length, at the cost of a score for
each pair. A recurrent network takes any length with one state. And **retrieval augmented
generation** keeps the chunks in a store, looks for those that fit the question, and gives the
network only these: a search by similar vectors, as in [chapter 10](10_embeddings.ipynb).

## Questions
"""

# %%
dlhand.quiz("16")

# %% [markdown]
r"""
## What the notes print

There are few numbers on these pages. Of the layer normalisation the three features are there, and
above a fraction bar what is left when the mean is taken off; what stood below it is lost. It is the
deviation, since nothing else makes a normalisation of it.
"""

# %%
norm.verdict_table()

# %% [markdown]
r"""
What can be wrong here is words, and three sentences of document 000 are worth setting right.

- "Transformers eliminate the need for labeled datasets." The network does not; a task can. Whoever
  hides words of a text and has them guessed needs no labels, whatever the network. The translations
  of the paper were learnt from pairs of sentences.
- Attention and the feed-forward network together give "position dimension". A word is lost there:
  attention combines across *positions*, the network across the *dimensions* of each, as "Two
  halves" shows.
- The weights $A$ are "given". They are what queries and keys are for, and are calculated step by
  step on the same page. Two formulas there are wrong, too, the scaling and the output; they are
  treated in [chapter 14](14_attention.ipynb).

A mistake in words does no harm to a calculation. But who believes the first sentence looks for the
reason of a success in the wrong place.

## On one page

Normalisation, with all its parts:
"""

# %%
learnt.formulas("mu", "c", "var", "sigma", "x_hat", "y")

# %% [markdown]
r"""
An encoder layer, a token in each row; $\mu$ and $\sigma$ are taken along the rows. Under the root
stands the length of a key, which here is 1:
"""

# %%
layer.formulas("S_scaled", "A", "Z", "R_1", "x_hat_1", "H", "F", "R_2", "x_hat_2")

# %% [markdown]
r"""
Training: a smoothed label with its loss and gradient, and the learning rate at step $n$.
"""

# %%
smooth.formulas("y_s", "L", "g")

# %%
warm.formulas("rise_1", "fall_1", "eta_1")

# %% [markdown]
r"""
- Attention mixes positions, the feed-forward network mixes features, each position by itself.
- A sum around each half lets numbers and gradients past it.
- Layer normalisation goes along the features of a token, batch normalisation over the examples.
- Decoder: a mask on its own words, and attention to the encoder.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-layernorm", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

Document 000, "Transformers" (lines 126 to 157); document 003, "Layer Normalization" (lines 786 to
788); document 002, inputs of any token length (lines 644 to 650); document 004, the headings of
"Attention Is All You Need" (lines 221 to 254).

To read next: Vaswani and others, *Attention Is All You Need* (2017): after this chapter each of its
sections should speak to you. Ba, Kiros and Hinton, *Layer Normalization* (2016). He, Zhang, Ren and
Sun, *Deep Residual Learning for Image Recognition* (2016), where the sums come from. Szegedy and
others, *Rethinking the Inception Architecture for Computer Vision* (2016), where label smoothing comes
from.

**Next:** [17. Vanishing gradients](17_vanishing_gradients.ipynb). What happens on the way back where
there are no such sums?
"""
