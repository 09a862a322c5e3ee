"""The model that `ablate` trains, in PyTorch: torch.nn.Embedding, a torch.nn.LSTM, a torch.nn.GRU or a quasi-recurrent layer, a linear decoder."""

import dataclasses
import typing

import torch

GATES = {"lstm": 4, "gru": 3}


@dataclasses.dataclass(frozen=True)
class Strengths:
    """How strong each regularizer of training is; 0 is absent."""

    embedding_dropout: float
    input_dropout: float
    hidden_dropout: float
    output_dropout: float
    weight_dropping: float
    ar: float
    tar: float

    @classmethod
    def of(cls, configuration):
        return cls(
            embedding_dropout=configuration["embedding-dropout"],
            input_dropout=configuration["variational-dropout-input"],
            hidden_dropout=configuration["variational-dropout-hidden"],
            output_dropout=configuration["variational-dropout-output"],
            weight_dropping=configuration["weight-dropping"],
            ar=configuration["ar"],
            tar=configuration["tar"],
        )


class Masks(typing.NamedTuple):
    """What a window is multiplied by: 0 or 1/(1−p), all 1 where a technique is absent. The lists are by layer."""

    embedding: torch.Tensor  # [V, 1]
    input: torch.Tensor  # [1, B, E]
    weights: list  # of the hidden-to-hidden matrices, or of a quasi-recurrent layer's only one
    outputs: list  # [1, B, outputs]


class QuasiRecurrentLayer(torch.nn.Module):
    """z = tanh(W x + b), f, o = σ(W x + b); c = f z + (1 − f) c, h = o c.

    In a window of two, x is the input and, after it, that of the step before. PyTorch has no such layer; `linear` is that of the authors' own
    (QRNNLayer in salesforce/pytorch-qrnn), whose weights can be exchanged for these. The state is (c,) or, with a window of two, (c, x).
    """

    def __init__(self, inputs, outputs, window, zoneout):
        super().__init__()
        self.hidden_size, self.window, self.zoneout = outputs, window, zoneout
        self.linear = torch.nn.Linear(window * inputs, 3 * outputs)

    def zero_state(self, batch_size):
        inputs = self.linear.in_features // self.window
        return tuple(torch.zeros(1, batch_size, size) for size in [self.hidden_size, inputs][:self.window])

    def forward(self, sequence, state, weight=None, bias=None, draws=False):
        """The outputs and the state after them; `draws` is for training, where zoneout has a mask and not its mean."""
        memory, *before = state
        source = torch.cat([sequence, torch.cat([before[0], sequence[:-1]])], dim=2) if before else sequence
        weight, bias = self.linear.weight if weight is None else weight, self.linear.bias if bias is None else bias
        candidate, forget, output = torch.nn.functional.linear(source, weight, bias).chunk(3, dim=2)
        update, candidate = forget.sigmoid(), candidate.tanh()
        if self.zoneout > 0:
            update = update * (torch.empty_like(update).bernoulli_(1 - self.zoneout) if draws else 1 - self.zoneout)
        memories = []
        for new, part in zip(candidate.unbind(), update.unbind()):
            memory = part * new + (1 - part) * memory
            memories.append(memory)
        return output.sigmoid() * torch.cat(memories), (memory, *([sequence[-1:]] if before else []))


class LanguageModel(torch.nn.Module):
    """Initial weights are uniform: embedding (and an untied decoder) in ±0.1, layers in ±1/√outputs, quasi-recurrent ones in ±1/√(columns of
    their matrix); the decoder's bias is 0.

    Sequences are [T, B, ·]. The state has of every layer (h,) or (h, c), each [1, B, outputs], or that of a quasi-recurrent layer.
    """

    def __init__(self, cell, embedding_size, hidden_size, layers, vocabulary_size, weight_tying, zoneout=0.0):
        super().__init__()
        self.cell = cell
        inner = [hidden_size] * (layers - 1)
        sizes = zip([embedding_size, *inner], [*inner, embedding_size])
        self.embedding = torch.nn.Embedding(vocabulary_size, embedding_size)
        make = {
            "lstm": lambda layer, inputs, outputs: torch.nn.LSTM(inputs, outputs),
            "gru": lambda layer, inputs, outputs: torch.nn.GRU(inputs, outputs),
            "qrnn": lambda layer, inputs, outputs: QuasiRecurrentLayer(inputs, outputs, 2 if layer == 0 else 1, zoneout),
        }[cell]
        self.layers = torch.nn.ModuleList(make(layer, *size) for layer, size in enumerate(sizes))
        self.decoder = torch.nn.Linear(embedding_size, vocabulary_size)
        if weight_tying:
            self.decoder.weight = self.embedding.weight
        torch.nn.init.uniform_(self.embedding.weight, -0.1, 0.1)
        torch.nn.init.uniform_(self.decoder.weight, -0.1, 0.1)
        torch.nn.init.zeros_(self.decoder.bias)

    @classmethod
    def of(cls, configuration, vocabulary_size):
        model = cls(
            configuration["cell"], configuration.embedding_size, configuration["hidden-size"], configuration["layers"],
            vocabulary_size, configuration["weight-tying"], configuration["zoneout"])
        if configuration["recurrent-initialisation"] == "orthogonal":
            for layer in model.layers:
                for gate in layer.weight_hh_l0.detach().chunk(GATES[model.cell]):
                    torch.nn.init.orthogonal_(gate)
        return model

    def zero_state(self, batch_size):
        if self.cell == "qrnn":
            return [layer.zero_state(batch_size) for layer in self.layers]
        parts = 2 if self.cell == "lstm" else 1
        return [tuple(torch.zeros(1, batch_size, layer.hidden_size) for _ in range(parts)) for layer in self.layers]

    def forward(self, inputs, state):
        """Logits [T, B, V] with nothing dropped, and the state after them."""
        sequence, state_after = self.embedding(inputs), []
        for layer, before in zip(self.layers, state):
            if self.cell in ("lstm", "qrnn"):
                sequence, after = layer(sequence, before)
            else:
                sequence, *after = layer(sequence, before[0])
            state_after.append(tuple(after))
        return self.decoder(sequence), state_after

    def draw_masks(self, strengths, batch_size):
        """The masks of a window."""
        sizes = [layer.hidden_size for layer in self.layers]
        dropped = [layer.linear.weight if self.cell == "qrnn" else layer.weight_hh_l0 for layer in self.layers]
        output_strengths = [strengths.hidden_dropout] * (len(sizes) - 1) + [strengths.output_dropout]
        return Masks(
            embedding=dropout_mask(strengths.embedding_dropout, self.embedding.num_embeddings, 1),
            input=dropout_mask(strengths.input_dropout, 1, batch_size, self.embedding.embedding_dim),
            weights=[dropout_mask(strengths.weight_dropping, *weight.shape) for weight in dropped],
            outputs=[dropout_mask(strength, 1, batch_size, size) for strength, size in zip(output_strengths, sizes)])

    def training_loss(self, inputs, targets, state, masks, strengths, autocast=False):
        """Cross-entropy of a window, what AR and TAR add to it, and the state after it."""
        # Only the rows that were looked up are scaled; the decoder's copy is not dropped.
        sequence = torch.nn.functional.embedding(inputs, self.embedding.weight) * masks.embedding[inputs] * masks.input
        state_after = []
        for layer, before, weight_mask, output_mask in zip(self.layers, state, masks.weights, masks.outputs):
            raw, after = self._run_weight_dropped(layer, sequence, before, weight_mask, autocast)
            state_after.append(after)
            sequence = raw * output_mask.to(raw.dtype)
        logits = torch.nn.functional.linear(sequence, self.decoder.weight, self.decoder.bias)
        cross_entropy = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        penalty = strengths.ar * sequence.float().pow(2).mean() + strengths.tar * (raw[1:] - raw[:-1]).float().pow(2).mean()
        return cross_entropy, penalty, state_after

    def _run_weight_dropped(self, layer, sequence, state, mask, autocast):
        """The layer by the function behind torch.nn.LSTM and torch.nn.GRU, with one mask a window on its hidden-to-hidden matrix.

        A quasi-recurrent layer has one on its only matrix.
        """
        if self.cell == "qrnn":
            weights = [layer.linear.weight * mask, layer.linear.bias]
            if autocast:
                weights = [weight.bfloat16() for weight in weights]
                sequence, state = sequence.bfloat16(), tuple(part.bfloat16() for part in state)
            return layer(sequence, state, *weights, draws=True)
        weights = [layer.weight_ih_l0, layer.weight_hh_l0 * mask, layer.bias_ih_l0, layer.bias_hh_l0]
        if autocast:
            # Cast once a window, not once a time step.
            weights = [weight.bfloat16() for weight in weights]
            sequence, state = sequence.bfloat16(), tuple(part.bfloat16() for part in state)
        if self.cell == "lstm":
            output, *state = torch._VF.lstm(sequence, state, weights, True, 1, 0.0, True, False, False)
        else:
            output, *state = torch._VF.gru(sequence, state[0], weights, True, 1, 0.0, True, False, False)
        return output, tuple(state)


def dropout_mask(probability, *shape):
    """Values of 0 and 1/(1−p)."""
    return torch.empty(shape).bernoulli_(1 - probability).div_(1 - probability)
