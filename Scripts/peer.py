#!/usr/bin/env python3
"""Measures the training tokens/s of PyTorch on the model that `ablate` trains; `Scripts/bench-peer` runs it.

Every window is a whole training step as the AWD-LSTM reference code makes it: embedding dropout by rows, locked
dropout, weight dropping with one mask a window, a tied decoder with a bias of its own, cross-entropy with AR and TAR,
backward, clipping by global norm, SGD with weight decay. The state is carried on and detached. The length of the
windows is fixed, so that they compare. Where PyTorch offers the same result in a faster way, that way is taken:
only the embedding rows that were looked up are scaled, SGD is the fused one, and under autocast the weights of a
layer are cast once a window, not once a time step. Tokens are random; nothing here depends on their values.

Prints one line of JSON: tokens/s of every window, their median, minimum and maximum, peak memory, versions.
"""

import argparse
import json
import math
import resource
import statistics
import sys
import time

import torch

GATES = {"lstm": 4, "gru": 3}
LEARNING_RATE = {"lstm": 30.0, "gru": 10.0}
EMBEDDING_DROPOUT, INPUT_DROPOUT, HIDDEN_DROPOUT, OUTPUT_DROPOUT, WEIGHT_DROPPING = 0.1, 0.4, 0.25, 0.4, 0.5
ALPHA, BETA = 2.0, 1.0
CLIPPING, WEIGHT_DECAY = 0.25, 1.2e-6


def layer_sizes(options):
    """(inputs, outputs) of every layer: the first reads E, the last writes E."""
    inner = [options.hidden_size] * (options.layers - 1)
    return list(zip([options.embedding_size, *inner], [*inner, options.embedding_size]))


def make_parameters(options):
    """The weights: embedding uniform in ±0.1, decoder bias 0, layers uniform in ±1/√outputs."""

    def uniform(bound, *shape):
        return torch.empty(shape).uniform_(-bound, bound).requires_grad_()

    layers = []
    for inputs, outputs in layer_sizes(options):
        rows, bound = GATES[options.cell] * outputs, 1 / math.sqrt(outputs)
        layers.append([uniform(bound, rows, width) for width in (inputs, outputs)] + [uniform(bound, rows) for _ in range(2)])
    embedding = uniform(0.1, options.vocabulary, options.embedding_size)
    return embedding, layers, torch.zeros(options.vocabulary, requires_grad=True)


def zero_state(options):
    """Of every layer (h,) or (h, c), each [1, B, outputs]."""
    parts = 2 if options.cell == "lstm" else 1
    return [tuple(torch.zeros(1, options.batch_size, size) for _ in range(parts)) for _, size in layer_sizes(options)]


def locked_dropout(sequence, probability):
    """One mask [1, B, ·] for all time steps of a sequence [T, B, ·]."""
    mask = sequence.new_empty(1, *sequence.shape[1:]).bernoulli_(1 - probability).div_(1 - probability)
    return sequence * mask


def run_layer(options, sequence, state, weights):
    """One weight-dropped layer of PyTorch, by the functions behind torch.nn.LSTM and torch.nn.GRU."""
    weight_ih, weight_hh, bias_ih, bias_hh = weights
    weights = [weight_ih, torch.nn.functional.dropout(weight_hh, WEIGHT_DROPPING), bias_ih, bias_hh]
    if options.autocast:
        weights = [weight.bfloat16() for weight in weights]
        sequence, state = sequence.bfloat16(), tuple(part.bfloat16() for part in state)
    if options.cell == "lstm":
        output, *state = torch._VF.lstm(sequence, state, weights, True, 1, 0.0, True, False, False)
    else:
        output, *state = torch._VF.gru(sequence, state[0], weights, True, 1, 0.0, True, False, False)
    return output, tuple(state)


def training_loss(options, parameters, inputs, targets, state):
    """The loss of a window and the state after it."""
    embedding, layers, decoder_bias = parameters
    rows = torch.empty(options.vocabulary, 1).bernoulli_(1 - EMBEDDING_DROPOUT).div_(1 - EMBEDDING_DROPOUT)
    sequence = torch.nn.functional.embedding(inputs, embedding) * rows[inputs]
    sequence = locked_dropout(sequence, INPUT_DROPOUT)
    state_after = []
    for index, weights in enumerate(layers):
        raw, after = run_layer(options, sequence, state[index], weights)
        state_after.append(after)
        sequence = locked_dropout(raw, OUTPUT_DROPOUT if index == len(layers) - 1 else HIDDEN_DROPOUT)
    logits = torch.nn.functional.linear(sequence, embedding, decoder_bias)
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss = loss + ALPHA * sequence.float().pow(2).mean() + BETA * (raw[1:] - raw[:-1]).float().pow(2).mean()
    return loss, state_after


def measure(options):
    """Tokens/s of each window after the warm-up, the number of parameters and the last loss."""
    torch.manual_seed(1)
    parameters = make_parameters(options)
    embedding, layers, decoder_bias = parameters
    flat = [embedding, *(weight for weights in layers for weight in weights), decoder_bias]
    optimizer = torch.optim.SGD(flat, lr=LEARNING_RATE[options.cell], weight_decay=WEIGHT_DECAY, fused=True)
    state = zero_state(options)
    length, speeds = options.window_length, []
    for window in range(options.warm_up + options.windows):
        tokens = torch.randint(options.vocabulary, (length + 1, options.batch_size))
        start = time.perf_counter()
        state = [tuple(part.detach() for part in layer) for layer in state]
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.autocast):
            loss, state = training_loss(options, parameters, tokens[:-1], tokens[1:], state)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(flat, CLIPPING)
        optimizer.step()
        seconds = time.perf_counter() - start
        if window >= options.warm_up:
            speeds.append(length * options.batch_size / seconds)
    return speeds, sum(weight.numel() for weight in flat), loss.item()


def count(minimum):
    """An argument that is a whole number of at least `minimum`."""

    def parse(text):
        value = int(text)
        if value < minimum:
            raise argparse.ArgumentTypeError(f"{value} is below {minimum}")
        return value

    parse.__name__ = "whole number"
    return parse


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", choices=list(GATES), required=True)
    parser.add_argument("--embedding-size", type=count(1), default=400, help="E (default %(default)s)")
    parser.add_argument("--hidden-size", type=count(1), default=1150, help="H (default %(default)s)")
    parser.add_argument("--layers", type=count(1), default=3, help="L (default %(default)s)")
    parser.add_argument("--batch-size", type=count(1), default=20, help="B (default %(default)s)")
    parser.add_argument("--window-length", type=count(2), default=70, help="T (default %(default)s); TAR needs 2")
    parser.add_argument("--vocabulary", type=count(2), default=10_000, help="V (default %(default)s)")
    parser.add_argument("--threads", type=count(1), default=1)
    parser.add_argument("--autocast", action="store_true", help="bfloat16 autocast instead of float32 throughout")
    parser.add_argument("--windows", type=count(1), default=5, help="timed windows (default %(default)s)")
    parser.add_argument("--warm-up", type=count(0), default=1, help="windows before them (default %(default)s)")
    return parser.parse_args()


def main():
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    speeds, parameters, loss = measure(options)
    if not math.isfinite(loss):
        sys.exit(f"peer.py: the loss became {loss}; its speed would not be that of training")
    result = {
        **vars(options),
        "tokens_per_s_of_windows": [round(speed, 1) for speed in speeds],
        "tokens_per_s": round(statistics.median(speeds), 1),
        "tokens_per_s_min": round(min(speeds), 1),
        "tokens_per_s_max": round(max(speeds), 1),
        "parameters": parameters,
        "loss": round(loss, 3),
        # Linux counts in KiB.
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
        "torch": torch.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
