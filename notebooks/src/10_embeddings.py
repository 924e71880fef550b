# %% [markdown]
r"""
# 10. Embeddings

**What you will be able to do.** Turn categories into numbers in three ways: as digits, as one-hot
vectors, as rows of a table. Show why looking up a row is a product, which rows a gradient changes,
and how alike two words are; find the word that *king − man + woman* leads to.

**Time.** <<time>> **It builds on** the softmax of
[3. Activations and losses](03_activations_and_losses.ipynb) and on
[5. Backpropagation](05_backpropagation.ipynb).

A network multiplies and adds. A fruit or a word can be neither multiplied nor added: it is
**categorical**. Before a network can do anything with it, it must become numbers.

**What we want to know.** Which numbers? And can they say something about the word, so that words
alike get numbers alike?

**How we write it.** In this chapter a vector is a *row*, as in the second half of document 002. A
word is a row of a table $W$, and a vector stands *before* the matrix, as a row: $v = o W$. (Alone a
vector is printed standing, to save room.)

## A code of digits

Document 000 has eight fruits and gives each a code of three digits, from 000 for the apple to 111
for the melon. Three digits that are 0 or 1 make $2 \cdot 2 \cdot 2 = 8$ codes: just enough. The names
are German ones: Apfel, Mango, Orange, Ananas, Erdbeer, Zitrone, Birne, Melone.

Now a network puts out $y = (0.01, 0.99, 0)$. Which fruit does it mean? There are two ways to read it:

- **round**: each digit by itself becomes 1 from a half on, and 0 below;
- **by distance**: take the fruit whose code is nearest. The squared distance is
  $\sum_k (c_k - y_k)^2$, one for each code $c$.

The page says *Erdbeer*, the strawberry, with no step in between. Take the steps. In the vector $D$ of
distances the fruits stand in the order above.
"""

# %%
import dlhand

fruits = ["Apfel", "Mango", "Orange", "Ananas", "Erdbeer", "Zitrone", "Birne", "Melone"]
fruit = dlhand.load("000-fruit")
fruit.player(predict=True, picture=lambda d: d.heatmap("D", columns=fruits))

# %% [markdown]
r"""
What it tells us: both ways say 010, Erdbeer. Its distance is 0.0002, and the next ones, Apfel and
Zitrone, are at 0.9802. No other fruit comes near.

The last step reads each code as a number, with 4, 2 and 1 as the worth of the digits. All numbers
from 0 to 7 come up, each once: so no code is wasted, and none stands for two fruits.

## An answer that cannot be read

And if the network is of two minds? Let it put out one half, one half, and 0.
"""

# %%
dlhand.load("000-fruit-tie").lines("r", "D", "m", "w")

# %% [markdown]
r"""
Now the two ways disagree. Rounding says 110, Zitrone, only because one half is rounded up. The
distance is 0.5 for four fruits at once, and the first in the list wins, Apfel. Neither answer means
anything. An index alone hides this; the list of distances shows it.

There is a deeper trouble. The network was not undecided between four fruits that have something in
common, but between four whose *codes* have something in common. 000 and 001 are neighbours, 000 and
111 are as far apart as can be, and nothing about apples, oranges and melons says why. Whoever learns
such a code must learn an order that means nothing.

## One output for each fruit

The other way is to give each fruit an output of its own. Its target is then a vector of one 1 and
seven 0, which is called **one-hot**. A softmax belongs to it, since the outputs are parts of a whole.

Why not a softmax over the three digits? Think first: what do the digits of Mango, 011, add up to? And
to what do the outputs of a softmax add up?
"""

# %%
one_hot = dlhand.load("000-fruit-one-hot")
one_hot.player(predict=True, picture="graph")

# %% [markdown]
r"""
The digits of 011 add up to 2, and a softmax always to 1. So it cannot put out 011: with any logits at
all, its best is one half and one half. Three *sigmoids* decide each digit by itself, and their sum
comes to 1.9975.

| | digits | one-hot |
| --- | --- | --- |
| outputs for $n$ categories | $\log_2 n$, rounded up | $n$ |
| each output is | a sigmoid by itself | a part of a softmax |
| for 8 fruits | 3 | 8 |
| any two categories are | near or far by accident | equally far |

One-hot vectors treat all alike. That is fair, and it is also their weakness: they say *nothing* about
what is like what. And they grow. With a vocabulary of 50,000 words, each word is a vector of 49,999
zeros and one 1. Document 002 names both troubles: the vectors become very long, and they hold no
meaning.

## A table to look words up in

An **embedding** keeps the one-hot vector, but only to point at something. Each word gets a short row
of numbers, and the rows make up a table $W$. Here are four words with two numbers each. (The numbers
are ours.)
"""

# %%
words = ["king", "man", "woman", "queen"]
lookup = dlhand.load("002-embedding")
lookup.heatmap("W", rows=words)

# %% [markdown]
r"""
How does a network look up the third word? By a product: a one-hot vector times the table. Every row
is multiplied by 0, and one by 1.

Nobody chooses the numbers of the table. They are weights, and they are learnt. The rest of the
network would have liked to get $t = (3, 2)$ instead; the error is half the squared distance. How does
it change with the table? The product says it: the gradient of the table is the one-hot vector,
standing, times the gradient of what was looked up. Work it through. Which rows change?
"""

# %%
lookup.player(predict=True, picture=lambda d: d.operation("v"))

# %% [markdown]
r"""
What it tells us:

- **Forward** the product is only a way of writing. A program takes the row and multiplies nothing.
- **Backward** only the row that was looked up gets a gradient. A word that does not occur learns
  nothing in this step.
- With $\eta = 0.5$ the row goes half of the way to $t$, from $(1, 3)$ to $(2, 2.5)$.

One more gradient can be asked for, that of the one-hot vector. Nobody changes $o$, of course. But which
word would have been the better one? The error falls fastest towards it:
"""

# %%
better = lookup.what_if()
_ = better.backward(better["E"], [better["o"]])
better.lines("dE/do")

# %% [markdown]
r"""
The first entry, $-8$, is the lowest: mixing in a little *king*, $(5, 2)$, would take $(1, 3)$ towards
$(3, 2)$ most of all.

**Why do similar words come to lie near each other?** Suppose that *man* stands in the same place of
the same sentence, so that the network would like to get the same $t$.
"""

# %%
lookup.compare(lookup.what_if(o=[0, 1, 0, 0]), ["v", "dE/dv", "W'"], labels=("woman", "man"))

# %% [markdown]
r"""
*Man* moves to $(2, 2)$, and *woman* moved to $(2, 2.5)$. Before, they were 1 apart; with both steps
taken they are 0.5 apart. Words that stand in the same places are asked for the same vector, so they
move towards each other. That is the whole secret: nobody tells the network what the words mean.

**What if?** Change $o$ and $\eta$, and find out:

1. With which $\eta$ does one step take *woman* exactly to $t$, so that the error $E'$ after it is 0?
2. What does $o = (0, ½, ½, 0)$ look up, and which rows learn from it? (Type `0, 1/2, 1/2, 0`.)
"""

# %%
after = lookup.what_if()
rest = after.step("d'", after["o"] @ after["W'"] - after["t"], say="what is still missing")
after.step("E'", rest @ rest / 2, say="the error after the step")
after.explore("eta", "o", watch="E'", ranges={"eta": (0, 2)},
              picture=lambda d: d.heatmap("W'", rows=words))  # fmt: skip

# %% [markdown]
r"""
**The answer.** With $\eta = 1$: the gradient is $v - t$, so the new row is $v - (v - t) = t$.
Half of each is the mean of the two rows, $(1, 2.5)$, and both rows learn: each gets half of the
gradient at $v$. Side by side:
"""

# %%
both = lookup.what_if(o=[0, "1/2", "1/2", 0])
lookup.compare(both, ["v", "E", "dE/dv", "dE/dW", "W'"], labels=("woman", "half and half"))

# %% [markdown]
r"""
A mean of rows is what one takes for a whole sentence when the order does not matter (a *bag of words*).
Each word then gets its share of the blame.

## Which words are alike?

Two rows are alike when they point the same way. The **cosine** of the angle between them measures it:

$$\cos(a, b) = \frac{a \cdot b}{\sqrt{a \cdot a} \; \sqrt{b \cdot b}}$$

Above stands the dot product, and below the two lengths, so that long vectors have no advantage. It is
1 for the same direction, 0 for a right angle, −1 for opposite directions.

For *king* $(5, 2)$ and *man* $(1, 2)$: the dot product is $5 + 4 = 9$, the lengths are $\sqrt{29}$
and $\sqrt{5}$. Two more words are new: *apple* $(1, 5)$ and *child* $(1, 4)$. Which of the pairs is the
most alike? Guess before you work it out. The last step asks the same of two one-hot vectors.
"""

# %%
alike = dlhand.load("002-embedding-similarity")
pairs = {"king, queen": "c_king_queen", "king, man": "c_king_man", "man, woman": "c_man_woman",
         "king, apple": "c_king_apple", "two one-hot": "c_one_other"}  # fmt: skip
alike.player(predict=True, picture=lambda d: d.bars([*pairs.values()], words=[*pairs]))

# %% [markdown]
r"""
What it tells us: *man* and *woman* are nearest, with 0.99; *king* and *queen* follow with 0.92, and
*king* and *apple* are furthest from each other, with 0.55. Two different one-hot vectors always have
the cosine 0: where one has its 1, the other has a 0. In a table of rows there is room for more or less
alike; among one-hot vectors there is none.

## King − man + woman

The game of document 002 is one that children play: a king is to a man as *who* is to a woman? If
directions mean something, the step from *man* to *king* is what makes a king of a man. Take that step
from *woman*, and see which word is near.

Words that the question names itself are left out of the search. Why, you will find in the last steps.
"""

# %%
analogy = dlhand.load("002-embedding-analogy")
near = ["queen", "apple", "child", "king", "woman", "man"]
analogy.player(predict=True, picture=lambda d: d.bars([f"c_{w}" for w in near], words=near))

# %% [markdown]
r"""
*Queen* wins among the words that are allowed, with 0.970. But *king* is nearer still, with 0.987.
The step that we took is small beside the words themselves, so the answer lies near the words it was
made from. If they were not left out, the answer to most such questions would be one of the words of
the question. Nearly all published examples leave them out, and not all of them say so.

The page shows the relation in a picture and says that operations on vectors give another vector. That
is true of any vectors. That the new one lies near a *word that makes sense* is what has been learnt.

**What if?** The picture has all the cosines. Try:

1. Type (6, 6) for *queen*, twice as long. What happens to her cosine, and why?
2. Which *king* would make the answer fall exactly on *queen* (3, 3)? Does *queen* then win against
   *king*, too?
"""

# %%
analogy.explore("queen", "king", watch="c_queen",
                picture=lambda d: d.bars([f"c_{w}" for w in near], words=near))  # fmt: skip

# %% [markdown]
r"""
**The answer.** Nothing happens: the cosine asks for the direction only, and $(6, 6)$ points where
$(3, 3)$ does. For the second we want *woman + king − man = queen*, so *king = queen − woman + man*,
which is $(3, 3) - (1, 3) + (1, 2) = (3, 2)$. Then the four words are the corners of a parallelogram,
the cosine is 1, and nobody can be nearer.
"""

# %%
analogy.what_if(king=[3, 2]).lines("x", "c_queen", "c_king", "m_k")

# %% [markdown]
r"""
## Questions
"""

# %%
dlhand.quiz("10")

# %% [markdown]
r"""
## What the notes print

Few numbers are printed here: the eight codes and one output of a network. They are givens, and each
agrees with what we took; *Erdbeer* is right.
"""

# %%
fruit.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
Three things are worth a look all the same.

- **The heading *One-hot-encoding*** stands in document 000 beside the key matrix of
  [attention](14_attention.ipynb), whose rows have a single number each. The fruits come further down
  on the page, and their code is *not* one-hot: 011 has two ones. It is a binary code.
- **The names of the arguments.** Document 002 writes `initializer`, `regularization` and `constraints`
  for the embedding layer. In Keras they are `embeddings_initializer`, `embeddings_regularizer` and
  `embeddings_constraint`; as printed, the call stops with an error.
- **"All LLMs use word embeddings."** They use embeddings of *tokens*, which are often parts of words.
  And a row of the table is only where a token starts from: attention then changes it by what stands
  around it.

What we learn from the first: a vector of zeros and ones is not one-hot because of the zeros and ones.
One-hot means that there is exactly one 1. Whether a sigmoid or a softmax belongs behind it depends on
that.

## On one page

Reading a code, and looking up a word:
"""

# %%
fruit.formulas("r", "D", "m", "w")

# %%
lookup.formulas("v", "E", "dE/dv", "dE/dW", "W'")

# %% [markdown]
r"""
How alike two words are, and the step from one pair to another:
"""

# %%
alike.formulas("c_king_queen")

# %%
analogy.formulas("step", "x", "c_queen", "m")

# %% [markdown]
r"""
- A code of digits is short, and makes neighbours of what has nothing in common.
- A one-hot vector is long, and makes everything equally far from everything.
- An embedding is a table of learnt rows. Looking up is a product with a one-hot vector; only the rows
  that were looked up learn.
- Words that stand in the same places move towards each other. Alike means a cosine near 1.
- Differences of words can be directions with a meaning. The words of the question stay out of the
  search.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-embedding", picture=lambda d: d.operation("v"))

# %% [markdown]
r"""
## Where it is from, and what to read

The fruits are from document 000 (its last lines, after *One-hot-encoding*). The embedding layer, its
aims, and king, man and woman are from document 002 (*Embedding layer*); it has no numbers, so those are
ours. Documents 001 and 004 name the subject: *Encoding Language for Neural Network*, and *Embeddings
and Softmax*.

To read next: Mikolov, Chen, Corrado and Dean, *Efficient Estimation of Word Representations in Vector
Space* (2013), and Mikolov, Yih and Zweig, *Linguistic Regularities in Continuous Space Word
Representations* (2013), where *king − man + woman* comes from. Pennington, Socher and Manning, *GloVe:
Global Vectors for Word Representation* (2014). Jurafsky and Martin, *Speech and Language Processing*,
chapter on vector semantics and embeddings. On the words that are left out of the search: Nissim, van
Noord and van der Goot, *Fair Is Better than Sensational: Man Is to Doctor as Woman Is to Doctor*
(2020).

**Next:** [11. Recurrent networks](11_rnn.ipynb). A sentence is a row of words, one after the other, and
a network is to read them in order.
"""
