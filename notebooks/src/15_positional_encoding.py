# %% [markdown]
r"""
# 15. Positional encoding

**What you will be able to do.** Show that attention does not know the order of words; work out the
sines and cosines that tell it, for any position; say why a sine and a cosine share their angle, and
what a wrong exponent does.

**Time.** <<time>> **It builds on** [14. Attention](14_attention.ipynb). From trigonometry you
need what sine and cosine of an angle are. Angles are in radians: a full turn is $2 \pi \approx 6.28$.

**What we want to know.** Which numbers can be added to a word so that a network can see where it
stands, and how far two words are apart?

**How we write it.** Words and positions are *rows*, as in document 003's table. Positions, columns and
pairs are counted from 0.

## Attention does not know the order

"The dog bites the man" and "the man bites the dog" have the same words. Attention compares each word
with each other one and takes an average. Nothing in this asks which came first. Let us see it: three
words of two numbers each, a row for each word, and all weights as simple as can be. (The numbers are
ours.) Then the first two words change places.
"""

# %%
import dlhand

as_it_is = [[1, 0], [0, 1]]
plain = dlhand.attention([[2, 0], [0, 1], [1, 1]], as_it_is, as_it_is, as_it_is)
swapped = [[0, 1], [2, 0], [1, 1]]
plain.compare(plain.what_if(X=swapped), ["X", "Z"], labels=("in order", "swapped"), places=3)

# %% [markdown]
r"""
Look at the outputs $Z$. The first two rows have changed places, as their words did. The third row is
the same. (Its difference stands there as ≈ 0.000: bounds can close in on 0, but cannot prove it.) The
third word has no way to know in which order the other two came.

So the words must bring their places with them. The simplest idea is to add the number of the position,
0, 1, 2, 3 and so on. It fails for two reasons. The numbers of a word are small, and at position 500
nothing would be left of the word beside the number added to it. And a network that has only seen short
sentences would meet numbers that it has never seen.

## Clock hands

How does one count far with small numbers? With several digits: the last one changes at each step, the
one before it more slowly. The codes 000, 001, 010, 011 of [chapter 10](10_embeddings.ipynb) do just
this. A clock does the same smoothly. Its second hand turns fast and its hour hand slowly; together they
tell all the moments of half a day apart, and neither ever leaves its circle.

A **positional encoding** is a set of such hands. A hand is told by the sine and the cosine of its
angle, which are its two coordinates. So the columns come in pairs, number $i = 0, 1, 2, \dots$ With $d$
columns in all:

$$P_{pos,\, 2i} = \sin\left(\frac{pos}{b^{2i/d}}\right), \qquad
P_{pos,\, 2i+1} = \cos\left(\frac{pos}{b^{2i/d}}\right), \qquad b = 10000.$$

The **divisor** $b^{2i/d}$ says how slowly a hand turns. For $d = 4$ there are two pairs. The first has
the divisor $b^0 = 1$, so its hand turns by 1 with each word. The second has $b^{2/4} = 100$, and turns
by 0.01.

Document 003 takes the sentence "I am a robot". Work out the first two words, number by number. Each
step also shows what the page has there.
"""

# %%
cells = dlhand.load("003-posenc-cells")
cells.player(predict=True, picture="graph")

# %% [markdown]
r"""
What it tells us: at position 0 every angle is 0, so every sine is 0 and every cosine 1, whatever the
divisors. At position 1 the fast hand has moved far, to 0.84 and 0.54. The slow one has hardly moved:
its sine is nearly its angle, 0.01, and its cosine nearly 1.

How fast do the four numbers of the second word change, when its position does?
"""

# %%
slopes = cells.what_if()
numbers = ["P_10", "P_11", "P_12", "P_13"]
_ = [slopes.backward(slopes[name], [slopes["pos_1"]]) for name in numbers]
slopes.lines(*[f"d{name}/dpos_1" for name in numbers])

# %% [markdown]
r"""
The slope of each sine is the cosine beside it, and that of each cosine is minus the sine, both over the
divisor. So the fast hand changes a hundred times as fast as the slow one.

## The whole sentence

The page has the rows of *I* and *am*; those of *a* and *robot* are left open. All four at once: a
column of positions, divided by the row of divisors, gives an angle for each position and column. (The
row $D$ is a single vector, and those are printed standing, to save room.)
"""

# %%
robot = dlhand.load("003-posenc")
robot.lines("D", "Theta", "P")

# %%
sentence = ["I", "am", "a", "robot"]
robot.heatmap("P", rows=sentence, columns=["sin", "cos", "sin", "cos"], digits=3)

# %% [markdown]
r"""
White is 0, blue is positive, brown is negative. The two columns on the left swing; the two on the right
seem to stand still. Four words are too few to see them move. Here are sixteen positions with eight
columns, and so with four hands:
"""

# %%
dlhand.positional_encoding(16, 8).heatmap("P", digits=2)

# %% [markdown]
r"""
Read it from left to right: the divisors are 1, 10, 100 and 1000. The first hand goes round more than
twice, the second makes nearly a quarter of a turn, and the last one hardly stirs. In a long text it is
the last ones that tell the chapters apart.

**What if?** The fast hand makes a full turn in 6.28 words, and seven turns in 43.98 words. So at
position 44 it points almost to where it pointed at position 0.

1. Type 44 for the last position. Which columns still tell *robot* from *I*?
2. Then type 1 for the base $b$. What happens, and why?
3. And with which base would the slow hand turn by 0.1 a word? (You see its divisor, $D_2$.)
"""

# %%
robot.explore("pos", "b", watch="D_2", ranges={"b": (1, 10000)},
              picture=lambda d: d.heatmap("P", rows=sentence, digits=3))  # fmt: skip

# %% [markdown]
r"""
**The answer.** At position 44 the fast pair is $(0.018, 1.000)$, at position 0 it is $(0, 1)$: by it
alone the two words would stand in almost the same place. The slow pair tells them apart, with $(0.426,
0.905)$ against $(0, 1)$. With the base 1 all divisors are 1, so both hands turn alike and the slow pair
has nothing to add:
"""

# %%
far = robot.what_if(pos=[[0], [1], [2], [44]])
far.compare(far.what_if(b=1), ["D", "P"], labels=("b = 10000", "b = 1"), places=3)

# %% [markdown]
r"""
For the third question the divisor must be 10, and it is $b^{1/2}$: so $b = 100$. A small base makes the
slow hands faster, and then they tell near words better apart, and far ones worse.

## A step is a turn

Why a sine *and* a cosine, and why with the same angle? With the same angle they are one hand. And a
hand has a property that a single sine has not: going $k$ words further turns it by the same amount,
wherever it stood. The addition theorems say it:

$$\begin{aligned}
\sin(\theta + \varphi) &= \cos\varphi \, \sin\theta + \sin\varphi \, \cos\theta \\
\cos(\theta + \varphi) &= -\sin\varphi \, \sin\theta + \cos\varphi \, \cos\theta
\end{aligned}$$

Here $\theta$ is the angle where we start and $\varphi$ that of the $k$ words. Written as a matrix, with
the pair as a *column*:

$$\begin{bmatrix} \sin(\theta + \varphi) \\ \cos(\theta + \varphi) \end{bmatrix} =
\begin{bmatrix} \cos\varphi & \sin\varphi \\ -\sin\varphi & \cos\varphi \end{bmatrix}
\begin{bmatrix} \sin\theta \\ \cos\theta \end{bmatrix}$$

The matrix has no $\theta$ in it. That is the point: "two words further on" is one matrix, the same at
the beginning of a sentence and at its end, and a layer of weights can learn it. Go from position 1 to
position 3, for both hands: turn the pair of position 1, then work out position 3 directly.
"""

# %%
turn = dlhand.load("003-posenc-rotation")
fast = ["p_fast", "s_fast", "c_fast", "R_fast", "t_fast", "q_fast"]
turn.player(predict=True, picture=lambda d: d.graph(fast))

# %% [markdown]
r"""
Both ways give the same, for the fast hand and the slow one. (In the picture is the fast one.)

## How far apart are two words?

Attention compares by dot products. So what does the dot product of two encodings say? In one pair it is

$$\sin\alpha \, \sin\beta + \cos\alpha \, \cos\beta = \cos(\alpha - \beta),$$

which has only the *difference* of the two angles in it. The same holds for the sum over all pairs. We
add one step to the derivation from above, the product of each row with each row:
"""

# %%
P = robot["P"]
robot.step("S", P @ P.T, say="the dot product of each position with each position")
robot.heatmap("S", rows=sentence, columns=sentence, digits=3)

# %% [markdown]
r"""
Along each diagonal stands one number: 2 for a word with itself, 1.54 for neighbours, 0.584 for words
two apart, 0.00956 for three. It does not matter where the words stand, only how far apart. This is what
we wanted. (It does not fall for ever: the fast hand comes round again. With more hands the fall is
longer and smoother.)

## How a word gets its place

The encoding is *added* to the word, number by number, so it must be as long as the word's own vector.
Document 001 has it as the first of its four steps of attention: *add positional embedding to tokens*.
Once more the three words from the beginning, each now with its place, in order and swapped:
"""

# %%
placed = dlhand.positional_encoding(3, 2)
placed.section("Words in their places")
X = placed.given("X", [[2, 0], [0, 1], [1, 1]], say="the words, a row each")
with_places = placed.step("X_p", X + placed["P"], say="each word and its place, added")
dlhand.attention(with_places, as_it_is, as_it_is, as_it_is, into=placed)

# %%
placed.compare(
    placed.what_if(X=swapped), ["X", "P", "X_p", "Z"], labels=("in order", "swapped"), places=3
)

# %% [markdown]
r"""
The third row of $Z$ is no longer the same: the third word now feels in which order the others came.

Does adding not spoil the word? A sum cannot be taken apart again, if one knows nothing about the two
numbers. But the words of a real network have hundreds of numbers, of which the positions need few, and
the network learns its words *with* the encoding added. It can keep the two in different directions.

Two other ways are in use. In the one, the rows of $P$ are not calculated but *learnt*, like any other
embedding ([chapter 10](10_embeddings.ipynb)); they then end at the longest sentence of the training. In
the other, nothing is added, but queries and keys are *turned* by the angle of their position. It is the
rotation from above, and it is called rotary embedding.

## Questions
"""

# %%
dlhand.quiz("15")

# %% [markdown]
r"""
## What the notes print

Document 003 has a table and works out its first two rows below, number by number. Here is what is not
exact or rounded, first from the calculations, then from the table:
"""

# %%
cells.verdict_table("truncated", "carried", "slip", "unexplained")

# %%
robot.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
- 0.8414 is cut off; rounded it would be 0.8415.
- **0.10** stands for $P_{12} = \sin(0.01)$, where 0.01 belongs. One zero is missing: or the exponent
  was taken to be 1/4 instead of 2/4. Then the divisor is 10, and $\sin(0.1) \approx 0.0998$ is 0.10
  rounded.
- **0.991** stands for $P_{13} = \cos(0.01) = 0.99995$, and is then rounded to 1, which is right.
  Perhaps a 9 was written like a 1.

How can one notice? A sine and a cosine of one angle are the two sides of a right triangle with the long
side 1, so their squares add up to 1. The printed pair 0.10 and 1 makes 1.01. And near 0 the sine of an
angle is nearly the angle itself: $\sin(0.01)$ cannot be 0.10.

**The formulas are a different matter.** All three rules above the table are wrong as they stand, and so
are the exponents of two numbers below it. Yet most results are right: they were not made with what is
printed.

| printed | at | gives | right |
| --- | --- | --- | --- |
| $\sin\left(\frac{pos \cdot 2i}{10000^{2i/d}}\right)$ | position 1, column 2 | 0.019999 | 0.0099998 |
| $\cos\left(\frac{pos \cdot 2i + 1}{10000^{(2i+1)/d}}\right)$ | position 1, column 1 | 0.99500 | 0.54030 |
| even *position* sine, odd *position* cosine | position 1, column 0 | 0.54030 | 0.84147 |
| $P_{11} = \cos\left(\frac{1}{10000^{1/4}}\right)$ | position 1, column 1 | 0.99500 | 0.54030 |
| $P_{13} = \cos\left(\frac{1}{10000^{3/4}}\right)$ | position 1, column 3 | 0.9999995 | 0.99995 |

The factor $2i$ beside the position does harm at once: in the first pair $i$ is 0, so its sine would be
0 at every position. The fastest hand would stand still.

The exponent $2i + 1$ is the more instructive slip. It is easy to make: the column *is* number $2i + 1$.
But the exponent belongs to the *pair*. Give the cosine an angle of its own, and the two are no longer
one hand. Then no matrix turns one position into the next, $\sin\alpha\sin\beta + \cos\alpha\cos\beta$
no longer collapses into one cosine, and the numbers still look quite reasonable. Nothing fails; it only
works worse. Such mistakes are found by asking for the property, not by looking at the numbers.

And *even* and *odd* go by the column, not by the position. Taken literally, the word "am" would have
cosines only and the word "a" sines only.

## On one page

The encoding: even columns take the sine, odd ones the cosine, and both of a pair the same divisor.
"""

# %%
robot.formulas("D_0", "D_2", "Theta", "P")

# %%
cells.formulas("theta_12", "P_12", "theta_13", "P_13")

# %% [markdown]
r"""
Going $k$ words further, from position 1, as a turn; the dot products; and the word with its place:
"""

# %%
turn.formulas("p_slow", "s_slow", "c_slow", "R_slow", "t_slow")

# %%
robot.formulas("S")

# %%
placed.formulas("X_p")

# %% [markdown]
r"""
- Without positions, attention gives the same outputs in another order when the words come in another
  order.
- Each pair of columns is a clock hand: fast ones tell neighbours apart, slow ones distant words.
- All numbers stay between −1 and 1, at any position, and nothing is learnt.
- $k$ words further is a turn by the same angle everywhere; the dot product depends on the distance
  only.
- The exponent goes by the pair, sine or cosine by the column.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-posenc-rotation", picture=lambda d: d.graph(fast))

# %% [markdown]
r"""
## Where it is from, and what to read

The sentence, the table and the formulas are from document 003 (*Positional encoding*, its last page).
Document 001 names the step (*Encode positions information*, under *Attention*), and document 004 has it
as section 3.5 of its outline. The rotation, the dot products and the attention with and without places
are ours.

To read next: Vaswani and others, *Attention Is All You Need* (2017), section 3.5. Gehring and others,
*Convolutional Sequence to Sequence Learning* (2017), for learnt positions. Shaw, Uszkoreit and Vaswani,
*Self-Attention with Relative Position Representations* (2018). Su and others, *RoFormer: Enhanced
Transformer with Rotary Position Embedding* (2021).

**Next:** [16. Transformers](16_transformers.ipynb). Attention, places, a small network for each word,
and what keeps all of it in bounds.
"""
