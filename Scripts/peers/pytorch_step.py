"""PyTorch, as it stands or through torch.compile.

The layers are the functions behind torch.nn.LSTM (on a CPU oneDNN's fused cell) and torch.nn.GRU. Where PyTorch can reach
the same result faster than the reference code does, it is given that way: only the embedding rows that were looked up are
scaled, SGD is the fused one, and under autocast a layer's weights are cast once a window, not once a time step.
"""

import dataclasses
import os
import shutil

import torch

from pytorch.checkpoint import module_name, tied
from pytorch.model import LanguageModel

from . import CLIPPING, LEARNING_RATE, Unavailable


class Step:
    def __init__(self, task, compiled=False):
        torch.set_num_threads(task.threads)
        torch.manual_seed(1)
        self.autocast = task.precision == "bfloat16"
        self.batch_size = task.batch_size
        vocabulary, embedding_size = task.weights["embedding.weight"].shape
        sizes = task.layer_sizes
        self.model = LanguageModel(task.cell, embedding_size, sizes[0][1], len(sizes), vocabulary, weight_tying=True)
        weights = {module_name(name): torch.from_numpy(weight) for name, weight in task.weights.items()}
        self.model.load_state_dict(tied(weights))
        self.weights = list(self.model.parameters())
        self.optimizer = torch.optim.SGD(self.weights, lr=LEARNING_RATE[task.cell], fused=True)
        self.state = self.model.zero_state(task.batch_size)
        self.training_loss = self.compiled_loss() if compiled else self.model.training_loss

    def compiled_loss(self):
        """The loss and its gradient through torch.compile, all of a window in one piece.

        Its kernels are C++: TorchInductor takes the compiler that CXX names, or g++.
        """
        compiler = os.environ.get("CXX", "g++")
        if not shutil.which(compiler):
            raise Unavailable(f"torch.compile needs a C++ compiler, and there is no {compiler} (CXX names another)")
        # Or it would not look into the functions behind torch.nn.LSTM and torch.nn.GRU.
        torch._dynamo.config.allow_rnn = True
        return torch.compile(self.model.training_loss, dynamic=False, fullgraph=True)

    def step(self, inputs, targets, strengths):
        self.state = [tuple(part.detach() for part in layer) for layer in self.state]
        self.optimizer.zero_grad()
        masks = self.model.draw_masks(strengths, self.batch_size)
        self.optimizer.param_groups[0]["weight_decay"] = strengths.weight_decay
        # As tensors, or another value would be compiled anew.
        strengths = dataclasses.replace(strengths, ar=torch.tensor(strengths.ar), tar=torch.tensor(strengths.tar))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.autocast):
            cross_entropy, penalty, self.state = self.training_loss(
                torch.from_numpy(inputs), torch.from_numpy(targets), self.state, masks, strengths, self.autocast)
        (cross_entropy + penalty).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.weights, CLIPPING)
        self.optimizer.step()
        return cross_entropy.item(), norm.item()

    @staticmethod
    def versions():
        return f"PyTorch {torch.__version__}"
