# %% [markdown]
r"""
# 8. Convolution

**What you will be able to do.** Slide a filter by hand; say how large the output is and what it
costs; and carry an error back to the filter and to the image.

**Time.** <<time>> **It builds on**
[5. Backpropagation](05_backpropagation.ipynb).

An edge looks the same in every corner of a picture, so one small set of weights can look for it
everywhere. This set is the **filter**, also called kernel. A **convolution** slides it over the
image and asks at each place the same question. A dense layer from 36 pixels to 16 outputs has 576
weights; the filter of this chapter has nine.

**What we want to know.** What comes out at each place? How does an error find its way back to
weights that are used everywhere? And what does it all cost?

**How we write it.** An image has its rows from top to bottom and its columns from left to right;
$y_{12}$ stands in row 1, column 2.

The image is from document 003, the counts are from documents 002 and 003. Neither goes backward
through a convolution; here we do.

## One row

We begin with the first row of the image and three weights. At each place, every pixel in the window
is multiplied by the weight at its place, and the products are added. Move the window.
"""

# %%
import dlhand
from dlhand.examples.lessons import one_row

one_row().film("y")

# %% [markdown]
r"""
What it tells us: with the weights 1, 0 and −1 the filter takes the pixel on the right from the
pixel on the left. It answers with a positive number where the row falls, with a negative one where
it rises. And six pixels have room for four windows only.

## The whole image

Now the filter has three such rows. Nine products go into each output, and there are sixteen
outputs. Say first what comes out, then look. Two windows and two outputs are asked for; the other
fourteen places are worked out before your eyes.
"""

# %%
conv = dlhand.load("003-conv")
conv.player(predict=True, alike=2, picture=lambda d: d.windows("Y"))

# %% [markdown]
r"""
All columns of this filter hold one number three times. So each output is the sum of the window's
left column, less the sum of its right one: for the last window 9 less 25, which is −16. There the
image grows brighter to the right more than anywhere else.

Since all entries of a column are the same, each column of three pixels need be added up only once.
Here are the sums, and the outputs as single differences; it is the same map:
"""

# %%
dlhand.load("003-conv-columns").lines("C", "Y")
# %% [markdown]
r"""
## The other filter

Turned on its side, the filter takes the lower row from the upper one, and finds horizontal edges.
Document 003 has the filter, but does not use it.
"""

# %%
filters = dlhand.load("003-conv-filters")
filters.film("Y_h")

# %% [markdown]
r"""
The largest answer, 17, comes in row 2, column 2: the numbers 5, 8 and 9 stand high above 1, 3 and
1. The first filter finds next to nothing there, −2: an edge that runs across is no edge to it. A
network is not told which edges matter; it learns the nine weights.

Document 003 names edge detectors without showing them. Here is the corner of a bright square under
three of them. $Y_p$ is Prewitt's filter, the one from above, and $Y_s$ Sobel's, whose middle row
counts twice. With each goes its transpose, and $G$ is the strength of the edge in any direction.
$Y_z$ is Laplace's filter, four neighbours against four times the middle. Where will it be 0?
"""

# %%
dlhand.load("003-edge-detectors").lines("Y_p", "Y_p'", "G_p", "Y_s", "G_s", "Y_z", digits=3)

# %% [markdown]
r"""
Inside the square and outside of it: it answers only where brightness jumps, and with one sign on
each side of the jump. The fourth name in the document, Canny, is no filter but a procedure: smooth,
take Sobel's strength, keep only its ridges, and join strong to weak ones.

## Is it a convolution?

In mathematics a convolution first turns the filter by half a turn. Networks leave it as it is, and
what they do is called **cross-correlation**, written $\star$. Our filter, turned, is its own
negative, so only the sign changes: the outputs $Y$ and $Y_R$ add up to zero, $D = 0$.

**What if** the filter were another one? Find one for which both give the same, so that $D$ is twice
$Y$. Try the rows 0, 1, 0 and 1, −4, 1 and 0, 1, 0.
"""

# %%
flip = dlhand.load("003-conv-flip")
flip.explore("K", watch="D")

# %% [markdown]
r"""
**The answer.** A filter that looks the same after half a turn gives the same both ways, as Laplace's does:
"""

# %%
flip.what_if(K=[[0, 1, 0], [1, -4, 1], [0, 1, 0]]).lines("R", "D")

# %% [markdown]
r"""
Every entry of $D$ is twice that of $Y$. For a network it makes no
difference which way is meant, since it would simply learn the turned filter. Keep the half turn in
mind all the same: it comes back on the way backward.

## How large is the output?

The image shrinks from 6 to 4. A frame of zeros around it, the **padding**, gives the window more
places; a **stride** of two lets it jump over every other one. How many places are there along a
side? Count them with your finger, and find the formula.
"""

# %%
size = dlhand.load("003-conv-size")
size.player(predict=True, picture="graph")

# %% [markdown]
r"""
The same four cases for document 002, each with its formula, stride first and padding second:
"""

# %%
dlhand.load("002-conv-sizes").lines("m_10", "m_11", "m_20", "m_21")

# %% [markdown]
r"""
Stride 2 and no padding leaves a column over: the window does not fit into it, and it is not seen at
all.

Document 003 wants two things from the padding: that the image no longer shrinks, and that all
pixels count alike. How often is each pixel seen, without padding and with it?
"""

# %%
seen = dlhand.load("003-conv-size-coverage")
seen.heatmap("C")

# %%
dlhand.load("003-conv-size-coverage-padded").heatmap("C")

# %% [markdown]
r"""
The first aim is reached, the second in part. A corner is seen four times instead of once, but a
pixel in the middle still nine times. And here is the output of the image with its frame:
"""

# %%
dlhand.load("003-conv-padding").heatmap("Y")

# %% [markdown]
r"""
Its middle is the 4 by 4 map from above. In the last column, where the frame looks dark against the
image, the filter finds an edge that no picture has.

## Several channels

A colour image has three channels, and the maps inside a network have many more. A filter then has a
matrix for each channel, and all products go into **one** sum. So one filter makes one map, whatever
it looks at, and as many maps come out as there are filters. The smallest case: two channels, one
filter, a bias.
"""

# %%
dlhand.load("002-conv-numbers").player(predict=True, picture=lambda d: d.windows("Y"))

# %% [markdown]
r"""
## Backward: one place errs

How does the loss change with each weight of the filter, and with each pixel? We take an image of
3 by 3, a filter of 2 by 2, and first a target that is met at three of the four places. Only the
first output is too large, by 1.
"""

# %%
back = dlhand.load("003-conv-backward")
one = back.what_if(T=[[3, -1], [7, 4]])
one.lines("dL/dY", "dL/dK", "dL/dX")

# %% [markdown]
r"""
That is all there is to it:

- the gradient of the **filter** is the window at that place;
- the gradient of the **image** is the filter, laid on the image at that place.

It must be so, since the output is the sum of window times filter: each of the two is the slope of
the other. Now several places err, and what each hands back is multiplied by its error and added up.
At a step such as $\partial L / \partial W_{12}$ the picture shows where on the image it goes.
"""

# %%
by_window = dlhand.load("003-conv-backward-windows")
by_window.player(predict=True, alike=2, picture=lambda d: d.windows("Y"))

# %% [markdown]
r"""
Look at the pixel in the middle. All four windows see it, and each through another weight: 2, 0,
−1 and 1. With the errors 1, −1, 3 and −1 that makes $2 + 0 - 3 - 1 = -2$.

## Backward: the whole at once

Adding up windows, each times a number, is what a convolution does. So both gradients are
convolutions themselves. Here is the same example once more, but the whole maps.
"""

# %%
back.lines("dL/dY", "U", "R", "P", "V", "dL/db")

# %% [markdown]
r"""
For the filter, the output's gradient slides over the image ($U$). For the image, the *turned*
filter slides over the output's gradient, with zeros around it ($V$). This is the true convolution,
written $*$. Why turned? The middle pixel is the last one of the first window and the first one of
the last window: seen from a pixel, the weights stand the other way round. And the bias, which is
added at every place, gets the sum of all errors.

**What if** the step were shorter? With the rate $\alpha = 0.1$ the loss falls from 6 to 5.59 only.
At which $\alpha$ does it fall furthest, and from where on does it grow?
"""

# %%
back.explore("alpha", watch="L'", ranges={"alpha": (0, "0.15")})

# %% [markdown]
r"""
**The answer.** Near 0.052 it falls furthest, to 2.84, less than half. From about 0.1035 on it is larger than 6. The
curve is a parabola, since the loss is a square and the outputs change in proportion to $\alpha$; so
it comes back to 6 at twice the place of its lowest point. 0.1 was nearly too long.
"""

# %%
low, high = back.what_if(alpha="0.052"), back.what_if(alpha="0.104")
low.compare(high, ["L", "L'"], labels=("at 0.052", "at 0.104"), digits=4)

# %% [markdown]
r"""
## Pooling

Document 003 names three ways to change height and width: padding, stride and **pooling**.
Max-pooling keeps the largest pixel of each window and has no weights at all. The windows are 2 by 2
and do not overlap, so the side is halved. Which pixels get a gradient? Two pixels of the last
window are equal: the first of them gets it, by agreement.
"""

# %%
dlhand.load("003-conv-maxpool").player(predict=True, picture=lambda d: d.operation("M"))

# %% [markdown]
r"""
**Why to the largest alone?** Nudge all pixels a little at once, by the numbers in $N$. (We write whole
numbers; think of thousandths, so small that the largest pixel of a window stays the largest.) Forward, a
maximum moves as its largest pixel does: *pick* takes that nudge out of each window. With the slopes $U$,
which arrive at the maxima, the loss then moves by $s$. Backward, *route* sends each slope to the same
pixel, and $s_p$ is had from the slopes and the nudges of the sixteen pixels. What will $s_p$ be? And does
the loss change with $N$ as it does with $X$?
"""

# %%
from dlhand.examples.lessons import nudged_pooling

nudged_pooling().lines("m", "s", "dL/dX", "dL/dN", "s_p")

# %% [markdown]
r"""
The same number: both ways use the same four places, and no others. And a nudge counts as much as the
pixel that it is added to. So it is in every layer, and it makes a test for a way backward that you have
programmed: slopes times moves, added up, are the same behind a layer and in front of it.

Average-pooling takes the mean, and hands back to all pixels of a window alike, a quarter of what
arrives to each:
"""

# %%
dlhand.load("003-conv-avgpool").lines("M", "dL/dM", "dL/dX")

# %% [markdown]
r"""
**All of it in a chain.** A filter $K$, a frame of zeros, a second filter $F$. Its map is read in three
ways: by a unit $V$ that sees four of its places, laid in a row; by a pooling over all of it, the largest
number and the mean; and by the sums of its columns. The gradient of the first filter comes through
everything. And how far should the weights go? [Chapter 6](06_optimisers.ipynb) finds the best rate by
going back through the backward pass once more. That works here too, since the way back of a filter or
of a pooling is again made of such steps:
"""

# %%
from dlhand.examples.lessons import pooled_network, with_best_rate

chain = with_best_rate(pooled_network(), "L", "K", "F", "V")
chain.lines("Z", "y", "m", "c", "L", "dL/dV", "dL/dF", "dL/dK", "best")

# %% [markdown]
r"""
**What changes which size?** One layer of each kind behind the same image, 8 by 8 with 4 channels.
Say for each whether it changes the side, the channels or neither: a filter of 3 by 3 (*plain*),
with padding 1 (*padded*), with stride 2 as well (*strided*), a pooling of 2 by 2 (*pooled*), 16
filters instead of 4 (*more*), and 2 filters of 1 by 1 (*fewer*).
"""

# %%
shape = dlhand.load("003-shape-control")
kinds = ["plain", "padded", "strided", "pooled", "more", "fewer"]
shape.bars([f"A_{kind}" for kind in kinds], words=kinds)

# %%
shape.lines(*[f"n_{kind}" for kind in kinds])

# %% [markdown]
r"""
Padding, stride and pooling set the side. The number of filters sets the channels, and a filter of 1
by 1 changes nothing else: from *fewer* come $8 \cdot 8 \cdot 2 = 128$ numbers.

## What does it cost?

Document 002 counts multiplications: the weights of a filter, times its places, times the number of
filters. On an image of 6 by 6 with three channels, five filters of 3 by 3 take 2160.

The **depthwise separable** convolution does it in two parts. The first filters each channel by
itself; the second mixes the channels with filters of 1 by 1. First with numbers: two channels, a
filter of 2 by 2 for each, and two pointwise filters.
"""

# %%
separable = dlhand.load("002-conv-separable")
separable.player(predict=True, picture=lambda d: d.operation("Z"))

# %% [markdown]
r"""
In $y_1$ and $y_2$ the channels know nothing of each other. Only in $Z$ are they mixed, pixel by
pixel.

And here is the count, first all at once and then in two parts:
"""

# %%
cost = dlhand.load("002-conv")
cost.lines("r", "r'")

# %%
counts = ["M_full", "M_depth", "M_point", "M_both"]
cost.bars(counts, words=["at once", "depthwise", "pointwise", "both parts"])

# %% [markdown]
r"""
Less than a third of the work is left. What is left is one over the number of filters, plus one over
the area of a filter: with very many filters of 3 by 3 it comes close to a ninth, and never below.

With the weights it is the same, since each multiplication belongs to a weight and each filter has
the same places: 42 in place of 135, or 50 in place of 140 with the biases.
"""

# %%
dlhand.load("002-conv-params").lines("P_full", "P_both", "B_full", "B_both")

# %% [markdown]
r"""
Document 003 saves with filters of 1 by 1 in another way: it lets them bring 192 channels down to
16, the **bottleneck**, before the dear filters of 5 by 5 come. (The figure is lost; the 16 follows
from the printed counts.) That takes it from 120 to 12 million multiplications.

**What if** the bottleneck were wider? Up to how many channels does it save anything at all? Move
$K_{narrow}$ and watch $r$, how many times cheaper it is.
"""

# %%
narrow = dlhand.load("003-conv-1x1")
narrow.explore("K_narrow", watch="r", ranges={"K_narrow": (1, 192)})

# %% [markdown]
r"""
**The answer.** Up to 154. There $r$ is still 1.005; at 155 it falls below 1:
"""

# %%
saves, costs = narrow.what_if(K_narrow=154), narrow.what_if(K_narrow=155)
saves.compare(costs, ["M_direct", "M", "r"], labels=("at 154", "at 155"))

# %% [markdown]
r"""
With 16 it is 9.7. Each channel of the bottleneck costs the same, so $r$ falls like one over their
number.

## A whole network

Document 002 counts the parameters of a small network: two convolutions with pooling, and three
dense layers. Its table is lost, but the counts beside it tell all the sizes. Where are the
parameters?
"""

# %%
cnn = dlhand.load("002-cnn")
layers = ["conv1", "pool1", "conv2", "pool2", "fc3", "fc4", "softmax"]
cnn.bars([f"P_{layer}" for layer in layers], words=layers)

# %% [markdown]
r"""
And where is the work? These are the multiplications:
"""

# %%
working = ["conv1", "conv2", "fc3", "fc4", "softmax"]
cnn.bars([f"M_{layer}" for layer in working], words=working)

# %% [markdown]
r"""
The two pictures are nearly each other's opposite. A filter has few weights and uses each at every
place; a dense layer has many, and uses each once.

**What if?** Tables of such networks can be found with 208 parameters in the first layer, not 608.
Which given did they take to be another? And how few units must the first dense layer have before
the convolutions hold half of all parameters?
"""

# %%
cnn.explore("c", "u_fc3", watch="r", ranges={"c": (1, 3), "u_fc3": (1, 120)})

# %% [markdown]
r"""
**The answer.** The 208 takes the image to have one channel, $(5 \cdot 5 \cdot 1 + 1) \cdot 8$. And $r$, the share
of the dense layers, is 0.94 and falls below one half only when the first of them has five units or
fewer:
"""

# %%
grey = cnn.what_if(c=1)
print(cnn.text("P_conv1"), grey.text("P_conv1"), sep="\n")

# %%
five, six = cnn.what_if(u_fc3=5), cnn.what_if(u_fc3=6)
five.compare(six, ["P_dense", "P", "r"], labels=("5 units", "6 units"), digits=4)

# %% [markdown]
r"""
## Questions
"""

# %%
dlhand.quiz("08")

# %% [markdown]
r"""
## What the notes print

These pages are careful ones.
"""

# %%
from dlhand.verdicts.table import tally

names = ["003-conv", "003-conv-filters", "003-conv-size", "003-conv-1x1", "002-conv", "002-cnn"]
for name in names:
    print(f"{name}: {tally(dlhand.load(name).verdicts())}")

# %% [markdown]
r"""
What is rounded here are the millions in words. Beside these stands one line of scratch work in
which $28 \times 5 + 1 = 241$ can be read. It asks how large a side of 28 is after a filter of 5, so
$28 - 5 + 1 = 24$ belongs there:
"""

# %%
dlhand.load("003-conv-1x1-side").lines("n", "p", "n_p")

# %% [markdown]
r"""
And beside it the count of a case small enough to draw, a filter of 2 by 2 on 4 by 4 pixels. Its
result is read as "3c"; 9 times 4 is 36.
"""

# %%
dlhand.load("003-conv-1x1-small").lines("A", "A_conv", "P_conv", "M_conv")

# %% [markdown]
r"""
One formula is wrong. For the size of the output document 002 writes the padding below the line,
where the stride belongs, and the 1 inside the brackets. Its own example has padding 0, by which
nothing can be divided; the 4 that it gives is right. It teaches to put the numbers of an example
into one's own formula before writing down the result.

## On one page

The size of the output, with padding and stride, for one side; and the padding that keeps the size:
"""

# %%
size.formulas("n_sp", "p")

# %% [markdown]
r"""
Forward, and backward as two convolutions; $R$ is the filter turned by half a turn, and $P$ the
output's gradient in a frame of zeros:
"""

# %%
back.formulas("Y", "dL/dY", "U", "R", "P", "V", "dL/db", "K'")

# %% [markdown]
r"""
Numbers that come out, parameters and multiplications of a convolution and of a dense layer:
"""

# %%
cnn.formulas("A_conv1", "P_conv1", "M_conv1", "P_fc3", "M_fc3")

# %% [markdown]
r"""
A depthwise and a pointwise convolution, and what they cost against one at once:
"""

# %%
cost.formulas("M_depth", "M_point", "M_both", "r")

# %% [markdown]
r"""
- A convolution is one weighted sum, asked at every place with the same weights.
- Backward, each window hands its pixels to the filter and the filter to its pixels, times the error
  at its place; what comes from several windows is added.
- A maximum sends a gradient to one pixel, a mean to all alike.
- Convolutions hold few weights and do most of the work. Doing one in two parts, or on fewer
  channels, saves most of that.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-conv-backward", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

Document 002, "Convolution Operations" and "Convolutionary Neural Networks" (lines 347 to 471);
document 003, the image and its filters, padding and the bottleneck (lines 290 to 395).

To read next: LeCun, Bottou, Bengio and Haffner, *Gradient-Based Learning Applied to Document
Recognition* (1998); the network of document 002 has nearly its sizes. Dumoulin and Visin, *A Guide to
Convolution Arithmetic for Deep Learning* (2016), with a drawing for every padding and stride. Lin, Chen
and Yan, *Network in Network* (2014), for filters of 1 by 1; Szegedy and others, *Going Deeper with
Convolutions* (2015), for the bottleneck. Chollet, *Xception: Deep Learning with Depthwise Separable
Convolutions* (2017). Goodfellow, Bengio and Courville, *Deep Learning*, chapter 9.

**Next:** [9. Object detection](09_object_detection.ipynb). Not only what is in a picture, but where.
"""
