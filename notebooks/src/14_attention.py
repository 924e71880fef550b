# %% [markdown]
r"""
# 14. Attention

**What you will be able to do.** Work out attention by hand for words, for matrices and for several
heads; mask it; go back through it to the weights; and tell from an output whether it can be an average
at all.

**Time.** <<time>> **It builds on** [5. Backpropagation](05_backpropagation.ipynb) and on the softmax of
[3. Activations and losses](03_activations_and_losses.ipynb); why a decoder looks back at all is in
[11. Recurrent networks](11_rnn.ipynb).

A word means little by itself. What "it" stands for is decided by the other words of the sentence.
**Attention** lets each word take over something from every other one, more from some and less from
others. How much is calculated, not fixed: it follows from the words themselves.

**What we want to know.** How much does each word take over from each other one, what comes out, and
how does an error at the output change the numbers that decided it?

**How we write it.** A token stands in a row, as in documents 002 and 004, except where document 000
puts it in a column; there we say so.

**How.** Three steps, which stay the same through the whole chapter:

1. a *score* says how well two things suit each other: a dot product;
2. a softmax turns the scores into *weights*, which are positive and add up to 1;
3. the *output* is the average of what is looked at, with these weights.

## Three states to look back at

A decoder that translates a sentence is in the state $s$. It looks back at three states of the
encoder, $h_1$, $h_2$ and $h_3$, and asks: which of them matters now? The score is the dot product
of $s$ with each state. The example is from document 003. One state equals $s$; the other two share
one entry with it. Say first: which share does the equal one get, about a third, a half or nearly
all?
"""

# %%
import dlhand

states = dlhand.load("003-attention")
states.player(predict=True, picture="graph")

# %% [markdown]
r"""
The first state equals $s$. Its score is larger by 1, so its weight is larger by the factor $e$: the
softmax turns differences of scores into ratios of weights. The context $c$ is therefore mostly
$h_1$, with a little of the others.

A weighted average lies between the things that it averages. For that its weights must add up to 1,
exactly. Cut off to 0.57, 0.2 and 0.2, as on the page, they make 0.97, and every entry of $c$ comes
out too small.

Other scores do as well. The first attention of this kind took its scores from a small network
instead of a dot product:
"""

# %%
dlhand.load("003-attention-additive").lines("e", "alpha", "c")

# %% [markdown]
r"""
Scores, weights, average: the three steps are the same, only the score is made in another way. The
weights $v$ and the matrices in it are learnt.

## "Playing Outside"

So far one state played two parts: $h_1$ was compared with $s$, and $h_1$ went into the average.
Scaled dot-product attention gives each word three vectors, one for each part:

- a **query** $q$: what the word asks for;
- a **key** $k$: what it can be found by;
- a **value** $v$: what it hands on.

A query is compared with keys, and values are averaged. The score is divided by the root of a key's
length $d_k$; why, we see further down. Document 003 has a sentence of two words. Word 1 is
"Playing", word 2 is "Outside". Work out the first word; the second goes the same way.
"""

# %%
playing = dlhand.load("003-playing")
playing.player(predict=True, alike=2, picture="graph")

# %% [markdown]
r"""
All four weights in one picture: each row is a word that looks, each column one that is looked at.
"""

# %%
words = ["Playing", "Outside"]
playing.heatmap("A", rows=words, columns=words)

# %% [markdown]
r"""
What it tells us: both words take about half from each. The reason is in the keys. They are much
alike, so a query of this size scores nearly the same with both. Only the *difference* of two scores
counts: $y_{11}$ is larger than $y_{12}$ by 0.055, and the weights stand in the ratio $e^{0.055}$.

The picture need not be symmetric. The score of Playing for Outside comes from $q_1$ and $k_2$; that
of Outside for Playing comes from $q_2$ and $k_1$, which are other numbers.

## Both words at once

Put the queries into the rows of a matrix $Q$, and the keys and values into those of $K$ and $V$.
Then all of it is one line:

$$Z = \operatorname{softmax}\left(\frac{Q K^T}{\sqrt{d_k}}\right) V.$$

The page stops at the outputs. To go backward we need an error, and for that a target $T$; it is our
choice. What do we expect? Three things, one for each kind of step.

- **The average** $Z = A V$ is a product, and a product swaps: the gradient of $V$ is made with $A$,
  and that of $A$ with $V$. A value that much was taken of gets much of the blame.
- **The softmax** lets a weight rise only at the cost of others in its row. So what counts is how
  far each entry of $\partial E / \partial A$ lies from the average of its row, taken with the
  weights themselves: $A \odot \left(\frac{\partial E}{\partial A} - \text{average}\right)$.
- **The scores** $S = Q K^T$ are a product again: queries learn from keys, and keys from queries.
"""

# %%
matrix = dlhand.load("003-playing-matrix")
matrix.player(predict=True, picture="graph")

# %% [markdown]
r"""
Look at $\partial E / \partial S$. Each row adds up to 0, as it must: adding the same number to all
scores of a row changes no weight. With two words the two entries of a row are opposite, and so are
the two rows of $\partial E / \partial K$: whatever pulls one key nearer pushes the other away.

Compare the sizes. The gradients of the values lie between 0.03 and 0.16; those of the queries stay
below 0.006. A value changes the output directly. A query has a longer way: through the softmax,
whose slope with two words is at most ¼, the root, which halves, and the keys, which differ by at
most 0.233.

In the graph each line has the size of the value above it and that of the gradient below it. They
are always the same, which is a good check: a product in the wrong order, or without its transpose,
seldom has the right size.

**What if** both values were the same? Type the first row of $V$ into its second row too, and watch
$\partial E / \partial Q$ in place of $A$. Then put $V$ back and try this: which single entry of the
first query must grow so that Playing looks almost only at itself? *Compare* shows both settings
side by side.
"""

# %%
look = {"rows": words, "columns": words}
matrix.explore("Q", "K", "V", watch="A", digits=3, picture=lambda d: d.heatmap("A", **look))

# %% [markdown]
r"""
**The answer.** With equal values every gradient of $Q$ and $K$ is 0: it does not matter where a word looks if it
sees the same everywhere. (It stands there as ≈ 0.000, since bounds can close in on 0 but cannot
prove it.)

As for the query: the third entry is the one. Only there is $k_1$ larger than $k_2$, so only there
does a larger query favour $k_1$. It takes a lot, since the keys are so much alike: at 10 the weight
is 0.76, at 30 it is 0.97:
"""

# %%
rest = ["0.1", "0.14", "0.86", "0.77"]
ten, thirty = (matrix.what_if(Q=[["0.212", "0.04", n, "0.36"], rest]) for n in (10, 30))
ten.compare(thirty, ["A"], labels=("at 10", "at 30"), digits=3)

# %% [markdown]
r"""
## A function of three matrices

Document 004 writes attention as a function $A(Q, K, V)$ of queries, keys and values, which come
from the words by one matrix each. Three words, and the score divided by $\sqrt{4}$; the numbers are
ours:
"""

# %%
function = dlhand.load("004-attention")
function.lines("Q", "K", "V", "S_scaled", "A", "Z", digits=3)

# %% [markdown]
r"""
The third word has a bit of both others, and its key meets its own query best. Backward, the words
are used three times, so three gradients arrive at $X$ and are added:
"""

# %%
function.lines("dE/dW_Q", "dE/dX", digits=3)

# %% [markdown]
r"""
Half of $W_Q$ has the gradient 0: no key has anything in its last two entries, so it does not matter
what a query has there.
"""

# %% [markdown]
r"""
**A good place to stop.** <<rest>> What is left is where queries, keys and values come from, and why
the scores are scaled.
"""

# %% [markdown]
r"""

## Where queries, keys and values come from

They are not given. Each is the word's own vector multiplied by a matrix of weights, and these three
matrices, $W_Q$, $W_K$ and $W_V$, are what attention learns. Document 000 works this out for four
tokens with six features each, one token in each *column* of $X$. So a matrix stands before what it
multiplies, the scores are $K^T Q$, and the softmax goes down the columns.

The values are our choice, and the output, which the page does not reach, is added. Work out the
matrices for yourself. Say first: what must each column of $A$ add up to? The last step checks it.
"""

# %%
attn = dlhand.load("000-attn")
parts = ["Q", "K", "V", "S", "S_scaled", "A", "Z"]
attn.player(predict=True, digits=3, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
The page prints the queries, and all twelve are right. Its key matrix has been read with one column
too many; what other readings give is at the end of this chapter.

How does one score arise? The row of one key meets the column of one query.
"""

# %%
attn.film("S")

# %% [markdown]
r"""
The weights, with a column for each token that looks. The first token takes 59 percent from the
second, and hardly anything from itself. Nothing in the method makes a token look at itself.
"""

# %%
tokens = {"rows": ["x₁", "x₂", "x₃", "x₄"], "columns": ["x₁", "x₂", "x₃", "x₄"]}
attn.heatmap("A", digits=2, **tokens)

# %% [markdown]
r"""
With a token in each row, as in document 002, every matrix is transposed and nothing else changes.
The sizes are those that its drawing has, four numbers a word and three a query; the numbers are
ours. Say first whether each word looks more at itself or at the other.
"""

# %%
two = dlhand.load("002-attention")
two.player(predict=True, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
Each looks more at the other, with the same two weights, 0.36 and 0.64. In $S$ the differences are 1
and 1, so after the root and the softmax the ratios are the same.

## Back to the weights

The page says only that this goes as in a feed-forward network. It does, and here it is. Attention
mixes the tokens; a feed-forward network after it mixes the features of each token. We add one, of
our choice, and this is what it puts out:
"""

# %%
dlhand.load("000-attn-ffn").lines("U", "H", "F", digits=3)

# %% [markdown]
r"""
With a target, also our choice, we go back through all of it. The first step of each kind is
asked for. New against "Playing Outside" is the last stretch,
$\frac{\partial E}{\partial W_Q} = \frac{\partial E}{\partial Q} X^T$ and its two sisters, and one
sum: $X$ is used three times, so three gradients arrive there and are added.
"""

# %%
backward = dlhand.load("000-attn-backward")
backward.player(predict=True, alike=1, digits=3, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
Follow the first token. Both hidden units are switched off for it, so no gradient comes back to its
output: the first column of $\partial E / \partial Z$ is 0, and so is that of
$\partial E / \partial Q$. As one that asks, it learns nothing here. As one that is asked it does:
the others look at it, and the first columns of $\partial E / \partial K$ and $\partial E /
\partial V$ are not 0.

## Why the scores are scaled

A dot product is a sum of $d_k$ products. If these have no common sign, the sum grows like
$\sqrt{d_k}$, and so do the differences between the scores, from which the softmax makes ever more
one-sided weights. Dividing by $\sqrt{d_k}$ takes that growth out. First the weights without it,
then with it, and then those of the z-score, which stands on the page instead.
"""

# %%
from IPython.display import display

scaling = dlhand.load("000-attn-scaling")
display(*[scaling.heatmap(name, digits=2, **tokens) for name in ("A_raw", "A", "A_z")])

# %% [markdown]
r"""
The root makes every column more even and keeps its order. The z-score does something else: it gives
each column the same spread, however large its scores were. A column of scores 2, 4, 2, 2 and one of
20, 40, 20, 20 would get the same weights. A query to which all keys are nearly the same would come
out as decided as any other.

One-sided weights have a price on the way back. Where a weight is nearly 1 or 0, the factor $A$ and
the distance from the average leave almost nothing of the gradient, and the query stops learning.
`000-attn-value-matrix` shows how soon this happens. Its keys have tens in them, and its first token
looks at the fourth with a weight that falls short of 1 by less than a ten-millionth:
"""

# %%
tens = dlhand.load("000-attn-value-matrix")
tens.lines("S_scaled", "A")

# %% [markdown]
r"""
The first number of the last row is 1 to five digits; the rest of its column has 30 billionths.

## A mask: nobody looks ahead

A network that writes a text word by word must not look at words that are not written yet. A mask
closes these off before the softmax. Here are the same four tokens, now a row each, without and with
a mask.
"""

# %%
masked = dlhand.load("000-attn-mask")
dlhand.load("000-attn-rows").compare(masked, labels=("free", "masked"), places=2)

# %% [markdown]
r"""
Queries, keys, values and scores do not change. The first token can look only at itself, so its
weight is 1 and its output is its own value. The last one may look everywhere, and nothing changes
for it. In between, the weights that are left keep their ratios and are scaled up so that they add
up to 1.

On the way back the mask needs no rule of its own. Two tokens, each its own query, key and value:
"""

# %%
eye = [[1, 0], [0, 1]]
small = dlhand.attention(eye, eye, eye, eye, mask=dlhand.causal_mask(2), target=[[0, 1], [1, 0]])
small.lines("A", "dE/dA", "dE/dS_scaled")

# %% [markdown]
r"""
Where the weight is 0, the factor $A$ lets nothing through, whatever arrives there: in the first row of
$\partial E / \partial A$ stands a $-1$, and no score learns from it. And a token that can only look at
itself has no choice to learn.

## Several heads

One attention has one set of weights: a word that has to look at two places must divide itself
between them. So several are used side by side, each with matrices of its own. Their outputs stand
side by side too, and a last matrix $W_O$ mixes them. Document 002 describes it; the numbers are
ours. Here are the weights of three heads on the same two words. What does each head look for?
"""

# %%
heads = dlhand.load("002-attention-heads")
both = {"rows": ["word 1", "word 2"], "columns": ["word 1", "word 2"]}
display(*[heads.heatmap(name, digits=2, **both) for name in ("A_1", "A_2", "A_3")])

# %% [markdown]
r"""
In the first head both words look mostly at word 2, in the second mostly at word 1, and in the third
each looks mostly at the other. One head could do only one of these at a time.

All heads together have as many weights as one of full width, since each works on a part of the
width. How many are that at the sizes of the page, 512 numbers a word and eight heads?
"""

# %%
dlhand.load("002-attention-count").lines("d_k", "n_1", "n_h", "n_O", "n", "n_full")

# %% [markdown]
r"""
As many as one head of full width has. How the heads are put together (`heads.player()` goes through
every step):
"""

# %%
heads.lines("Z_1", "Z_2", "Z_3", "Z", "Y", digits=3)

# %% [markdown]
r"""
What stands side by side is taken apart again on the way back: each head gets the columns that were its
own. With half the squared length of what comes out as the error:
"""

# %%
blamed = heads.what_if()
error = blamed.step("E", dlhand.total(blamed["Y"] ** 2) / 2, say="half the squared length")
_ = blamed.backward(error, [blamed["X"]])
blamed.lines("dE/dZ", "dE/dZ_1", "dE/dZ_2", "dE/dZ_3", digits=3)

# %% [markdown]
r"""
## One sequence asks another

Nothing says that queries and keys come from the same words. A decoder's words may ask an encoder's:
two words ask, three answer, so the scores are 2 by 3. And where a sequence was filled up to a
common length, a mask closes off the filling.
"""

# %%
dlhand.load("004-attention-cross").lines("S_scaled", "A", "Z", "A_m", "Z_m", digits=3)

# %% [markdown]
r"""
Without the third word, the first two share out what it had: 0.576 and 0.212 become 0.731 and 0.269,
in the same ratio.

## Your own tokens

`dlhand.attention` makes the whole derivation from any numbers that fit, a token in each row:
tokens, $W_Q$, $W_K$, $W_V$, and if you like a `mask` and a `target`, with which the backward pass
comes along. Here $W_Q$ leaves a token as it is, and $W_K$ swaps its two features. So whoever has
the first feature looks for those with the second.

**What if** the third token were another? It has a little of both. What must it have so that it
looks at the first almost alone? And with which $W_K$ do the first two look at themselves?
"""

# %%
own = dlhand.attention(x=[[3, 0], [0, 3], [1, 1]], w_q=[[1, 0], [0, 1]],
                       w_k=[[0, 1], [1, 0]], w_v=[[1, 0], [0, 1]])  # fmt: skip
own.explore("X", "W_K", watch="A", digits=3, picture=lambda d: d.heatmap("A", digits=3))

# %% [markdown]
r"""
**The answer.** Nothing of the first feature and much of the second: with $[0, 3]$ the third token gives the first
0.997. Then its query is $[0, 3]$, which only the first key, $[0, 3]$, suits. With $W_K$ the
identity nothing is swapped, each of the first two suits itself best, and looks at itself with
0.984.
"""

# %%
third = own.what_if(X=[[3, 0], [0, 3], [0, 3]])
same = own.what_if(W_K=[[1, 0], [0, 1]])
own.compare(third, ["K", "A"], labels=("as it is", "another third"), digits=3)

# %%
own.compare(same, ["K", "A"], labels=("as it is", "nothing swapped"), digits=3)

# %% [markdown]
r"""
`dlhand.multi_head_attention` does the same with several heads.

## Questions
"""

# %%
dlhand.quiz("14")

# %% [markdown]
r"""
## What the notes print

**Two slips of "Playing Outside", followed.** The page ends with $z_2 = [0.31, 0.36, 0.19, 0.72]$.
That is $v_2$ itself, to the last digit. Can it be right? With the weights 0.52 and 0.48 the output
must lie between the two values, nearly in the middle. So something went wrong. What did the page
do?
"""

# %%
dlhand.load("003-playing-slips")

# %% [markdown]
r"""
Both weights were multiplied by $v_2$, and since they add up to 1, $v_2$ came back as if nothing had
been calculated. Each product is right, and so is the sum: no check of the arithmetic finds such a
slip, but the question where an average must lie does.

The second slip is smaller. The page writes down the weight 0.486 for how much Playing looks at
Outside, but goes on with 0.485: all four numbers of the next line fit that, and two of them do not
fit 0.486.

There are more. Here are all the numbers of the page that follow from nothing before them, and those
*carried* on from such a number, or from one that was rounded.
"""

# %%
playing.verdict_table("slip", "unexplained", "carried")

# %% [markdown]
r"""
$q_1 \cdot k_1$ is printed as 0.91151 where 0.91121 belongs, and the scaled score 0.4557 is carried
on from that. The 0.496 beside it is meant as the softmax of this one score; but the softmax of a
single number is 1, whatever the number is. All scores of a query must go in together, as the page
then does. And 0.4899 and 0.884 are only miscopied, for 0.4599 and 0.84: the sums were made with the
right ones.

**A z-score for scores.** Document 000 writes $z_i = \frac{x_i - \mu}{\sigma_x}$ where the root
belongs, and asks the softmax for "the prediction". What the z-score does is shown above, under "Why
the scores are scaled"; and the softmax gives weights, with which the values are mixed. Document 003
has one more slip of names: it calls a score $v_2 \cdot k_1$, but it is the query $q_2$ that meets
the key.

**Seven columns where six belong.** Of the key matrix of document 000 the scan has one column too
many. We dropped the first, since then each row has a single 1. Here are the weights for that, for
the last one dropped, and for the keys of the published exercise that has the same tokens and
queries; each column is a token that looks:
"""

# %%
last, published = dlhand.load("000-attn-drop-last"), dlhand.load("000-attn-published")
display(*[one.heatmap("A", digits=2, **tokens) for one in (attn, last, published)])

# %% [markdown]
r"""
So the queries, which are all that the page prints as results, fit every reading. A fourth takes
each "1 0" for a split 10: that is the matrix with the tens above. With it hardly a weight is
between.

**Cut off, and carried on.** Of the decoder's three states nothing is unexplained:
"""

# %%
states.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
## On one page

Attention to states, and with matrices, a token in each row:
"""

# %%
matrix.formulas("S", "S_scaled", "A", "Z")

# %% [markdown]
r"""
Queries, keys and values of a sequence, and several heads side by side:
"""

# %%
heads.formulas("Q_1", "K_1", "V_1", "A_1", "Z_1", "Z", "Y")

# %% [markdown]
r"""
Backward; the third line goes through the softmax:
"""

# %%
function.formulas("dE/dV", "dE/dA", "dE/dS_scaled", "dE/dS", "dE/dQ", "dE/dK", "dE/dX", "dE/dW_Q")

# %% [markdown]
r"""
Attention is an average whose weights are calculated. Everything else serves that: queries and keys
make the weights, the softmax sees to it that they are an average's, the root keeps them from being
one-sided, a mask closes off what must not be seen, and heads allow several averages at once.

On the way back each part takes its share: values learn from how much was taken of them, queries and
keys from how much better another mixture would have been. And since an average has no first and no
last, attention does not know the order of the words. They have to be told their places, and that is
what the positional encoding is for.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-attention", picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
## Where it is from, and what to read

Document 000, attention weighting and the example (lines 128 to 204); document 001, attention in
four steps (lines 119 to 124); document 002, matrices and heads (lines 854 to 869); document 003,
attention of a decoder and "Playing Outside" (lines 633 to 780); document 004, self-attention (lines
205 to 209).

To read next: Bahdanau, Cho and Bengio, *Neural Machine Translation by Jointly Learning to Align and
Translate* (2015), the first attention of this kind, with the additive score. Luong, Pham and Manning,
*Effective Approaches to Attention-based Neural Machine Translation* (2015), with the dot product.
Vaswani and others, *Attention Is All You Need* (2017), where it is scaled and has heads.

**Next:** [15. Positional encoding](15_positional_encoding.ipynb). How is a word told its place?
"""
