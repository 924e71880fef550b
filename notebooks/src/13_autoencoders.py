# %% [markdown]
r"""
# 13. Autoencoders

**What you will be able to do.** Work out an autoencoder by hand, forward and backward; say what it can
and cannot bring back; turn it into one that takes noise away; and count the weights of a deep one.

**Time.** <<time>> **It builds on**
[5. Backpropagation](05_backpropagation.ipynb).

An **autoencoder** is asked to put out what came in. That would be no task at all, were it not for a
narrow place in the middle, through which everything has to pass. The first example is from document
003; the numbers of the others are ours, since its figures are lost.

**What we want to know.** What is kept when many numbers are squeezed into few? And how do the weights
learn to keep the right thing?

**How we write it.** Vectors are columns, and a matrix stands before what it multiplies.

## Squeeze and unfold

The **encoder** makes one number of two, the **code** $h$. The **decoder** makes two numbers of it
again, $\hat x$. So $W_e$ has one row and two columns, and $W_d$ has two rows and one column. There are
no biases and no activations.
"""

# %%
import dlhand

auto = dlhand.load("003-autoencoder")
auto.player(predict=True, picture=lambda d: d.network(["x", "h", "x_hat"]))

# %% [markdown]
r"""
The target is the input itself: nobody had to write labels beside the data. In came $[2, 0]$, and
$[1, 0.5]$ comes out. The first number is too small by 1, the second too large by 0.5.

Now read the gradients. $\frac{\partial L}{\partial \hat x}$ is the error itself. The decoder's
gradient is this error times the code: its first weight should grow, its second should fall. The error
goes back through the decoder, $1 \cdot (-1) + 0.5 \cdot 0.5 = -0.75$, so the code should grow. And the
encoder gets that times what came in. The second input was 0, so its weight, $-1$, learns nothing.

## What can come out?

**What if** other numbers go in? Whatever $x$ is, the output is a multiple of one and the same vector.
Which? So no network with this decoder can bring back $[2, 0]$. Can it at least bring back $[2, 1]$,
which is such a multiple? Try it. Then look for an encoder $W_e$ that does bring $[2, 1]$ back.
"""

# %%
auto.explore("x", "W_e", watch="x_hat", picture=lambda d: d.network(["x", "h", "x_hat"]))

# %% [markdown]
r"""
**The answer.** The output is the code times $W_d$, so it lies on the line through 0 and $[1, 0.5]$, twice as far to
the right as up. All that one number can say is how far along that line.

$[2, 1]$ lies on the line, and yet 0 comes out: $0.5 \cdot 2 - 1 \cdot 1$ is 0, so the encoder does not
see it. An encoder brings back all points of the line when it gives the code 1 to $W_d$ itself. Many
do: $[1, 0]$, which reads the first number only, or $[0.8, 0.4]$. They differ in what they make of a
point that is *not* on the line, such as $[2, 0]$:
"""

# %%
first_only, nearest = auto.what_if(W_e=[[1, 0]]), auto.what_if(W_e=[["0.8", "0.4"]])
first_only.compare(nearest, ["h", "x_hat", "e", "L"], labels=("[1, 0]", "[0.8, 0.4]"))

# %% [markdown]
r"""
With $[0.8, 0.4]$ the point that comes out is $[1.6, 0.8]$, the one nearest to $[2, 0]$ on the whole
line, and 0.4 is the least loss that is possible with this decoder.

One point alone is no difficulty, of course: with the decoder $[2, 0]$ and the first encoder the loss
is 0. With many points the line has to suit all of them. The best line for them, in the sense of the
squared distance, is what is called the first *principal component* (for points around 0). So a linear
autoencoder finds what principal component analysis (PCA) finds. With activations the line may bend.

## One step of learning

The gradients are there; a step against them follows. Document 003 stops before it. With the learning
rate $\eta = 0.1$, say first: does the code grow or fall? And which of the two errors gets smaller?
"""

# %%
step = dlhand.load("003-autoencoder-step")
step.lines("W_e'", "W_d'", "h'", "x_hat'", "L'", "G")

# %% [markdown]
r"""
The code grows to 1.3, as it should, and the first number comes nearer, from 1 to 1.43. The second one
moves away, from 0.5 to 0.585! Its own weight fell, from 0.5 to 0.45, but the code, which serves both,
grew by more. Together it is a gain: the loss is nearly halved.

**What if** the step were longer? At which $\eta$ is the loss smallest after it, and from where on is
it larger than before? In the picture, the gain $G$ goes to the left where it is negative.
"""

# %%
step.explore("eta", watch="L'", ranges={"eta": (0, "0.5")},
             picture=lambda d: d.bars(["L", "L'", "G"]))  # fmt: skip

# %% [markdown]
r"""
**The answer.** The best single step is near $\eta = 0.206$, with a loss of 0.207. From 0.372 on it is
larger than before. So twice the old rate is about right, and four times is too much. Encoder and
decoder are factors of one product: when both grow at once, the output grows faster than either.
"""

# %%
step.what_if(eta="0.2").compare(
    step.what_if(eta="0.4"), ["x_hat'", "L'", "G"], labels=("0.2", "0.4")
)

# %% [markdown]
r"""
## Noise goes in, the clean input is the target

There is a way to make the task harder, and what is learnt more useful. Add **Gaussian noise** to the
input, another draw each time, and compare the result with the *clean* input. To do well, the network
has to know what its data look like, and take off whatever does not fit. This is a **denoising**
autoencoder.

Here the clean input is $[2, 1]$, and the noise of this draw is $[0.5, -0.5]$. The loss compares with
the clean input; $L_n$ is only there to see the distance from the noisy one.
"""

# %%
denoising = dlhand.load("003-deep-denoising")
denoising.player(predict=True, picture="graph")

# %% [markdown]
r"""
In the graph the clean $x$ goes two ways: with the noise into the network, and on its own into the
loss. The gradient of the encoder is made with $\tilde x$, since that is what it was given.

After one step $[2.049, 1.025]$ comes out where $[2.5, 0.5]$ went in, and the loss has fallen from
0.156 to 0.0015. What would the network have learnt with the noisy input as its target? To put the
noise out again.

**What if** another noise is drawn? Before the step the code was 1.5. Which draws leave it at 1.5, so
that the encoder does not see the noise at all? And does it see them after the step? Look at the
results $h$ and $h'$.
"""

# %%
denoising.explore("n", watch="h", picture="graph")

# %% [markdown]
r"""
**The answer.** The encoder $[0.5, 0.5]$ takes half the sum, so it is blind to noise whose two numbers add up to 0,
like our draw. The decoder then gives the same, whether there is noise or not:
"""

# %%
denoising.compare(denoising.what_if(n=[0, 0]), ["h", "x_hat", "L", "W_e'", "h'"],
                  labels=("with noise", "without"))  # fmt: skip

# %% [markdown]
r"""
But it does not stay so. The step makes the encoder $[0.656, 0.531]$: it has learnt from $[2.5, 0.5]$
that the first number is the larger one by far, and part of that was noise. Now the noise gets
through, and $h'$ is 1.906 where the same weights would make 1.844 of the clean input. With one draw
the network learns from that draw. This is why each step takes a new one: what is different each time
cancels out, and what is the same each time stays.

## Deep autoencoders

Encoder and decoder may have several layers each. They narrow step by step down to the code, and widen
in the same steps: a deep autoencoder is built like an hourglass. Here is one for images of 8 by 8
pixels. So many numbers are there after each layer:
"""

# %%
stack = dlhand.load("003-deep-denoising-stack")
layers = ["encode1", "encode2", "code", "decode1", "decode2", "out"]
stack.bars(["A", *[f"A_{name}" for name in layers]], words=["image", *layers])

# %% [markdown]
r"""
Four numbers stand for 64 pixels. Where are the weights? Each unit has one for every number that comes
in, and a bias. Say first which two layers have most of them, and how many the code has.
"""

# %%
stack.bars([f"P_{name}" for name in layers], words=layers)

# %%
stack.lines("P_encode1", "P_code", "P_out", "P", "r")

# %% [markdown]
r"""
The weights are at the wide ends: the first and the last layer have 4192 of the 5412. The narrow place
costs next to nothing. And the two halves are no mirror images in their biases: 2080 in front and 2112
at the end, since each layer has a bias for each number that it puts *out*.

**What if** the code were wider? How many weights does a code of a single number save? And what is
wrong with a code of 64?
"""

# %%
stack.explore("u_code", watch="P", ranges={"u_code": (1, 64)},
              picture=lambda d: d.bars([f"P_{name}" for name in layers], words=layers))  # fmt: skip

# %% [markdown]
r"""
**The answer.** A code of one number leaves 5313 parameters, a mere 99 less. With a code of 64 there are 7392. What is
wrong is not the number: the code is then as wide as the image, and nothing forces the network to find
anything out. But did you notice that the narrowest place would be another one, `encode2` with its
16? The narrowest layer is what counts, wherever it stands.

(All of these layers need activations between them. Without these they are one linear layer, however
many there are; [chapter 2](02_multilayer_perceptron.ipynb) shows why.)

## Questions
"""

# %%
dlhand.quiz("13")

# %% [markdown]
r"""
## What the notes print

Document 003 has seven results in this example. Five are exact, one is rounded, and this one is
neither:
"""

# %%
auto.verdict_table("truncated", "carried", "slip", "unexplained")

# %% [markdown]
r"""
**A root too many** (line 622). Line 607 defines the loss as half the *square* of the distance.
Here the root is taken all the same, and 1.118 is halved: 0.559. The square has got lost between the
definition and its use. Does it matter? The smallest loss is at the same place. But the gradients are
others: that of the squared distance is the error itself, and becomes small as the error does. That of
the distance always has the same length, so steps with it do not become shorter near the goal.

**A plus for a product** (line 620). The decoder's line reads "$[1, 0.5] + 1 = [1, 0.5]$". A sum would
be $[2, 1.5]$; what stands there is right for the product $W_d \, h$. It is the code that is 1, so
that multiplying by it changes nothing, and the slip cannot be seen in the result. A code of 1 is a
poor example for finding mistakes: choose numbers that show what was done to them.

**Called MSE** (line 607). Half the sum of squares is not the mean. With two numbers it happens to be
the same: 0.625 is half of 1.25, and also the mean of 1 and 0.25. With three it would not be.

**$x \in \mathbb{R}$** (line 599) lacks its exponent. The input has two numbers, so it is in
$\mathbb{R}^2$; the code is in $\mathbb{R}$.

The deep and the denoising autoencoder have lost their figures; what is left are their names and the
words *Add Gaussian noise* (lines 627 to 636).

## On one page

Code, result and loss:
"""

# %%
step.formulas("h", "x_hat", "L")

# %% [markdown]
"""
The gradients, and a step against them:
"""

# %%
step.formulas("dL/dx_hat", "dL/dW_d", "dL/dh", "dL/dW_e", "W_e'", "W_d'")

# %% [markdown]
"""
With noise: it goes into the encoder and its gradient, and not into the loss.
"""

# %%
denoising.formulas("x_tilde", "h", "x_hat", "L", "dL/dW_e")

# %% [markdown]
"""
The parameters of a layer, here the code behind the second encoder layer:
"""

# %%
stack.formulas("P_code")

# %% [markdown]
r"""
- The target is the input. What is learnt sits in the narrow place.
- A linear autoencoder puts out points of a line (or plane) only; the best one is that of PCA.
- Encoder and decoder share one code: a change for one output changes the others too.
- A denoising autoencoder is given noise and judged by the clean input.
"""

# %% [markdown]
r"""
## Practice

Three problems with fresh numbers. In the first only the results are blank, in the second the numbers
put in are, too, and in the third the formulas. *Another one* brings the next.
"""

# %%
dlhand.practice("003-autoencoder-step", picture="graph")

# %% [markdown]
r"""
## Where it is from, and what to read

The linear autoencoder is in document 003 (lines 599 to 624), after the LSTM; the deep and the
denoising one follow it (lines 627 to 636). The gradients, the step, the noise and the sizes of the
deep one are ours.

To read next: Hinton and Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*
(2006), for deep ones. Vincent, Larochelle, Bengio and Manzagol, *Extracting and Composing Robust
Features with Denoising Autoencoders* (2008). Baldi and Hornik, *Neural Networks and Principal
Component Analysis: Learning from Examples Without Local Minima* (1989). Kingma and Welling,
*Auto-Encoding Variational Bayes* (2014), for those that make new data. And Goodfellow, Bengio and
Courville, *Deep Learning*, chapter 14.

**Next:** [14. Attention](14_attention.ipynb). A code has to hold everything at once. What if one could
look back instead?
"""
