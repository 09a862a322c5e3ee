"""The programs that `make bench-peer` measures beside `ablate`: each makes the same training step.

A step is that of the AWD-LSTM reference code: embedding dropout by rows, locked dropout, weight dropping with one mask a
window, a tied decoder with a bias of its own, cross-entropy with AR and TAR, backward, clipping by global norm, SGD with
weight decay. The state is carried on and detached.

A module here has a class `Step`: `Step(task)` for a `Task`, or `Unavailable` where it cannot do it;
`step(inputs, targets, strengths)` makes one step and returns cross-entropy and the gradient's norm before clipping, once
all of it is done; `versions()` says what it ran on.
"""

import dataclasses
import importlib

# Which module, and what it is told.
PEERS = {
    "pytorch": ("pytorch_step", {}),
    "compile": ("pytorch_step", {"compiled": True}),
    "onednn": ("onednn_cells", {}),
    "jax": ("jax_step", {}),
}
GATES = {"lstm": 4, "gru": 3}
LEARNING_RATE = {"lstm": 30.0, "gru": 10.0}
CLIPPING = 0.25


class Unavailable(Exception):
    """Why a peer cannot make this step."""


@dataclasses.dataclass(frozen=True)
class Strengths:
    """How strong each regularizer is; 0 is absent."""

    embedding_dropout: float = 0.1
    input_dropout: float = 0.4
    hidden_dropout: float = 0.25
    output_dropout: float = 0.4
    weight_dropping: float = 0.5
    ar: float = 2.0
    tar: float = 1.0
    weight_decay: float = 1.2e-6

    @classmethod
    def nothing_by_chance(cls):
        """No dropout, and of what random weights hardly show enough to see it in three digits."""
        return cls(
            embedding_dropout=0.0, input_dropout=0.0, hidden_dropout=0.0, output_dropout=0.0, weight_dropping=0.0,
            tar=100.0, weight_decay=1e-3)


@dataclasses.dataclass(frozen=True)
class Task:
    """A model and what it computes in; `weights` are float32 arrays by the names of a checkpoint (Scripts/README.md)."""

    cell: str
    precision: str  # float32 or bfloat16
    threads: int
    batch_size: int
    weights: dict

    @property
    def layer_sizes(self):
        """(inputs, outputs) of every layer."""
        layers = sum(name.endswith(".weight_ih") for name in self.weights)
        return [tuple(self.weights[f"layers.{k}.{name}"].shape[1] for name in ("weight_ih", "weight_hh")) for k in range(layers)]


def make(name, task):
    """The step of a peer."""
    module, settings = PEERS[name]
    try:
        module = importlib.import_module(f".{module}", __name__)
    except ModuleNotFoundError as error:
        raise Unavailable(f"no module {error.name} is installed") from error
    return module.Step(task, **settings)
