# %% [markdown]
r"""
# 9. Object detection

**What you will be able to do.** Let a window slide over an image without doing work twice; measure how
well two boxes agree; turn the numbers of a grid cell into a box, with and without an anchor; drop boxes
that say the same thing twice; weigh the places of a feature map. And say how YOLO and the R-CNN family
differ.

**Time.** <<time>> **It builds on** [8. Convolution](08_convolution.ipynb).

A classifier says *what* is in an image. A detector also says *where*, and for as many objects as there
are. The answer to *where* is a **box** around the object.

**What we want to know.** How can a network, which puts out a fixed number of numbers, say where things
are? And how do we tell a good box from a bad one?

**How we write it.** $x$ goes to the right and $y$ goes down, from the corner at the top left. A box is
its left, top, right and bottom edge, in this order. What a name counts begins with 0, as in $H_{00}$;
entries, rows and columns of an array begin with 1, so that $A_3$ is the right edge of $A$.

## A window that slides

The oldest way: take a network that tells whether there is a cat in a small picture, and show it every
small piece of the large one, a window that slides. Two things are wrong with it. An object may be
larger or smaller than the window, since it comes nearer to the camera or goes away; document 002 speaks
of a fixed size first and of random sizes then. And neighbouring windows overlap, so that most of the
work is done again and again. (The page tries two more ways. One takes away the background, which fails
as soon as the background or the light changes. The other finds *landmarks*, such as the corners of an
eye, and calculates the missing ones, as Mediapipe does for a mesh of a face.)

Against work that is done twice there is a remedy. Our detector looks at 3 by 3 pixels. It has a filter
of 2 by 2, which makes a map of 2 by 2, and one last layer that weighs the four numbers of the map. (All
numbers here are ours.) The image has 4 by 4 pixels, so there are four windows. Here is what the first
and the last of them say:
"""

# %%
import dlhand

window = dlhand.load("002-sliding-window")
window.lines("X_00", "H_00", "z_00", "X_11", "H_11", "z_11")

# %% [markdown]
r"""
Now do it differently. The filter goes over the *whole* image once. That makes a map of 3 by 3, which
holds the maps of all four windows, one shifted against the other. Find $H_{00}$ in it, and $H_{11}$.
"""

# %%
window.film("H")

# %% [markdown]
r"""
Then the last layer slides over that map. What will its four answers be?
"""

# %%
window.film("Z")

# %% [markdown]
r"""
They are the four scores 2, 0, 2 and 5, which the windows gave one by one. The object, if there is one,
is at the bottom right.

**A dense layer is a convolution.** For this to work the last layer has to be able to slide, and a dense
layer takes a vector, which has no sides to slide along. But a filter *as large as its input* has one
place only, and there it multiplies each number by a weight and adds up: it does what a unit does. So
cut the weights of each unit into the shape of the maps, and the dense layer has become a convolution.
Three units on two maps of 2 by 2, both ways:
"""

# %%
dense = dlhand.load("002-sliding")
dense.lines("x", "z", "Y")

# %% [markdown]
r"""
The three numbers are the same, 6, 6 and 3. Nothing is gained yet. What is gained is that the second
form also takes a larger image, and then gives an answer for each place. Behind it every further dense
layer becomes a convolution of **1 by 1**, called *pointwise*.

The small network of chapter 8 has a dense layer of 120 units behind 16 maps of 5 by 5. As a
convolution:
"""

# %%
dlhand.load("002-sliding-count").lines("P_fc3", "P_conv3", "D")

# %% [markdown]
r"""
It has the same weights, so it learns the same. And what does sliding at once save? For our four
windows:
"""

# %%
cost = dlhand.load("002-sliding-window-cost")
cost.lines("M", "M'", "r")

# %% [markdown]
r"""
**What if** the image were larger? An image of side $n_{all}$ has $(n_{all} - 2)^2$ windows of 3 by 3.
Which share $q$ of the work is left with a side of 10, and with one of 100? Is there a limit to what can
be saved, and where does it come from?
"""

# %%
larger = cost.what_if()
windows = larger.step("N", (larger["n_all"] - 2) ** 2, say="how many windows there are")
singly = larger.step("M_N", windows * larger["M"] / larger["k"], say="work one by one")
larger.step("q", larger["M'"] / singly, say="the share of the work that is left")
larger.explore("n_all", watch="q", ranges={"n_all": (3, 100)})

# %% [markdown]
r"""
**The answer.** The share falls from 0.65 to 0.453 and to 0.404, and comes close to 0.4. One by one,
each window costs $16 + 4 = 20$ multiplications. At once, in a large image, each window costs the filter
at one place and the last layer at one place, $4 + 4 = 8$, since nearly all other places of the filter
belong to its neighbours. And 8 of 20 is 0.4. The last layer is the only one whose work is not shared;
the more layers stand before it, the more is saved.
"""

# %%
ten, hundred = cost.what_if(n_all=10, k=64), cost.what_if(n_all=100, k=9604)
ten.compare(hundred, ["M", "M'", "r"], labels=("side 10", "side 100"))

# %% [markdown]
r"""
The size of the objects remains a trouble. All that follows is about it: let the network itself say how
large the box is.

## How well do two boxes agree?

First we need a measure. A true box goes from 1 to 5 in both directions, the predicted one from 3 to 7
and from 2 to 6. On squared paper, where each cell holds the number of boxes that cover it:
"""

# %%
paper = dlhand.Derivation("Two boxes on squared paper")
columns_A, rows_A = paper.givens(columns_A=[0, 1, 1, 1, 1, 0, 0], rows_A=[0, 1, 1, 1, 1, 0])
columns_B, rows_B = paper.givens(columns_B=[0, 0, 0, 1, 1, 1, 1], rows_B=[0, 0, 1, 1, 1, 1])
paper.step("C", dlhand.outer(rows_A, columns_A) + dlhand.outer(rows_B, columns_B))
paper.heatmap("C")

# %% [markdown]
r"""
Cells with a 2 are shared: the **intersection**. Cells with a 1 or a 2 belong to at least one: the
**union**. Their ratio is the **intersection over union**, IoU. It is 1 if both boxes are the same, and
0 if they share nothing; whether the boxes are measured in pixels or metres makes no difference.

How does one get it without counting? The shared part is a box as well. Its left edge is the *later* of
the two left edges, its right edge the *earlier* of the two right ones; and if the difference is
negative, nothing is shared, hence the ReLU. Predict all seven steps, and compare with the squared
paper.
"""

# %%
overlap = dlhand.load("002-yolo-iou")
overlap.player(predict=True, picture="graph")

# %% [markdown]
r"""
Each box shares 6 of its 16 cells, which is more than a third. The IoU is 0.23, less than a quarter. It
is a strict measure. How strict?

**What if** the predicted box had just the right size and the right height, and were only too far to the
right? Type `3, 1, 7, 5` for $B$: half of its width too far. The limit that
is mostly used is an IoU of one half. Guess how far the box may be off, then find it. Fractions such as
7/3 can be typed.
"""

# %%
overlap.explore("B", watch="IoU")

# %% [markdown]
r"""
**The answer.** Off by a share $s$ of its width, the box shares $1 - s$ of itself, and both together
cover $1 + s$. So IoU is $\frac{1-s}{1+s}$: at one half that is only $\frac{1}{3}$. For an IoU of one
half, $s$ must be $\frac{1}{3}$. Here that is 4/3, a third of the width 4.
"""

# %%
half, third = overlap.what_if(B=[3, 1, 7, 5]), overlap.what_if(B=["7/3", 1, "19/3", 5])
half.compare(third, ["B", "I", "U", "IoU"], labels=("off by a half", "off by a third"))

# %% [markdown]
r"""
**Which edge should move?** A network learns from slopes, and IoU has them. On a line instead of an
area, a strip $A$ from 1 to 5 and a strip $B$ from 3 to 7:
"""

# %%
from dlhand.examples.lessons import two_strips

strips = two_strips()
strips.lines("I", "U", "IoU", "dIoU/dr_A", "dIoU/dr_B", "dIoU/dl_B")

# %% [markdown]
r"""
The slope for the left edge of $B$ is $-\frac{1}{6}$: to the left with it. That shares more, and the
union stays as it is. Pulling in the right edge helps too, but only a third as much; it takes away what
is not shared. And if $B$ lies inside $A$, from 3 to 4? Then its right edge should go outwards:
"""

# %%
strips.what_if(r_B=4).lines("I", "U", "IoU", "dIoU/dr_B", "dIoU/dl_B")

# %% [markdown]
r"""
Strips that do not touch share nothing, and the slope of the ReLU is 0: then IoU does not say in which
direction the other one lies. So boxes are mostly learnt by their numbers, as below.

## YOLO: you only look once

YOLO passes the whole image through one network, once. The image is cut into a grid, and each *cell* of
the grid answers for the object whose centre lies in it. For three classes an answer is 8 numbers:

$$y = (p_c,\; b_x,\; b_y,\; b_h,\; b_w,\; c_1,\; c_2,\; c_3)$$

- $p_c$: how sure the cell is that there is an object;
- $b_x$, $b_y$: where in the cell its centre lies, from 0 at the left or top edge to 1 at the other;
- $b_h$, $b_w$: height and width of the box, in cells. They may be larger than 1;
- $c_1$ to $c_3$: how sure it is of each class, *if* there is an object.

So the network puts out $n \times n \times 8$ numbers. Take a grid of 3 by 3 on 300 by 300 pixels, and
the cell in column 1 and row 2. Where is the box, and how sure is the cell of its best class?
"""

# %%
cell = dlhand.load("002-yolo")
parts = ["g", "x", "v", "h", "w", "q", "s"]
cell.player(predict=True, picture=lambda d: d.graph(parts))

# %% [markdown]
r"""
What it tells us: the box, 120 wide and 80 high, reaches out of its cell, which is 100 by 100. That is
allowed; only the *centre* must be inside. And the 0.7 for the class is no answer yet. It counts
together with $p_c$, since a cell that sees no object still has to put out three class numbers.

## The loss of a cell

How far is this answer from the truth? Document 002 writes $y_{true} - y_{pred} = loss$. Think of a cell
that is 0.5 too low at one number and 0.5 too high at another. Its loss would be 0, as if all were well.
So the differences are squared before they are added up. Work it out, with the way back.
"""

# %%
loss = dlhand.load("002-yolo-loss")
loss.player(predict=True, picture="graph")

# %% [markdown]
r"""
The gradient is twice the difference, number by number: each output is told how far off it is, and in
which direction. The largest part comes from the class that should have been 1 and is 0.7.

If there is *no* object in a cell, its box and its classes mean nothing, and only $p_c$ is compared. The
first YOLO weighs the parts besides: places five times, cells without an object half. Most cells are
empty, and would drown the others. And it takes the roots of height and width, since 10 pixels too many
are a lot for a small box and little for a large one.

## Which boxes stay?

Several cells may claim the same object, and so may several boxes of one cell. **Non-maximum
suppression** tidies up:

1. Keep the box that is most sure.
2. Drop all boxes whose IoU with it is above a limit. They probably mean the same object.
3. Repeat with those that are left, until none is.

Three boxes A, B and C are sure by 0.9, 0.8 and 0.7, and the limit is 0.5. This is how they overlap:
"""

# %%
nms = dlhand.load("002-yolo-nms")
names = ["A", "B", "C"]
nms.heatmap("M", rows=names, columns=names)

# %% [markdown]
r"""
Say which boxes stay before you look. In the vectors below stands a number for each box: in $b$ a 1 for
the best of the round, in $r$ a 1 for those still in the race after it.
"""

# %%
nms.lines("b1", "o1", "r1", "b2", "r2", "keep")

# %% [markdown]
r"""
A and C stay. B overlaps A by 0.6, more than 0.5, and goes. It is less sure than A, but *surer than C*:
what counts is not how sure a box is, but whether a surer one says the same.

**What if?** You see how many boxes stay, $n$, and in the picture which ones. Try:

1. From which limit $t$ on does B stay, too?
2. Let B be the surest, with the scores `0.8, 0.9, 0.7`. Which boxes stay?
3. Two people stand so close that their true boxes have an IoU of 0.6. What does the limit of 0.5 do?
"""

# %%
stay = nms.what_if()
stay.step("n", dlhand.total(stay["keep"]), say="how many boxes stay")
stay.explore("t", "s", watch="n", ranges={"t": (0, 1)}, picture=lambda d: d.heatmap("keep"))

# %% [markdown]
r"""
**The answer.** From 0.6 on, since only boxes *above* the limit are dropped, and 0.6 is not above 0.6.
With the other scores B and C stay: B is kept first, and now it is A that says the same.
"""

# %%
nms.what_if(t="0.59").compare(
    nms.what_if(t="0.6"), ["o1", "r1", "keep"], labels=("t = 0.59", "t = 0.6")
)

# %%
nms.what_if(s=["0.8", "0.9", "0.7"]).lines("keep")

# %% [markdown]
r"""
And of the two people one is lost, however well the network has found both. A higher limit would keep
them, and would also keep more boxes that are doubles. No limit is right for everything. This is why
some newer detectors do without this step.

## Anchors

A cell that has to guess a width from nothing guesses badly. **Anchor boxes**, also called prior or
default boxes, give it something to start from: boxes of usual shapes, which the network only shifts and
stretches. It puts out $t = (t_x, t_y, t_w, t_h, t_o)$, and for a cell in column $c_x$ and row $c_y$ and
an anchor of width $p_w$ and height $p_h$ that means

$$b_x = \sigma(t_x) + c_x, \quad b_y = \sigma(t_y) + c_y, \quad
e_w = p_w\, e^{t_w}, \quad e_h = p_h\, e^{t_h}.$$

Why these functions? The sigmoid lies between 0 and 1, so the centre cannot leave its cell. The
exponential is positive, so no box can have a negative width; and at 0 it is 1, so a network that puts
out zeros says: the anchor as it is, in the middle of the cell. Note the order: here the width comes
before the height.
"""

# %%
anchor = dlhand.load("002-yolo-anchor")
anchor.player(predict=True, picture=lambda d: d.graph(["b", "e", "box", "q"]))

# %% [markdown]
r"""
Faster R-CNN uses anchors too. At each place of its map nine of them stand ready: three sizes, each
in three shapes. How wide and how high must a flat, a square and a tall one be, so that all three have
the *same area*? With the ratio $r$ of height to width, the width is $s / \sqrt{r}$ and the height $s
\cdot \sqrt{r}$: their product is $s^2$, whatever $r$ is.
"""

# %%
nine = dlhand.load("002-rcnn")
nine.lines("r", "w_1", "h_1", "w_2", "h_2", "w_3", "h_3", "k")

# %% [markdown]
r"""
How many boxes is that for an image of 640 pixels, on maps of an eighth, a sixteenth and a thirty-second
of its size?
"""

# %%
nine.lines("n", "N")

# %% [markdown]
r"""
Tens of thousands of boxes for one image. Nearly all of them see no object. This is why non-maximum
suppression matters so much.

## From version to version

The first two versions of YOLO, in numbers, with 20 classes:
"""

# %%
tensors = dlhand.load("002-yolo-tensors")
tensors.lines("N1", "N2")

# %% [markdown]
r"""
In version 1 a cell has one set of classes for both of its boxes, so it can name one kind of object
only. From version 2 on each box brings its own. Version 3 looks at three scales, with cells of 32, 16
and 8 pixels; the small cells are for small objects.
"""

# %%
grids = dlhand.load("002-yolo-grids")
grids.lines("S3", "N3", "S8")

# %% [markdown]
r"""
| version | boxes for each cell | grids (image) | what is new |
| --- | --- | --- | --- |
| 1 | 2, without anchors | 7×7 (448) | one pass for all |
| 2 | 5 anchors | 13×13 (416) | anchors; classes for each box |
| 3 | 3 anchors at each scale | 13×13, 26×26, 52×52 (416) | three scales |
| 4 | as version 3 | as version 3 | mosaic: four images of the training joined into one |
| 5 | as version 4 | 20×20, 40×40, 80×80 (640) | anchors fitted anew to one's own data before training |
| 6 | no anchors | 20×20, 40×40, 80×80 (640) | each place predicts its box directly |
| 7 | 3 anchors at each scale | 20×20, 40×40, 80×80 (640) | labels for a strict head and for a lenient one |
| 8 | no anchors | 20×20, 40×40, 80×80 (640) | labels given out by class score and IoU together |

## The R-CNN family

R-CNN goes the other way. It first *proposes* regions where something might be, and then looks at each.

| | proposes regions by | looks at them by |
| --- | --- | --- |
| **R-CNN** | selective search, no network | a convolutional network for each region by itself |
| **Fast R-CNN** | selective search | one network for the whole image; *RoI pooling* cuts each region from its map |
| **Faster R-CNN** | a *region proposal network* with nine anchors | the same map, the same RoI pooling |

It is the story of the sliding window once more: what regions share is computed once. In Faster R-CNN
even the proposals come from the shared map, and non-maximum suppression drops the doubles among them.

| | R-CNN family | YOLO |
| --- | --- | --- |
| stages | two: propose, then classify | one |
| regions come from | selective search, or a proposal network | the cells of a grid |
| extra layers | RoI pooling; proposal network (Faster R-CNN) | none |
| strength | accuracy | speed |
| used for | decisions that must be exact | live video |

That the one is accurate and the other fast was true of the first versions of each. Since then the
distance has become small.

## Where to look: attention for maps

Not all places of a feature map matter alike. **Spatial attention** gives each place a weight between 0
and 1, and multiplies all channels there by it. The weight comes from the map $F$ itself:

$$M_s(F) = \sigma\left( f^{7 \times 7} \left( [\mathrm{AvgPool}(F);\ \mathrm{MaxPool}(F)] \right) \right)$$

First the mean and the maximum *over the channels*, at each place: two maps. They are put one behind the
other, and one filter of 7 by 7 makes one map of both; three rows of zeros around them keep the size.
The sigmoid makes weights of it. In our example two channels of 2 by 2 go in, and the filter is 0 but
for its centre, 0.5 for the mean and 0.25 for the maximum. So each place can be done alone.
"""

# %%
spatial = dlhand.load("002-cbam")
seen = ["p", "F_avg", "F_max", "D", "z", "M_s"]
spatial.player(predict=True, picture=lambda d: d.graph(seen))

# %% [markdown]
r"""
The four windows of the filter, with the zeros around the maps:
"""

# %%
spatial.film("z")
# %% [markdown]
r"""
The bottom right gets the largest weight, 0.92: its mean and its maximum are the largest. The top right
gets the smallest, 0.73. No place is lost: even one that is 0 in both maps would get the sigmoid of 0,
which is one half.

The other half weighs *channels* instead of places. It takes mean and maximum over the places, one
number for each channel, and sends both through the same small network. It comes first; then follows the
spatial half. The document has the spatial half only.
"""

# %%
channel = dlhand.load("002-cbam-channel")
channel.lines("a", "m", "h_avg", "h_max", "z", "M_c", "F'")

# %% [markdown]
r"""
The first channel is kept by 89 %, the second nearly switched off, with 1.4 %. Both halves together are
called **CBAM**, convolutional block attention module.

## Questions
"""

# %%
dlhand.quiz("09")

# %% [markdown]
r"""
## What the notes print

The pages have facts and few numbers. These are the ones that we could use, all exact:
"""

# %%
grids.verdict_table()

# %%
nine.verdict_table()

# %% [markdown]
r"""
(Besides these: the 8 of $n \times n \times 8$, the 7 of the filter, and the 2, 5 and 13 of the first
versions.) But not everything that is exact is right.

**The grids of version 8** are printed as 16, 32 and 64. Each of them fits cells of 32, 16 and 8 pixels,
with an image of 512 pixels; the usual image has 640, and then they are 20, 40 and 80.
"""

# %%
grids.lines("m_page", "S8")

# %% [markdown]
r"""
**Version 1 without a grid.** The page has it so. Without a grid it would put out $2 \cdot 5 + 20 = 30$
numbers; it has 7 by 7 cells, and puts out 1470. The grid is the very idea of YOLO. It is the *anchors*
that version 1 has not: its two boxes for each cell are guessed from nothing.

**The loss as a difference.** For the truth $(1, 0.5)$ and the prediction $(0.5, 1)$ the printed
difference adds up to 0, and the squares to 0.5. A loss must not let one mistake pay for another.

**A unit without its input.** The page writes $y = m + b$ for a linear unit. For $m = 2$, $x = 3$, $b =
1$ that is 3, where $m x + b = 7$. Beside it stands that convolutions do not go into a linear equation.
A convolution *is* linear, like a dense layer; what falls away is only the flattening into one long
vector.

**Slips of words.** "Slicing windows" are sliding ones, and "non maximum separation" is suppression.
*Mosaic* joins four images, not grids. Of the three steps of spatial attention the third says once more
what the first does, and the convolution comes after the pooling. The scales 1/8, 1/16 and 1/32 belong
to later networks with several maps; the first Faster R-CNN has one map, of 1/16. RoI pooling came with
Fast R-CNN and the proposal network with Faster R-CNN, so not every R-CNN has both.

## On one page

Overlap of two boxes:
"""

# %%
overlap.formulas("S_A", "w", "h", "I", "U", "IoU")

# %% [markdown]
"""
A cell of a grid, and an anchor:
"""

# %%
cell.formulas("g", "x", "v", "h", "w", "box", "q", "s")

# %%
anchor.formulas("b", "e", "q")

# %% [markdown]
"""
The loss of a cell; a round of non-maximum suppression; anchors of one area:
"""

# %%
loss.formulas("e", "L", "dL/de", "dL/dy")

# %%
nms.formulas("s1", "b1", "o1", "r1")

# %%
nine.formulas("w_1", "h_1", "k")

# %% [markdown]
"""
How many numbers come out; spatial attention:
"""

# %%
tensors.formulas("N1", "N2")

# %%
spatial.formulas("F_avg", "F_max", "D", "z", "M_s", "F'")

# %% [markdown]
r"""
- A dense layer is a convolution with a filter as large as its input; so it can slide.
- IoU is strict: a box that is off by a third of its width has one half.
- YOLO: one pass, a grid, each cell answers for the centre in it. R-CNN: first regions, then a look at
  each.
- Keep the surest box, drop what overlaps it too much, repeat.
- Anchors: shift by a sigmoid, stretch by an exponential.
- Spatial attention weighs places, channel attention weighs channels.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("002-yolo-iou", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

All of it is from document 002: *Landmarks and sliding windows*, *Yolo Algorithm*, *Spatial attention*
and *Region Based Conv Neural Network Family*. It has no worked numbers, so those are ours.

To read next: Redmon, Divvala, Girshick and Farhadi, *You Only Look Once: Unified, Real-Time Object
Detection* (2016); Redmon and Farhadi, *YOLO9000: Better, Faster, Stronger* (2017) and *YOLOv3: An
Incremental Improvement* (2018). Girshick and others, *Rich Feature Hierarchies for Accurate Object
Detection and Semantic Segmentation* (2014); Girshick, *Fast R-CNN* (2015); Ren, He, Girshick and Sun,
*Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks* (2015). Sermanet and
others, *OverFeat* (2014), for the window that slides at once. Woo, Park, Lee and Kweon, *CBAM:
Convolutional Block Attention Module* (2018). Carion and others, *End-to-End Object Detection with
Transformers* (2020), which needs no suppression.

**Next:** [10. Embeddings](10_embeddings.ipynb). From images to words: how does a network take in
something that is no number at all?
"""
