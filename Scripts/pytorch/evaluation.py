"""Perplexity as `ablate` measures it."""

import math

import torch

from failure import DATA, fail


def token_streams(tokens, batch_size, split, window_length=1):
    """[length, B]: stream b is the contiguous part b of the tokens."""
    length = len(tokens) // batch_size
    if length <= window_length:
        fail(f"{split} text: {len(tokens)} tokens are too few for a batch of {batch_size}", DATA)
    return torch.tensor(tokens[:length * batch_size]).view(batch_size, length).t().contiguous()


@torch.no_grad()
def mean_loss(model, tokens, batch_size, split, window_length=70):
    """Mean negative log-likelihood of a predicted token, the state carried from window to window."""
    streams = token_streams(tokens, batch_size, split)
    state, total = model.zero_state(batch_size), 0.0
    for position in range(0, len(streams) - 1, window_length):
        targets = streams[position + 1:position + 1 + window_length]
        logits, state = model(streams[position:position + len(targets)], state)
        total += torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum").item()
    return total / streams[1:].numel()


def perplexity(model, corpus, configuration, split):
    """Of `validation` or `test` text, whole."""
    return math.exp(mean_loss(model, getattr(corpus, split), configuration[f"{split}-batch-size"], split))
