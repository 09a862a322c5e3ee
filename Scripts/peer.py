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

from pytorch.model import LAYERS, LanguageModel, Strengths

LEARNING_RATE = {"lstm": 30.0, "gru": 10.0}
STRENGTHS = Strengths(
    embedding_dropout=0.1, input_dropout=0.4, hidden_dropout=0.25, output_dropout=0.4, weight_dropping=0.5, ar=2.0, tar=1.0)
CLIPPING, WEIGHT_DECAY = 0.25, 1.2e-6


def measure(options):
    """Tokens/s of each window after the warm-up, the number of parameters and the last loss."""
    torch.manual_seed(1)
    model = LanguageModel(
        options.cell, options.embedding_size, options.hidden_size, options.layers, options.vocabulary, weight_tying=True)
    flat = list(model.parameters())
    optimizer = torch.optim.SGD(flat, lr=LEARNING_RATE[options.cell], weight_decay=WEIGHT_DECAY, fused=True)
    state = model.zero_state(options.batch_size)
    length, speeds = options.window_length, []
    for window in range(options.warm_up + options.windows):
        tokens = torch.randint(options.vocabulary, (length + 1, options.batch_size))
        start = time.perf_counter()
        state = [tuple(part.detach() for part in layer) for layer in state]
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.autocast):
            cross_entropy, penalty, state = model.training_loss(tokens[:-1], tokens[1:], state, STRENGTHS, options.autocast)
            loss = cross_entropy + penalty
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
    parser.add_argument("--cell", choices=list(LAYERS), required=True)
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
