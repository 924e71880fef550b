# %% [markdown]
r"""
# 20. What the notes print

**What you will be able to do.** Tell the kinds of slips that happen when one works by hand and writes
it down; find them, in these notes and in your own; and say when something is wrong, and when it is
only told another way.

**Time.** <<time>> The table takes as long as you like. **It builds on** the chapters before, of which it takes one example here
and there; you can read it without having done all of them.

**What we want to know.** Five documents, 1770 numbers worked out or put in, many formulas, some pages of
code. What is not right in them, how do we know, and what can be learnt from it?

## How a printed number is judged

There is nothing shameful in a slip. But a number on a page is a claim, and a claim can be tested.
Every number that the documents print is compared with the true value, and with what follows from the
numbers around it. There are six verdicts:

- **exact**: it is the true value;
- **rounded**: it is the true value, rounded to the digits shown;
- **truncated**: it is the true value, cut off after the digits shown;
- **carried**: it is not right, but it follows from another number on the page, which was rounded or
  wrong. The step was done well; the fault lies before it;
- **slip**: it is what one gets by one plausible mistake, such as $h_1$ put in for $h_2$, and it has
  so many digits that coincidence is unlikely;
- **unexplained**: none of these. Where a mistake gives the number, but others might as well, the
  reason begins with "perhaps".

1301 of the 1770 are exact, 235 are rounded and 103 cut off: 1639 hold, more than nine in ten. 95 are
carried, 15 are slips, and 21 are unexplained.

So most wrong numbers have not been calculated wrongly. They come from another one. In a list of wrong
numbers, therefore, one looks for the *first*. Here is one from document 003: a sigmoid, taken apart
into operations. Which is the number at which it went wrong, and which merely follow?
"""

# %%
import dlhand

sigmoid = dlhand.load("003-sigmoid-graph")
sigmoid.verdict_table("carried", "slip", "unexplained")

# %% [markdown]
r"""
The answer is $f_4$. It is $-1$, and the page writes $e^1$: it does two steps at once and loses the
minus. What comes next, $f_5$, is the power of a power, and not even that is right: $e^{2.718}$ is 15.150.
Then 15.778 would be right, if 14.778 were, and $\frac{1}{15.778}$ is 0.063, not 0.064. In the lower half
all are carried: $-0.54$ comes from 1.36, which was 1.3679 before it was cut off, and 0.38
and $-0.57$ from 0.19, which was 0.1966.

## Slips of the pen

A sign, a digit, a point. The calculation behind it was right; only the writing was not. These are
found by their **neighbours**, since the page goes on with the right number. Three from document 002:

- 0.555073 is written for 0.55073: one 5 too many;
- 0.15 stands where the weight 0.5 belongs, and yet the product beside it is right;
- the last row of the OR gate has $-1$ for $-1 + 2 + 2$. What is it really?
"""

# %%
dlhand.load("002-or").lines("y_7")

# %% [markdown]
r"""
In document 003, 1.009 stands for 2.009: a sum of two numbers near 1. **Ask how large a number must be
about**, and such a slip shows itself.

## The right step with the wrong number

One looks into the line above, or into the wrong row, and takes what stands there. The arithmetic is
right and the result is not. These are found by **asking what was put in**:

- tanh of $-0.1$ comes out as $-0.098$, since the denominator 2.05 is taken from another row, where it
  was a numerator ([chapter 11](11_rnn.ipynb));
- the slope of a sigmoid is worked out with its input $z$ in place of its output $a$
  ([chapter 17](17_vanishing_gradients.ipynb));
- in the attention for two words, the first value vector is put in as (0.31, 0.36, 0.19, 0.72), where
  it is (0.36, 0.83, 0.1, 0.36) ([chapter 14](14_attention.ipynb)).

## A given that was never used

The network of [chapter 5](05_backpropagation.ipynb) says that its second bias is 0.25. No number that
follows agrees with that. Then the bias must have been another one.

**What if?** Find the bias with which the first output becomes 0.73492, as printed. Move the slider, or
type.
"""

# %%
network = dlhand.load("002-net222")
layers = [["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]
network.explore("b2", watch="o1", ranges={"b2": (0, 1)}, picture=lambda d: d.network(layers))

# %% [markdown]
r"""
**The answer.** It is 0.35. Here is what was given beside what was used; the second output, printed as
0.77955, agrees as well. In chapter 5 the same is done without trying, by **going backwards** from the
result.
"""

# %%
given, used = network.what_if(b2="0.25"), network.what_if(b2="0.35")
given.compare(used, ["z_o1", "z_o2", "o1", "o2"], labels=("given", "used"))

# %% [markdown]
r"""
One number is not enough to be sure. Two outputs and one bias are: the second number is the test.

## Rounding that grows

The weights of an attention are cut off to 0.57, 0.2 and 0.2, and go on so. Before you look: what must
such weights add up to, and what do these?
"""

# %%
dlhand.load("003-attention").lines("alpha1", "alpha2", "alpha3")

# %% [markdown]
r"""
They must add up to 1, and these make 0.97. So the mixture comes out as 0.77, where it is 0.788.
**What must add up to a known sum** is the cheapest test there is: shares, probabilities, weights of an
attention, the entries of a one-hot vector.

## Formulas that lose something

A wrong number harms one example. A wrong formula harms all of them. Here are those of document 001,
both of them. Each row of the table has its place, what is printed, what is right, and why.
"""

# %%
dlhand.errata_table("001")

# %% [markdown]
r"""
Nearly always something has got lost on the way, and it is always one of the same few things:

- **a sign**: $W \leftarrow W \cdot \eta \, \frac{\partial J}{\partial W}$, where the minus is missing;
- **an exponent**: a loss of plain differences, in which errors of opposite signs cancel; the slope of
  $\frac{1}{b}$ without its square; in Adam, the mean of gradients in place of that of their squares;
- **a factor**: the slope of the output unit on the way to $w_1$; the $[z > 0]$ of a ReLU on the way
  back; the weights of later layers on the way of a bias;
- **an index**: what is passed back from the first time step is taken from the gates of the second;
  both weights of an attention multiply the same value vector;
- **a way of combining**: plus for times in the decoder of an autoencoder, times for divided in Adam,
  times for minus in the size of a convolution's output.

They are found by **trying a case that one knows**. With a step that is no step the weights should stay
as they are. A filter of 1 by 1 should leave the size of an image alone. A network with weights of 0
should say its bias. And a gradient is tested by a small move. One case is not always enough: where a
factor happens to be 1, a formula without it gives the right number. That is so with document 000's
backpropagation (see [chapter 5](05_backpropagation.ipynb)).

**Names** can be wrong as well. What is called ReLU in document 002 is the step, and what is called
softmax in document 000 divides by the sum and leaves out the powers of $e$. And there are **words
that promise too much**: document 003 says of the universal approximation theorem that it holds for
all $x$, which it does not ([chapter 2](02_multilayer_perceptron.ipynb)).

## Code that does not run, and code that does

Document 004 has code. Much that is wrong with it says so by itself, as soon as one runs it:
`tf.keras.optimizer` without its s, `RMSProp` for `RMSprop`, `_init_` for `__init__`, a missing shape.
These are the harmless ones.

The others run, and do something else:

- `tf.keras.losses.MSE` gives a number for each sample, and not the mean over all;
- `weights = weights - lr * gradient` makes a new tensor that the tape does not watch, so the next
  gradient is `None`;
- a prediction that is made before the tape starts has no gradient either;
- `W_hh + h` adds a matrix to a vector, and broadcasting makes a matrix out of it;
- a softmax over a single output is always 1, and so its loss is always 0.

These are found by **checking shapes, and numbers that one knows**: what comes out of this line for an
input done by hand? That is what [chapter 19](19_in_a_framework.ipynb) does.

## Contestable

Five verdicts are marked as *contestable*: one can read the line so that it is right.

- The cross-entropy of documents 001 and 004 has no brackets around its two products. By the rules,
  the minus and the mean then belong to the first product alone. But a sum sign may also be meant to
  reach to the end of the line, and everybody who knows the formula reads it so.
- In document 004 the loss is given the weights and no data (line 115). As a sketch, "the loss depends
  on the weights" is fine; in line 147 the same function gets targets and predictions.
- The gradient is asked for while the tape still records (line 116). It works, but costs time.
- `Sequential([...])` has three dots where layers belong (line 139). A reader is meant to fill them in.

Why are they in the list at all? Because a learner may take them at their word. Why are they marked?
Because a list of mistakes should be as careful as what it judges. Before you call something wrong,
look for a reading in which it is right.

## What is no slip at all

The documents are handwritten and have been read by a machine. Some of what stands in their text was
never meant by anybody. In document 003 alone:

- a 2 before a line, where the sign $=$ was misread (lines 496, 517, 519, 574, 586 and 592);
- a triangle of numbers from 1.0 to 10.0, made of the dots of some vectors (lines 447 to 463);
- stray pieces: `2 6 2` in line 278, a lone `m-f` in line 370, a word struck out in line 646;
- the brand of the notebook and a date (lines 675 and 677).

And $\oplus$ in lines 590 to 594 is a product entry by entry, badly drawn. None of this is in the list.
Where a printed number was read as another one, the verdict says so, and why: *printed 2.36, read as
1.36*. A reading needs a reason; otherwise one could make everything right.

## Questions
"""

# %%
dlhand.quiz("20")

# %% [markdown]
r"""
## Everything that is not right

All documents in one table: numbers that are carried, slips or unexplained, wrong formulas, wrong code. Type
into the search to find an example or a word; press a heading to sort by it. `dlhand verify` does all
the work anew in a terminal.
"""

# %%
dlhand.errata_table()

# %% [markdown]
r"""
## On one page

How to find a slip, the cheapest tests first:

1. **About how large?** Sign, and the place of the point.
2. **What must it add up to, and which shape must it have?** Shares make 1; a gradient has the shape of
   its weight.
3. **What do the neighbours say?** A slip of the pen is not carried on.
4. **What was put in?** Work the line out with the numbers that it shows, not with those that it should
   show.
5. **Which was the first?** What follows from a wrong number is not wrong a second time.
6. **Backwards.** From the result to a given that must have been used.
7. **A case that one knows**, or a small move: for formulas, gradients and code.
8. **Is there a reading in which it is right?**

And for your own work: keep more digits than you show, write down what you put in, and check each page
by one number that you find in two ways.

## Where it is from, and what to read

All five documents. The verdicts are worked out by dlhand each time; nobody typed them.

To read next: Forman Acton, *Numerical Methods That Work*, on how numbers go wrong. Nicholas Higham,
*Accuracy and Stability of Numerical Algorithms*, chapter 1. George Pólya, *How to Solve It*, on looking
back.

This is the last chapter. [Start here](00_start_here.ipynb) has the map, if you want to go back to
something.
"""
