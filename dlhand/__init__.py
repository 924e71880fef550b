"""Deep learning by hand: exact worked examples, forward and backward, step by step.

>>> import dlhand
>>> d = dlhand.Derivation("One neuron")
>>> x, w = d.givens(x=2, w="0.5")
>>> a = d.step("a", dlhand.sigmoid(w * x), say="activation")
>>> d.value("a").digits(8)
'0.73105858'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "dlhand.worked": ("Derivation",),
    "dlhand.derivation.entries": ("Printed",),
    "dlhand.errors": (
        "AnswerError", "Disagreement", "DlhandError", "DrawError", "DuplicateName", "FormulaError",
        "GivenError", "InvalidName", "MissingFramework", "MissingPackage", "NoDependence",
        "QuizError", "ShapeError", "TableError", "UndefinedValue", "UnknownName", "Unreadable",
        "Unwritten",
    ),
    "dlhand.examples": ("load", "names"),
    "dlhand.operations.activations": (
        "elu", "gelu", "leaky_relu", "normal", "relu", "sigmoid", "silu", "softplus", "tanh",
    ),
    "dlhand.operations.comparison": (
        "absolute", "at_least", "floor", "greater", "heaviside", "maximum", "minimum", "sign",
    ),
    "dlhand.operations.elementary": ("cos", "exp", "log", "sin", "sqrt"),
    "dlhand.operations.matrix": ("dot", "outer", "transpose"),
    "dlhand.operations.reduction": (
        "is_largest", "largest", "log_sum_exp", "masked_softmax", "mean", "softmax",
        "total", "variance",
    ),
    "dlhand.operations.structure": ("concatenate", "pad", "reshape", "stack"),
    "dlhand.operations.convolution": ("correlate", "transposed_correlate"),
    "dlhand.operations.pooling": ("average_pool", "max_pool"),
    "dlhand.calculators.perceptron": ("perceptron", "train_perceptron"),
    "dlhand.calculators.network": ("Layer", "count_parameters", "mlp", "train"),
    "dlhand.calculators.optimisers": ("RULES", "Rule"),
    "dlhand.calculators.descent": ("descend", "optimise"),
    "dlhand.calculators.recurrent": ("gru", "lstm", "rnn", "split_joined"),
    "dlhand.calculators.attention": (
        "additive_attention", "attention", "causal_mask", "layer_norm", "multi_head_attention",
    ),
    "dlhand.calculators.activations": ("ACTIVATIONS", "LOSSES"),
    "dlhand.calculators.encoding": ("label_smoothing", "positional_encoding"),
    "dlhand.calculators.convolution": ("windows",),
    "dlhand.calculators.counting": (
        "Conv", "Dense", "Depthwise", "Pool", "Recurrent", "count", "image", "sequence",
    ),
    "dlhand.calculators.detection": ("iou", "match_boxes", "suppress"),
    "dlhand.calculators.precision": ("Ranking", "average_precision", "mean_average_precision"),
    "dlhand.calculators.normalisation": ("batch_norm",),
    "dlhand.calculators.regularisation": ("dropout", "penalty"),
    "dlhand.course.errata": ("errata_table",),
    "dlhand.course.map": ("course_map",),
    "dlhand.course.quiz": ("Quiz", "quiz"),
    "dlhand.exercises.practice": ("practice",),
    "dlhand.plots": ("activation_curves", "loss_curves", "loss_over_steps", "optimiser_paths"),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import dlhand`` stays quick."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'dlhand' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


if TYPE_CHECKING:
    from dlhand.calculators.activations import ACTIVATIONS as ACTIVATIONS
    from dlhand.calculators.activations import LOSSES as LOSSES
    from dlhand.calculators.attention import additive_attention as additive_attention
    from dlhand.calculators.attention import attention as attention
    from dlhand.calculators.attention import causal_mask as causal_mask
    from dlhand.calculators.attention import layer_norm as layer_norm
    from dlhand.calculators.attention import multi_head_attention as multi_head_attention
    from dlhand.calculators.convolution import windows as windows
    from dlhand.calculators.counting import Conv as Conv
    from dlhand.calculators.counting import Dense as Dense
    from dlhand.calculators.counting import Depthwise as Depthwise
    from dlhand.calculators.counting import Pool as Pool
    from dlhand.calculators.counting import Recurrent as Recurrent
    from dlhand.calculators.counting import count as count
    from dlhand.calculators.counting import image as image
    from dlhand.calculators.counting import sequence as sequence
    from dlhand.calculators.descent import descend as descend
    from dlhand.calculators.descent import optimise as optimise
    from dlhand.calculators.detection import iou as iou
    from dlhand.calculators.detection import match_boxes as match_boxes
    from dlhand.calculators.detection import suppress as suppress
    from dlhand.calculators.encoding import label_smoothing as label_smoothing
    from dlhand.calculators.encoding import positional_encoding as positional_encoding
    from dlhand.calculators.network import Layer as Layer
    from dlhand.calculators.network import count_parameters as count_parameters
    from dlhand.calculators.network import mlp as mlp
    from dlhand.calculators.network import train as train
    from dlhand.calculators.normalisation import batch_norm as batch_norm
    from dlhand.calculators.optimisers import RULES as RULES
    from dlhand.calculators.optimisers import Rule as Rule
    from dlhand.calculators.perceptron import perceptron as perceptron
    from dlhand.calculators.perceptron import train_perceptron as train_perceptron
    from dlhand.calculators.precision import Ranking as Ranking
    from dlhand.calculators.precision import average_precision as average_precision
    from dlhand.calculators.precision import mean_average_precision as mean_average_precision
    from dlhand.calculators.recurrent import gru as gru
    from dlhand.calculators.recurrent import lstm as lstm
    from dlhand.calculators.recurrent import rnn as rnn
    from dlhand.calculators.recurrent import split_joined as split_joined
    from dlhand.calculators.regularisation import dropout as dropout
    from dlhand.calculators.regularisation import penalty as penalty
    from dlhand.course.errata import errata_table as errata_table
    from dlhand.course.map import course_map as course_map
    from dlhand.course.quiz import Quiz as Quiz
    from dlhand.course.quiz import quiz as quiz
    from dlhand.derivation.entries import Printed as Printed
    from dlhand.errors import AnswerError as AnswerError
    from dlhand.errors import DlhandError as DlhandError
    from dlhand.errors import DrawError as DrawError
    from dlhand.errors import DuplicateName as DuplicateName
    from dlhand.errors import FormulaError as FormulaError
    from dlhand.errors import GivenError as GivenError
    from dlhand.errors import InvalidName as InvalidName
    from dlhand.errors import MissingPackage as MissingPackage
    from dlhand.errors import NoDependence as NoDependence
    from dlhand.errors import QuizError as QuizError
    from dlhand.errors import ShapeError as ShapeError
    from dlhand.errors import TableError as TableError
    from dlhand.errors import UndefinedValue as UndefinedValue
    from dlhand.errors import UnknownName as UnknownName
    from dlhand.errors import Unreadable as Unreadable
    from dlhand.errors import Unwritten as Unwritten
    from dlhand.examples import load as load
    from dlhand.examples import names as names
    from dlhand.exercises.practice import practice as practice
    from dlhand.operations.activations import elu as elu
    from dlhand.operations.activations import gelu as gelu
    from dlhand.operations.activations import leaky_relu as leaky_relu
    from dlhand.operations.activations import normal as normal
    from dlhand.operations.activations import relu as relu
    from dlhand.operations.activations import sigmoid as sigmoid
    from dlhand.operations.activations import silu as silu
    from dlhand.operations.activations import softplus as softplus
    from dlhand.operations.activations import tanh as tanh
    from dlhand.operations.comparison import absolute as absolute
    from dlhand.operations.comparison import at_least as at_least
    from dlhand.operations.comparison import floor as floor
    from dlhand.operations.comparison import greater as greater
    from dlhand.operations.comparison import heaviside as heaviside
    from dlhand.operations.comparison import maximum as maximum
    from dlhand.operations.comparison import minimum as minimum
    from dlhand.operations.comparison import sign as sign
    from dlhand.operations.convolution import correlate as correlate
    from dlhand.operations.convolution import transposed_correlate as transposed_correlate
    from dlhand.operations.elementary import cos as cos
    from dlhand.operations.elementary import exp as exp
    from dlhand.operations.elementary import log as log
    from dlhand.operations.elementary import sin as sin
    from dlhand.operations.elementary import sqrt as sqrt
    from dlhand.operations.matrix import dot as dot
    from dlhand.operations.matrix import outer as outer
    from dlhand.operations.matrix import transpose as transpose
    from dlhand.operations.pooling import average_pool as average_pool
    from dlhand.operations.pooling import max_pool as max_pool
    from dlhand.operations.reduction import is_largest as is_largest
    from dlhand.operations.reduction import largest as largest
    from dlhand.operations.reduction import log_sum_exp as log_sum_exp
    from dlhand.operations.reduction import masked_softmax as masked_softmax
    from dlhand.operations.reduction import mean as mean
    from dlhand.operations.reduction import softmax as softmax
    from dlhand.operations.reduction import total as total
    from dlhand.operations.reduction import variance as variance
    from dlhand.operations.structure import concatenate as concatenate
    from dlhand.operations.structure import pad as pad
    from dlhand.operations.structure import reshape as reshape
    from dlhand.operations.structure import stack as stack
    from dlhand.plots import activation_curves as activation_curves
    from dlhand.plots import loss_curves as loss_curves
    from dlhand.plots import loss_over_steps as loss_over_steps
    from dlhand.plots import optimiser_paths as optimiser_paths
    from dlhand.worked import Derivation as Derivation
