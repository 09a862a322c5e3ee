"""oneDNN's fused cells, as far as PyTorch has them: the operator mkldnn_rnn_layer.

It is not timed by itself. For the LSTM it is what torch.nn.LSTM runs on a CPU, forward and backward, so its speed is the
one of `pytorch_step`; the weights are ordinary tensors, so they can be dropped. This says so after looking, and asks
the operator for a GRU.
"""

import torch
from torch.profiler import profile

from . import GATES, Unavailable

OPERATOR = "mkldnn_rnn_layer"
# The numbers that ATen has for the kinds of cell.
MODES = {"lstm": 2, "gru": 3}


class Step:
    def __init__(self, task):
        if not torch.backends.mkldnn.is_available():
            raise Unavailable("this PyTorch was built without oneDNN")
        dtype = getattr(torch, task.precision)
        if task.cell == "lstm" and self.is_what_lstm_runs(dtype):
            raise Unavailable(f"is what torch.nn.LSTM runs, forward and backward: see PyTorch {task.precision}")
        try:
            self.run(task.cell, dtype)
        except RuntimeError as error:
            reason = str(error).split(". ")[0].splitlines()[0]
            raise Unavailable(f"PyTorch's {OPERATOR} has no {task.cell.upper()}: {reason}") from error
        raise Unavailable(f"{OPERATOR} has a {task.cell.upper()} that torch.nn does not use: nothing here measures it yet")

    @staticmethod
    def is_what_lstm_runs(dtype):
        """Whether torch.nn.LSTM calls the operator, and its backward."""
        layer = torch.nn.LSTM(8, 8).to(dtype)
        with profile() as record:
            layer(torch.zeros(2, 2, 8, dtype=dtype))[0].float().sum().backward()
        names = {event.key for event in record.key_averages()}
        return {f"aten::{OPERATOR}", f"aten::{OPERATOR}_backward"} <= names

    @staticmethod
    def run(cell, dtype):
        """One layer of zeros, forward and backward."""
        gates = GATES[cell]
        weights = [torch.zeros(gates * 8, 8, dtype=dtype, requires_grad=True) for _ in range(2)]
        biases = [torch.zeros(gates * 8, dtype=dtype, requires_grad=True) for _ in range(2)]
        state = [torch.zeros(1, 2, 8, dtype=dtype) for _ in range(2)]
        operator = getattr(torch.ops.aten, OPERATOR)
        output = operator(torch.zeros(2, 2, 8, dtype=dtype), *weights, *biases, *state, False, [], MODES[cell], 8, 1, True, False, False, True)
        output[0].float().sum().backward()
