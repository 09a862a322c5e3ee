"""The model that `ablate` trains, in PyTorch: torch.nn.Embedding, a torch.nn.LSTM or torch.nn.GRU a layer, a linear decoder."""

import dataclasses

import torch

GATES = {"lstm": 4, "gru": 3}
LAYERS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


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


class LanguageModel(torch.nn.Module):
    """Initial weights are uniform: embedding (and an untied decoder) in ±0.1, layers in ±1/√outputs; the decoder's bias is 0.

    Sequences are [T, B, ·]. The state has of every layer (h,) or (h, c), each [1, B, outputs].
    """

    def __init__(self, cell, embedding_size, hidden_size, layers, vocabulary_size, weight_tying):
        super().__init__()
        self.cell = cell
        inner = [hidden_size] * (layers - 1)
        sizes = zip([embedding_size, *inner], [*inner, embedding_size])
        self.embedding = torch.nn.Embedding(vocabulary_size, embedding_size)
        self.layers = torch.nn.ModuleList(LAYERS[cell](inputs, outputs) for inputs, outputs in sizes)
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
            vocabulary_size, configuration["weight-tying"])
        if configuration["recurrent-initialisation"] == "orthogonal":
            for layer in model.layers:
                for gate in layer.weight_hh_l0.detach().chunk(GATES[model.cell]):
                    torch.nn.init.orthogonal_(gate)
        return model

    def zero_state(self, batch_size):
        parts = 2 if self.cell == "lstm" else 1
        return [tuple(torch.zeros(1, batch_size, layer.hidden_size) for _ in range(parts)) for layer in self.layers]

    def forward(self, inputs, state):
        """Logits [T, B, V] with nothing dropped, and the state after them."""
        sequence, state_after = self.embedding(inputs), []
        for layer, before in zip(self.layers, state):
            if self.cell == "lstm":
                sequence, after = layer(sequence, before)
            else:
                sequence, *after = layer(sequence, before[0])
            state_after.append(tuple(after))
        return self.decoder(sequence), state_after

    def training_loss(self, inputs, targets, state, strengths, autocast=False):
        """Cross-entropy of a window, what AR and TAR add to it, and the state after it; masks are drawn anew."""
        sequence = torch.nn.functional.embedding(inputs, self.embedding.weight)
        if strengths.embedding_dropout > 0:
            # Only the rows that were looked up are scaled; the decoder's copy is not dropped.
            sequence = sequence * dropout_mask(strengths.embedding_dropout, self.embedding.num_embeddings, 1)[inputs]
        sequence = locked_dropout(sequence, strengths.input_dropout)
        state_after = []
        for layer, before in zip(self.layers, state):
            raw, after = self._run_weight_dropped(layer, sequence, before, strengths.weight_dropping, autocast)
            state_after.append(after)
            sequence = locked_dropout(raw, strengths.output_dropout if layer is self.layers[-1] else strengths.hidden_dropout)
        logits = torch.nn.functional.linear(sequence, self.decoder.weight, self.decoder.bias)
        cross_entropy = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        penalty = strengths.ar * sequence.float().pow(2).mean() + strengths.tar * (raw[1:] - raw[:-1]).float().pow(2).mean()
        return cross_entropy, penalty, state_after

    def _run_weight_dropped(self, layer, sequence, state, strength, autocast):
        """The layer by the function behind torch.nn.LSTM and torch.nn.GRU, with one mask a window on its hidden-to-hidden matrix."""
        dropped = torch.nn.functional.dropout(layer.weight_hh_l0, strength)
        weights = [layer.weight_ih_l0, dropped, layer.bias_ih_l0, layer.bias_hh_l0]
        if autocast:
            # Cast once a window, not once a time step.
            weights = [weight.bfloat16() for weight in weights]
            sequence, state = sequence.bfloat16(), tuple(part.bfloat16() for part in state)
        if self.cell == "lstm":
            output, *state = torch._VF.lstm(sequence, state, weights, True, 1, 0.0, True, False, False)
        else:
            output, *state = torch._VF.gru(sequence, state[0], weights, True, 1, 0.0, True, False, False)
        return output, tuple(state)


def dropout_mask(probability, *shape, like=None):
    """Values of 0 and 1/(1−p)."""
    mask = torch.empty(shape) if like is None else like.new_empty(shape)
    return mask.bernoulli_(1 - probability).div_(1 - probability)


def locked_dropout(sequence, probability):
    """One mask [1, B, ·] for all time steps of a sequence [T, B, ·]."""
    if probability == 0:
        return sequence
    return sequence * dropout_mask(probability, 1, *sequence.shape[1:], like=sequence)
