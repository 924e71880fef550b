"""The errors in the code of documents 002 and 004: by line, with the reason and what is right.

The code is TensorFlow's; dlhand neither needs nor runs it. Names that a reader must fill in
(``n``, ``compute_loss``, ``lr``) are no errors.
"""

from __future__ import annotations

from typing import NamedTuple


class CodeError(NamedTuple):
    """A mistake in the code of a document."""

    document: str
    line: int
    """Where it stands in the document's text."""
    code: str
    """The characters of that line that are wrong."""
    reason: str
    right: str
    """What should stand there."""
    contestable: bool = False
    """Whether it works or can be meant rightly as it stands."""


_DUNDER = "the method's name has two underscores on each side; as printed it is never called"
_SHAPE = (
    "up to TensorFlow 2.15 the first argument of add_weight is a name, so the list is taken for "
    "one; shape= is right in every version"
)
_FOREVER = "the loop has no way out; the algorithm says: until convergence"

CODE_ERRORS = [
    CodeError(
        "002", 652, "initializer='uniform', regularization, constraints",
        "the arguments have other names",
        "keras.layers.Embedding(input_dim, output_dim, embeddings_initializer='uniform', "
        "embeddings_regularizer=None, embeddings_constraint=None)",
    ),
    CodeError(
        "004", 57, "python # Dense layer from scratch class MyDenseLayer",
        "all on one line: what follows the # is a comment, so no class is defined, and the word "
        "python before it is an unknown name",
        "# Dense layer from scratch\nclass MyDenseLayer(tf.keras.layers.Layer):\n"
        "    def __init__(self, input_dim, output_dim):\n        super().__init__()",
    ),
    CodeError("004", 57, "def _init_(self, input_dim, output_dim)", _DUNDER,
              "def __init__(self, input_dim, output_dim): ..."),
    CodeError("004", 57, "super(MyDenseLayer, self)._int_()",
              "there is no such method: a letter and two underscores are missing",
              "super().__init__()"),
    CodeError("004", 62, "self.W = self.add_weight([input_dim, output_dim])", _SHAPE,
              "self.W = self.add_weight(shape=[input_dim, output_dim])"),
    CodeError("004", 63, "self.b = self.add_weight([1, output_dim])", _SHAPE,
              "self.b = self.add_weight(shape=[1, output_dim])"),
    CodeError(
        "004", 65, "def call(self, inputs):",
        "not indented: it stands outside the class, as do the two lines that make the weights, "
        "which belong into __init__",
        "class MyDenseLayer(tf.keras.layers.Layer):\n    def call(self, inputs):\n"
        "        return tf.math.sigmoid(tf.matmul(inputs, self.W) + self.b)",
    ),
    CodeError(
        "004", 86, "tf.keras.layers.Dense(n), tf.keras.layers.Dense(2)",
        "no activation between the layers: together they are one linear layer (004-multi-output)",
        'model = tf.keras.Sequential(\n    [tf.keras.layers.Dense(n, activation="relu"), '
        "tf.keras.layers.Dense(2)]\n)",
    ),
    CodeError(
        "004", 92, "tf.nn.softmax_cross_entropy_with_logits(y, predicted)",
        "this is the loss of several classes; with one output the softmax is always 1 and the "
        "loss always 0 (004-losses-softmax)",
        "loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=scores))",
    ),
    CodeError(
        "004", 103, "loss = tf.keras.losses.MSE( y, predicted )",
        "gives one number for each sample, not the mean over all (004-losses-mse)",
        "loss = tf.reduce_mean(tf.keras.losses.MSE(y, predicted))",
    ),
    CodeError(
        "004", 111, "tf.Variable([tf.random.normal()])",
        "random.normal needs a shape",
        "weights = tf.Variable(tf.random.normal(shape=[n]))",
    ),
    CodeError("004", 113, "while True:", _FOREVER,
              "while tf.norm(gradient) > tolerance: ..."),
    CodeError(
        "004", 115, "loss = compute_loss(weights)",
        "the loss is given the weights and no data; in line 147 the same function is given targets "
        "and predictions",
        "loss = compute_loss(y, predict(x, weights))",
        contestable=True,
    ),
    CodeError(
        "004", 116, "gradient = g.gradient(loss, weights)",
        "stands inside the with block, so that the tape goes on recording; it works, but costs "
        "time and memory",
        "with tf.GradientTape() as g:\n    loss = compute_loss(weights)\n"
        "gradient = g.gradient(loss, weights)",
        contestable=True,
    ),
    CodeError(
        "004", 118, "weights = weights - lr * gradient",
        "makes the name weights a plain tensor, which the tape of the next round does not watch: "
        "its gradient is None",
        "weights.assign_sub(lr * gradient)",
    ),
    CodeError("004", 127, "tf.keras.optimizers.RMSProp", "the p is a small letter",
              "tf.keras.optimizers.RMSprop"),
    CodeError("004", 139, "tf.keras.Sequential([...])",
              "the three dots are no layers; a reader is to fill them in",
              "model = tf.keras.Sequential([tf.keras.layers.Dense(1)])", contestable=True),
    CodeError("004", 140, "tf.keras.optimizer.SGD()", "the module's name is in the plural",
              "optimizer = tf.keras.optimizers.SGD()"),
    CodeError("004", 142, "while True:", _FOREVER, "for epoch in range(epochs): ..."),
    CodeError(
        "004", 144, "prediction = model(x)",
        "stands before the tape, which then has no record of the weights: every gradient is None "
        "(004-train-loop-outside)",
        "with tf.GradientTape() as tape:\n    prediction = model(x)\n"
        "    loss = compute_loss(y, prediction)",
    ),
    CodeError("004", 156, "tf.keras.layers.Dropout(p=0.5)", "the argument is called rate",
              "tf.keras.layers.Dropout(rate=0.5)"),
    CodeError("004", 162, "tf.keras.layers.SimpleRNN(run_units)",
              "misspelt: the number of units is called rnn_units below",
              "tf.keras.layers.SimpleRNN(rnn_units)"),
    CodeError("004", 168, "def _init_(self, rnn_units, input_dim, output_dim):", _DUNDER,
              "def __init__(self, rnn_units, input_dim, output_dim): ..."),
    CodeError("004", 169, "super(MyRNNCell, self)._init_()",
              "there is no such method: two underscores are missing", "super().__init__()"),
    CodeError("004", 172, "self.W_xh = self.add_weight([rnn_units, input_dim])", _SHAPE,
              "self.W_xh = self.add_weight(shape=[rnn_units, input_dim])"),
    CodeError("004", 173, "self.W_hh = self.add_weight([rnn_units, rnn_units])", _SHAPE,
              "self.W_hh = self.add_weight(shape=[rnn_units, rnn_units])"),
    CodeError("004", 174, "self.W_hy = self.add_weight([output_dim, rnn_units])", _SHAPE,
              "self.W_hy = self.add_weight(shape=[output_dim, rnn_units])"),
    CodeError(
        "004", 177, "self.h = tf.zeros([rnn_units, 1])",
        "the state belongs to the cell and is never set back: the next sequence begins with the "
        "last state of the one before",
        "def call(self, x, h): ...  # the state goes in and comes out; each sequence begins with 0",
    ),
    CodeError(
        "004", 181, "self.W_hh + self.h",
        "the state is added to its weights instead of multiplied by them; broadcasting makes a "
        "square matrix of it, with no error message",
        "self.h = tf.math.tanh(self.W_hh @ self.h + self.W_xh @ x)",
    ),
    CodeError(
        "004", 181, "self.W_xh * x",
        "the sign * multiplies entry by entry; a product of matrix and vector is wanted, and where "
        "units and inputs are equally many the mistake goes unnoticed",
        "self.h = tf.math.tanh(self.W_hh @ self.h + self.W_xh @ x)",
    ),
    CodeError("004", 184, "output = self.W_hy * self.h",
              "again entry by entry instead of matrix times vector",
              "output = self.W_hy @ self.h"),
    CodeError(
        "004", 202, "loss = tf.nn.softmax_cross_entropy_with_logits(y, predicted)",
        "gives one number for each sample, not the mean over all, as line 92 does",
        "loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=scores))",
    ),
]  # fmt: skip
"""All of them, in the order of the lines."""
