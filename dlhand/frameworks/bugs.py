"""What the code of document 004 does where it is wrong: pieces of it to run, and put right."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TRIALS", "Trial"]


class Trial(NamedTuple):
    """A piece of the code as printed, and put right; the last line of each says what it gives."""

    about: tuple[tuple[int, str], ...]
    """The errors shown: the line, and characters of the code that is wrong in it."""
    says: str
    printed: str
    right: str


_SHAPES = """
layer = keras.layers.Layer()
W = layer.add_weight({}[2, 3])
tuple(W.shape)
"""


def _weights(about: tuple[tuple[int, str], ...]) -> Trial:
    return Trial(
        about,
        "The list stands where older versions want a name. In Keras 3 the shape comes first, so "
        "this line has become right by itself; with `shape=` it is right in every version.",
        _SHAPES.format("").strip(),
        _SHAPES.format("shape=").strip(),
    )


def _cell(line: str) -> str:
    return f"""\
W_xh = np.array([[0.5, -0.3], [0.8, 0.2]])
W_hh = np.array([[0.1, 0.4], [-0.2, 0.3]])
W_hy = np.array([[1.0, -1.0]])
h, x = np.array([[0.5], [-0.5]]), np.array([[1.0], [2.0]])
{line}"""


TRIALS = [
    Trial(
        ((57, "python # Dense"),),
        "Everything stands on one line: what follows `#` is a comment, and the word before it is a "
        "name that nobody has given.",
        "python # Dense layer from scratch class MyDenseLayer(keras.layers.Layer): "
        "def _init_(self, input_dim, output_dim): super(MyDenseLayer, self)._int_()",
        "# Dense layer from scratch\n"
        "class MyDenseLayer(keras.layers.Layer):\n    pass\n\n\nMyDenseLayer.__name__",
    ),
    Trial(
        ((57, "def _init_"),),
        "With one underscore on each side the method is one like any other. Python never calls "
        "it, and the layer's own `__init__` takes no sizes.",
        "class MyDenseLayer(keras.layers.Layer):\n"
        "    def _init_(self, input_dim, output_dim):\n        super().__init__()\n\n\n"
        "type(MyDenseLayer(2, 3)).__name__",
        "class MyDenseLayer(keras.layers.Layer):\n"
        "    def __init__(self, input_dim, output_dim):\n        super().__init__()\n\n\n"
        "type(MyDenseLayer(2, 3)).__name__",
    ),
    Trial(
        ((57, "_int_()"),),
        "Now that the method is called, its first line asks for another one that there is not.",
        "class MyDenseLayer(keras.layers.Layer):\n"
        "    def __init__(self, input_dim, output_dim):\n"
        "        super(MyDenseLayer, self)._int_()\n\n\ntype(MyDenseLayer(2, 3)).__name__",
        "class MyDenseLayer(keras.layers.Layer):\n"
        "    def __init__(self, input_dim, output_dim):\n"
        "        super().__init__()\n\n\ntype(MyDenseLayer(2, 3)).__name__",
    ),
    _weights(((62, "self.W"), (63, "self.b"))),
    Trial(
        ((65, "def call"),),
        "The method is not indented, so it is a function outside of the class, and the layer has "
        "none.",
        "class MyDenseLayer(keras.layers.Layer):\n    pass\n\n\n"
        "def call(self, inputs):\n    return keras.ops.sigmoid(inputs)\n\n\n"
        "MyDenseLayer()(keras.ops.zeros([1, 2]))",
        "class MyDenseLayer(keras.layers.Layer):\n"
        "    def call(self, inputs):\n        return keras.ops.sigmoid(inputs)\n\n\n"
        "MyDenseLayer()(keras.ops.zeros([1, 2]))",
    ),
    Trial(
        ((86, "Dense(n)"),),
        "No activation stands between the two layers. Nothing fails; but the model is one linear "
        "layer. Does it put out the opposite for the opposite input, while its biases are 0?",
        "n = 3\n"
        "model = keras.Sequential([keras.layers.Dense(n), keras.layers.Dense(2)])\n"
        "x = keras.ops.array([[1.0, 2.0], [0.0, -1.0]])\n"
        "bool(keras.ops.all(keras.ops.isclose(model(x) + model(-x), 0.0, atol=1e-5)))",
        "n = 3\n"
        'model = keras.Sequential([keras.layers.Dense(n, activation="relu"), '
        "keras.layers.Dense(2)])\n"
        "x = keras.ops.array([[1.0, 2.0], [0.0, -1.0]])\n"
        "bool(keras.ops.all(keras.ops.isclose(model(x) + model(-x), 0.0, atol=1e-5)))",
    ),
    Trial(
        ((92, "softmax_cross"),),
        "A softmax over a single score is always 1, so its loss is 0, however wrong the score is. "
        "Keras 3 gives a warning with it.",
        "y, scores = keras.ops.array([[1.0]]), keras.ops.array([[-3.0]])\n"
        "loss = keras.ops.mean(\n"
        "    keras.losses.categorical_crossentropy(y, scores, from_logits=True)\n)\nloss",
        "y, scores = keras.ops.array([[1.0]]), keras.ops.array([[-3.0]])\n"
        "loss = keras.ops.mean(keras.losses.binary_crossentropy(y, scores, from_logits=True))\n"
        "loss",
    ),
    Trial(
        ((103, "MSE"),),
        "One number comes for each sample, where the line above it has one for all.",
        "y = keras.ops.array([[1.0, 0.0], [2.0, 1.0], [0.0, 1.0]])\n"
        "predicted = keras.ops.array([[2.0, 0.0], [2.0, 3.0], [1.0, 0.0]])\n"
        "keras.losses.mean_squared_error(y, predicted)",
        "y = keras.ops.array([[1.0, 0.0], [2.0, 1.0], [0.0, 1.0]])\n"
        "predicted = keras.ops.array([[2.0, 0.0], [2.0, 3.0], [1.0, 0.0]])\n"
        "keras.ops.mean(keras.losses.mean_squared_error(y, predicted))",
    ),
    Trial(
        ((111, "random.normal"),),
        "How many random numbers? The function has to be told.",
        "weights = keras.Variable([keras.random.normal()])\ntuple(weights.shape)",
        "n = 2\nweights = keras.Variable(keras.random.normal(shape=[n]))\ntuple(weights.shape)",
    ),
    Trial(
        ((113, "while True"), (142, "while True")),
        "The loop has no way out. Here it is ended by force after 1000 rounds; the weight was as "
        "good as 0 long before.",
        "weights, rounds = 1.0, 0\n"
        "while True:  # loop forever\n    weights = weights - 0.1 * 2 * weights\n"
        "    rounds = rounds + 1\n"
        "    if rounds == 1000:\n"
        '        raise TimeoutError("1000 rounds, and the loop goes on")',
        "weights, rounds, gradient = 1.0, 0, 2.0\n"
        "while abs(gradient) > 1e-6:\n    weights = weights - 0.1 * gradient\n"
        "    gradient = 2 * weights\n    rounds = rounds + 1\nrounds",
    ),
    Trial(
        ((115, "compute_loss"),),
        "Here the loss is given the weights alone, further down the targets and the predictions. "
        "One function cannot be both.",
        "def compute_loss(y, predicted):\n    return (y - predicted) ** 2\n\n\n"
        "weights = 2.0\ncompute_loss(weights)",
        "def compute_loss(y, predicted):\n    return (y - predicted) ** 2\n\n\n"
        "weights, x, y = 2.0, 1.0, 3.0\ncompute_loss(y, weights * x)",
    ),
    Trial(
        ((116, "g.gradient"),),
        "The gradient is asked for while the tape is still recording. It works, but what is "
        "computed from then on is recorded as well. PyTorch shows it: with its recording on "
        "(`create_graph`), the gradient itself can be differentiated again.",
        "weights = torch.tensor(1.0, requires_grad=True)\nloss = weights**2\n"
        "(gradient,) = torch.autograd.grad(loss, weights, create_graph=True)\n"
        "[gradient.item(), gradient.requires_grad]",
        "weights = torch.tensor(1.0, requires_grad=True)\nloss = weights**2\n"
        "(gradient,) = torch.autograd.grad(loss, weights)\n"
        "[gradient.item(), gradient.requires_grad]",
    ),
    Trial(
        ((118, "weights = weights"),),
        "After the first round the name `weights` is a plain result and no longer the variable. "
        "The second round finds no gradient for it.",
        "weights, lr = torch.tensor(1.0, requires_grad=True), 0.1\n"
        "for step in 1, 2:\n    (weights**2).backward()\n"
        "    weights = weights - lr * weights.grad\nweights",
        "weights, lr = torch.tensor(1.0, requires_grad=True), 0.1\n"
        "for step in 1, 2:\n    (weights**2).backward()\n"
        "    with torch.no_grad():\n        weights -= lr * weights.grad\n"
        "    weights.grad = None\nweights",
    ),
    Trial(
        ((127, "RMSProp"),),
        "The paper and the slides write RMSProp, the framework has a small p.",
        "type(keras.optimizers.RMSProp()).__name__",
        "type(keras.optimizers.RMSprop()).__name__",
    ),
    Trial(
        ((139, "Sequential"),),
        "The three dots are to be filled in. Python knows them as an object, which is no layer.",
        "model = keras.Sequential([...])\nlen(model.layers)",
        "model = keras.Sequential([keras.layers.Dense(1)])\nlen(model.layers)",
    ),
    Trial(
        ((140, "optimizer.SGD"),),
        "The module's name is in the plural.",
        "optimizer = keras.optimizer.SGD()\ntype(optimizer).__name__",
        "optimizer = keras.optimizers.SGD()\ntype(optimizer).__name__",
    ),
    Trial(
        ((144, "model(x)"),),
        "The forward pass stands before the tape. PyTorch records everywhere, unless it is told "
        "not to: `no_grad` stands for the time before the tape.",
        "model = torch.nn.Linear(2, 1)\nx, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]])\n"
        "with torch.no_grad():  # nothing is recorded yet\n    prediction = model(x)\n"
        "loss = torch.nn.functional.mse_loss(prediction, y)\n"
        "loss.backward()\n[tuple(w.grad.shape) for w in model.parameters()]",
        "model = torch.nn.Linear(2, 1)\nx, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]])\n"
        "prediction = model(x)\nloss = torch.nn.functional.mse_loss(prediction, y)\n"
        "loss.backward()\n[tuple(w.grad.shape) for w in model.parameters()]",
    ),
    Trial(
        ((156, "Dropout"),),
        "In Keras the argument is called `rate`; `p` is PyTorch's name.",
        "keras.layers.Dropout(p=0.5).rate",
        "keras.layers.Dropout(rate=0.5).rate",
    ),
    Trial(
        ((162, "run_units"),),
        "A misspelt name.",
        "rnn_units = 2\nkeras.layers.SimpleRNN(run_units).units",
        "rnn_units = 2\nkeras.layers.SimpleRNN(rnn_units).units",
    ),
    Trial(
        ((168, "_init_"),),
        "Again one underscore on each side.",
        "class MyRNNCell(keras.layers.Layer):\n"
        "    def _init_(self, rnn_units, input_dim, output_dim):\n        super().__init__()\n\n\n"
        "type(MyRNNCell(2, 2, 1)).__name__",
        "class MyRNNCell(keras.layers.Layer):\n"
        "    def __init__(self, rnn_units, input_dim, output_dim):\n"
        "        super().__init__()\n\n\ntype(MyRNNCell(2, 2, 1)).__name__",
    ),
    Trial(
        ((169, "_init_"),),
        "And again where the class above is to be set up.",
        "class MyRNNCell(keras.layers.Layer):\n"
        "    def __init__(self, rnn_units, input_dim, output_dim):\n"
        "        super(MyRNNCell, self)._init_()\n\n\ntype(MyRNNCell(2, 2, 1)).__name__",
        "class MyRNNCell(keras.layers.Layer):\n"
        "    def __init__(self, rnn_units, input_dim, output_dim):\n"
        "        super().__init__()\n\n\ntype(MyRNNCell(2, 2, 1)).__name__",
    ),
    _weights(((172, "W_xh"), (173, "W_hh"), (174, "W_hy"))),
    Trial(
        ((177, "self.h"),),
        "The cell keeps the state and never sets it back. The same sequence, given twice, gives "
        "two results.",
        "class MyRNNCell(keras.layers.Layer):\n    def __init__(self):\n"
        "        super().__init__()\n        self.h = keras.ops.zeros([1])\n\n"
        "    def call(self, x):\n        self.h = keras.ops.tanh(self.h + x)\n"
        "        return self.h\n\n\ncell, x = MyRNNCell(), keras.ops.ones([1])\n"
        "[cell(x), cell(x)]",
        "class MyRNNCell(keras.layers.Layer):\n    def call(self, x, h):\n"
        "        return keras.ops.tanh(h + x)\n\n\n"
        "cell, x, h = MyRNNCell(), keras.ops.ones([1]), keras.ops.zeros([1])\n"
        "[cell(x, h), cell(x, h)]",
    ),
    Trial(
        ((181, "W_hh + self.h"), (181, "W_xh * x")),
        "The state is added, and the input multiplied entry by entry. The shapes are stretched "
        "to fit, and a square matrix comes where a column is wanted.",
        _cell("keras.ops.tanh(W_hh + h + W_xh * x)"),
        _cell("keras.ops.tanh(W_hh @ h + W_xh @ x)"),
    ),
    Trial(
        ((184, "W_hy"),),
        "The same with the output: two rows and columns for one number.",
        _cell("h = np.tanh(W_hh @ h + W_xh @ x)\ntuple((W_hy * h).shape)"),
        _cell("h = np.tanh(W_hh @ h + W_xh @ x)\ntuple((W_hy @ h).shape)"),
    ),
    Trial(
        ((202, "softmax_cross"),),
        "One number for each sample again; a gradient needs one for all.",
        "y = keras.ops.array([[1.0, 0.0], [0.0, 1.0]])\n"
        "scores = keras.ops.array([[2.0, 0.0], [2.0, 0.0]])\n"
        "keras.losses.categorical_crossentropy(y, scores, from_logits=True)",
        "y = keras.ops.array([[1.0, 0.0], [0.0, 1.0]])\n"
        "scores = keras.ops.array([[2.0, 0.0], [2.0, 0.0]])\n"
        "keras.ops.mean(keras.losses.categorical_crossentropy(y, scores, from_logits=True))",
    ),
]
"""All of them, in the order of the lines."""
