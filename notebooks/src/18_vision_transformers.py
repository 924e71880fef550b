# %% [markdown]
r"""
# 18. Vision transformers

**What you will be able to do.** Count the tokens of an image and what they cost; take a very small
image by hand all the way from pixels to a class; and say what is lost when the patches are not told
their places.

**Time.** <<time>> **It builds on**
[14. Attention](14_attention.ipynb) and [16. Transformers](16_transformers.ipynb);
[8. Convolution](08_convolution.ipynb) helps to see the difference.

A transformer reads a row of tokens, and it does not ask where they come from. So an image can be
read as well, once it has been turned into tokens. A **vision transformer** cuts it into patches and
takes each patch for a word.

**What we want to know.** How does an image become a row of tokens, what does that cost, and how is a
class read off in the end?

**How we write it.** Each row is a token, and weights stand behind what they multiply, as in document 002
and in most code.

## An image as a sentence

Why not a token for each pixel? Because every token looks at every token. An image of 224 by 224 has
50,176 pixels, and each head of attention would need more than 2.5 billion weights. So the image is
cut into square **patches**, 16 pixels wide. A patch has three colours, and all its numbers in a row
make a token.

How many tokens are there, and how long is each? Work it out; it needs no more than a product at
each step.
"""

# %%
import dlhand

sizes = dlhand.load("004-attention-vit")
sizes.player(predict=True, picture="graph")

# %% [markdown]
r"""
The image has become a sentence of 197 words, 196 patches and one more, of which below. Each has 768
numbers, as many as a word in the smaller of the two BERT networks.

**What if** the patches were smaller? Halve their side. Say first which of the counts become four
times as many, which sixteen times, which fewer, and which stays nearly the same. Then set $p$ to
8, and choose one result after the other. And what does $p = 15$ tell you?
"""

# %%
sizes.explore("p", watch="n", ranges={"p": (4, 32)}, picture="graph")

# %% [markdown]
r"""
**The answer**, side by side:
"""

# %%
sizes.compare(sizes.what_if(p=8), labels=("16 pixels", "8 pixels"))

# %% [markdown]
r"""
Four times as many patches have a quarter of the numbers each. So the table of positions, tokens
times width, hardly changes. The attention weights grow nearly sixteenfold, since they are a square
of a square; the weights that take a patch to a token shrink to a sixteenth. Small patches see finer
things, and attention pays for it.

With 15 there would be 14.93 patches in a row. A patch must go into the side without remainder;
otherwise the image is cut or scaled first.

## A very small image

Now numbers. Our image has four by four pixels in one colour, and patches of two by two:
"""

# %%
tiny = dlhand.load("004-attention-patches")
tiny.heatmap("I")

# %% [markdown]
r"""
Six things happen to it.

1. Each patch, its upper row and then its lower one, becomes a row of four numbers.
2. The matrix $W_E$ takes each of them to a **token** of two numbers.
3. The **class token** $x_c$ is put before them. It is no part of the image; it is learnt, and all
   that it says at the end comes from looking at the others.
4. To each token its **position** is added, a vector that is learnt too.
5. The tokens attend to each other. To keep it short, queries, keys and values are the tokens
   themselves.
6. Only the first row of the output is used. $W_C$ turns it into a score for each class, and a
   softmax into probabilities.

Before you begin, look at $W_E$: its columns are 1, 0, 0, 1 and 0, 1, 1, 0. What does each of them
ask of a patch?
"""

# %%
names = ["class", "p1", "p2", "p3", "p4"]
weights = {"rows": names, "columns": names, "digits": 2}
tiny.player(predict=True, digits=4, picture=lambda d: d.heatmap("A", **weights))

# %% [markdown]
r"""
The first column adds up the diagonal that falls to the right, the second the one that rises. So the
second patch, with 2 and 2 on the falling diagonal, becomes 4, 0, and the first patch, with 1 and 1
on the rising one, becomes 0, 2. Laid into a square, each column of $W_E$ is a filter of two by two,
and it moves by two pixels at a time: turning patches into tokens is a convolution whose stride
equals its size. In code it is often written so.

Look at the first row of the weights. The class token takes nearly half from the second patch. Its
own numbers are 1, 1, so it scores each token by the sum of its two numbers, and that of the second
patch is largest. So the first class wins, with 0.81.

## Where a patch lies, and what is looked at

**What if** two patches changed places? Exchange the upper two: type the image `2, 0, 0, 1; 0, 2, 1, 0;
1, 1, 0, 0; 1, 1, 0, 4`. Does the class change? Then set all positions $P$ to 0, and look with both
images.

Put the image and $P$ back. The class token decides what is looked at. Can it change the decision? Find
an $x_c$ with which the second class wins, and one that looks at all tokens alike.
"""

# %%
tiny.explore("I", "P", "x_c", watch="y_hat", digits=4,
             picture=lambda d: d.heatmap("A", **weights))  # fmt: skip

# %% [markdown]
r"""
**The answer.** *Where a patch lies*: with positions, it matters: the exchange takes the first class from 0.81 to
0.90.
"""

# %%
exchanged = [[2, 0, 0, 1], [0, 2, 1, 0], [1, 1, 0, 0], [1, 1, 0, 4]]
moved = tiny.what_if(I=exchanged)
tiny.compare(moved, ["X", "z", "y_hat"], labels=("image", "exchanged"), digits=4)

# %% [markdown]
r"""
Without them it does not matter at all. The rows of $X$ change places, so the weights of the class
token do too, and the average is the same:
"""

# %%
nowhere = tiny.what_if(P=[[0, 0], [0, 0], [0, 0], [0, 0], [0, 0]])
lost = nowhere.what_if(I=exchanged)
nowhere.compare(lost, ["X", "z", "y_hat"], labels=("image", "exchanged"), digits=4)

# %% [markdown]
r"""
(The differences stand there as ≈ 0.0000, since bounds can close in on 0 but cannot prove it.) An
image with its patches shuffled would be the same image. This is what the notes mean by "encoding is
important".

*What is looked at*: with the class token 0, 0 all its scores are 0, and it takes a fifth from
each token: a plain mean. With 1, 3 it looks for a large second number, finds it in the third patch
and in itself, and the second class wins:
"""

# %%
mean, other = tiny.what_if(x_c=[[0, 0]]), tiny.what_if(x_c=[[1, 3]])
mean.compare(other, ["z", "y_hat"], labels=("0, 0", "1, 3"), digits=4)

# %% [markdown]
r"""
## One dimension or two?

An image has rows and columns. Should a position not say both? The notes answer: there is no need
for more dimensions, unless these mean something of their own.

The reason can be seen in the counts. Positions are a table with a row for each token, 197 by 768,
and all of it is learnt. Two patches that lie one below the other can be given similar rows, if that
helps. A table that is free can hold whatever a row number and a column number could say. The
authors of the vision transformer compared the two and found hardly a difference; only leaving
positions out was clearly worse. A sinusoidal encoding, as in [chapter
15](15_positional_encoding.ipynb), is not learnt, and there the question is a different one.

## A transformer in a transformer

A token of 768 numbers is mixed as a whole. What happens *within* a patch, an edge or an eye, must
come out of one product with $W_E$. The **TNT**, for "Transformer in Transformer", cuts each patch
once more, and an inner transformer lets the pieces attend to each other. For a patch of 16 by 16
and pieces of 4 by 4 the same count serves; the image is now the patch:
"""

# %%
sizes.what_if(side=16, p=4).lines("r", "n", "w")

# %% [markdown]
r"""
Sixteen pieces of 48 numbers in each patch. Now there are two kinds of places, and the notes name
both: where a *patch* lies in the image, and where a piece, a few *pixels*, lies in its patch. The
second kind is shared by all patches: upper left is upper left in each of them.

## Beside a convolution

A filter of three by three sees nine pixels, and many layers are needed before the upper left corner
learns of the lower right one. A patch attends to all others in the first layer. What a convolution
has built in, that neighbours belong together and that a thing is the same everywhere, a vision
transformer must learn. So it needs much data, and is ahead where there is much.

## The outline of the lectures

Document 004 begins with an outline. Here it is with the chapters that work it out:

| outline | in this course |
| --- | --- |
| Structural building blocks | [1](01_perceptron.ipynb), `001-perceptron` |
| Nonlinear activation functions | [3](03_activations_and_losses.ipynb), `004-activations` |
| Stacking perceptrons | [2](02_multilayer_perceptron.ipynb), `001-mlp` and `004-dense` |
| Optimization through backpropagation | [5](05_backpropagation.ipynb), `001-backprop` |
| Adaptive learning | [6](06_optimisers.ipynb), `004-optimisers-rmsprop`, `002-optim-adam` |
| Batching | [6](06_optimisers.ipynb), `002-hyper-batches` |
| Regularization | [7](07_regularisation.ipynb), `004-dropout` |

And it has a list of four papers, on what transformers are good for besides translation. BERT reads
a text in both directions and learns by guessing hidden words; it is an encoder. "Language Models
are Few-Shot Learners" is about GPT-3, a decoder that takes up a task from a few examples. AlphaFold
finds the form of a protein from its sequence. "An Image is Worth 16x16 Words" is the vision
transformer.

## Questions
"""

# %%
dlhand.quiz("18")

# %% [markdown]
r"""
## What the notes print

One number, twice: the 16 in a title. It is the side of a patch, and our count begins with it.
"""

# %%
sizes.verdict_table()

# %% [markdown]
r"""
No formula stands on these pages, so none is wrong. But two lines teach something about notes. "No
need for 2 more dimensions" leaves out of what; who did not hear the lecture may think of the image.
And the last line of all reads "PDE", with nothing beside it. A note of three letters costs a
second, and is lost a week later. Write down the question, too.

## On one page

An image of a given side, in patches of side $p$ with $c$ colours: tokens, their length, and what
they cost.
"""

# %%
sizes.formulas("r", "n", "t", "w", "W", "P", "A")

# %% [markdown]
r"""
From patches $X_p$ to a class; the 2 under the root is the length of a key here.
"""

# %%
tiny.formulas("X_e", "X", "S", "S_scaled", "A", "Z", "z", "y_hat")

# %% [markdown]
r"""
- A patch becomes a token by one product, which is a convolution with a stride of its own size.
- The class token is learnt and comes first; the class is read from it alone.
- Without positions, patches may be shuffled and nothing changes at the class token.
- Positions in one dimension do as well as in two, if they are learnt.
- TNT: attention within the patches and between them, with positions for both.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("004-attention-patches", picture=lambda d: d.heatmap("A", **weights))

# %% [markdown]
r"""
## Where it is from, and what to read

Document 004, the outline (lines 3 to 20), what to read (lines 213 to 219) and the notes on vision
transformers (lines 260 to 270). The small image is ours.

To read next: Dosovitskiy and others, *An Image is Worth 16x16 Words: Transformers for Image
Recognition at Scale* (2021). Han and others, *Transformer in Transformer* (2021). Devlin and others,
*BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding* (2019). Brown and
others, *Language Models are Few-Shot Learners* (2020). Jumper and others, *Highly Accurate Protein
Structure Prediction with AlphaFold* (2021).

**Next:** [19. In a framework](19_in_a_framework.ipynb). The code of document 004, repaired and running.
"""
