#!/usr/bin/env python3
"""Measures the best checkpoint of a run of `ablate` in PyTorch.

Loads best.safetensors into torch.nn.Embedding, torch.nn.LSTM, torch.nn.GRU or quasi-recurrent layers and a linear decoder, after checking its
checksum and that its vocabulary is the text's, and prints the perplexity as `ablate eval` does. Needs PyTorch and
safetensors; everything else is done here anew, tokenising included.
"""

import pathlib

from environment import use_pytorch

use_pytorch()

import torch

from pytorch import checkpoint, configuration, corpus
from pytorch.evaluation import perplexity
from failure import DATA, INPUT_OUTPUT, ArgumentParser, fail

SPLITS = {"validation": ["validation"], "test": ["test"], "both": ["validation", "test"]}


def main():
    parser = ArgumentParser(__doc__)
    parser.add_argument("run", type=pathlib.Path, help="a run's folder, or the best.safetensors in it")
    parser.add_argument("--data-dir", help="folder that holds ptb/ and wikitext-2/ (default $ABLATE_DATA, else ./data)")
    parser.add_argument("--split", choices=list(SPLITS), default="both", help="the text to evaluate on (default %(default)s)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    file = options.run / "best.safetensors" if options.run.is_dir() else options.run
    if not file.is_file():
        fail(f"{options.run}: must be a run's folder with a best.safetensors, or that file", INPUT_OUTPUT)
    settings = configuration.read(file.parent / "configuration.yaml")
    model, metadata = checkpoint.read(file)
    text = corpus.load(settings["dataset"], options.data_dir, settings["training-tokens"])
    if metadata["vocabulary-digest"] != text.vocabulary_digest:
        fail(f"{file}: was trained with another vocabulary than that of {settings['dataset']} ({len(text.vocabulary)} words)", DATA)
    for split in SPLITS[options.split]:
        print(f"{split:<10}  {perplexity(model, text, settings, split)!r}")


if __name__ == "__main__":
    main()
