#!/usr/bin/env python3
"""Measures the training tokens/s of one peer (Scripts/peers) on the model that `ablate` trains; `Scripts/bench-peer` runs it.

Every window is a whole training step. The length of the windows is fixed, so that they compare. First come the windows of
--agreement, with nothing left to chance, or else two of random words; then those that are timed, of random words.

Prints one line of JSON: tokens/s of every window, their median, minimum and maximum, the loss and the norm of the gradient
of the first windows, the seconds by which the very first was slower than those timed (compiling), peak memory, versions; or
`reason`, why the peer cannot do it.
"""

import argparse
import json
import math
import pathlib
import platform
import resource
import statistics
import time

import numpy
import safetensors.numpy

import peers
from peers.agreement import WEIGHTS, WINDOWS
from failure import ArgumentParser


def random_weights(options, random):
    """Uniform: the embedding in ±0.1, layers in ±1/√outputs; the decoder's bias is 0."""
    def uniform(bound, *shape):
        return random.uniform(-bound, bound, shape).astype(numpy.float32)

    inner = [options.hidden_size] * (options.layers - 1)
    weights = {
        "embedding.weight": uniform(0.1, options.vocabulary, options.embedding_size),
        "decoder.bias": numpy.zeros(options.vocabulary, numpy.float32),
    }
    for k, (inputs, outputs) in enumerate(zip([options.embedding_size, *inner], [*inner, options.embedding_size])):
        rows, bound = peers.GATES[options.cell] * outputs, outputs ** -0.5
        weights |= {f"layers.{k}.weight_ih": uniform(bound, rows, inputs), f"layers.{k}.weight_hh": uniform(bound, rows, outputs)}
        weights |= {f"layers.{k}.{name}": uniform(bound, rows) for name in ("bias_ih", "bias_hh")}
    return weights


def read_agreement(folder):
    """The weights to begin with and the windows."""
    windows = json.loads((folder / WINDOWS).read_text())
    return safetensors.numpy.load_file(folder / WEIGHTS), [tuple(numpy.array(part) for part in window) for window in windows]


def measure(options):
    random = numpy.random.default_rng(1)

    def random_window():
        tokens = random.integers(options.vocabulary, size=(options.window_length + 1, options.batch_size))
        return tokens[:-1], tokens[1:]

    if options.agreement:
        weights, first = read_agreement(options.agreement)
    else:
        weights, first = random_weights(options, random), [random_window(), random_window()]
    task = peers.Task(options.cell, options.precision, options.threads, options.batch_size, weights)
    peer = peers.make(options.peer, task)

    def timed(window, strengths):
        start = time.perf_counter()
        loss, norm = peer.step(*window, strengths)
        seconds = time.perf_counter() - start
        if not math.isfinite(loss):
            raise peers.Unavailable(f"the loss became {loss}; its speed would not be that of training")
        return seconds, loss, norm

    first = [timed(window, peers.Strengths.nothing_by_chance()) for window in first]
    seconds = [timed(random_window(), peers.Strengths())[0] for _ in range(options.windows)]
    speeds = [options.window_length * options.batch_size / value for value in seconds]
    return {
        "tokens_per_s_of_windows": [round(speed, 1) for speed in speeds],
        "tokens_per_s": round(statistics.median(speeds), 1),
        "tokens_per_s_min": round(min(speeds), 1),
        "tokens_per_s_max": round(max(speeds), 1),
        "compile_s": round(max(0.0, first[0][0] - statistics.median(seconds)), 1),
        "first_windows": [{"loss": loss, "gradient_norm": norm} for _, loss, norm in first],
        "parameters": sum(weight.size for weight in weights.values()),
        "versions": f"{peer.versions()}, Python {platform.python_version()}",
    }


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
    parser = ArgumentParser(__doc__)
    parser.add_argument("--peer", choices=list(peers.PEERS), default="pytorch", help="default %(default)s")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32", help="default %(default)s")
    parser.add_argument("--cell", choices=list(peers.GATES), required=True)
    parser.add_argument("--embedding-size", type=count(1), default=400, help="E (default %(default)s)")
    parser.add_argument("--hidden-size", type=count(1), default=1150, help="H (default %(default)s)")
    parser.add_argument("--layers", type=count(1), default=3, help="L (default %(default)s)")
    parser.add_argument("--batch-size", type=count(1), default=20, help="B (default %(default)s)")
    parser.add_argument("--window-length", type=count(2), default=70, help="T (default %(default)s); TAR needs 2")
    parser.add_argument("--vocabulary", type=count(2), default=10_000, help="V (default %(default)s)")
    parser.add_argument("--threads", type=count(1), default=1)
    parser.add_argument("--windows", type=count(1), default=5, help="timed windows (default %(default)s)")
    parser.add_argument("--agreement", type=pathlib.Path, metavar="FOLDER", help="weights and windows to begin with, of the same sizes")
    return parser.parse_args()


def main():
    options = parse_arguments()
    result = {**vars(options), "agreement": options.agreement and str(options.agreement)}
    try:
        result |= measure(options)
    except peers.Unavailable as reason:
        result["reason"] = str(reason)
    # Linux counts in KiB.
    result["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
