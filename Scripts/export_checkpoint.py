#!/usr/bin/env python3
"""Makes a run's folder for `ablate eval` from a model in PyTorch, and prints its perplexities.

The model has random weights, or those of a `state_dict` of the module LanguageModel in Scripts/pytorch/model.py. The
configuration is a run's configuration.yaml or what `ablate info --json` printed. The folder gets configuration.yaml
and best.safetensors:

    ablate info --json --dataset DATASET --cell gru > model.json
    Scripts/export_checkpoint.py model.json --out FOLDER
    ablate eval FOLDER
"""

import pathlib

from environment import use_pytorch

use_pytorch()

import torch

from pytorch import checkpoint, configuration, corpus
from pytorch.evaluation import perplexity
from failure import DATA, INPUT_OUTPUT, ArgumentParser, fail
from pytorch.model import LanguageModel


def load_weights(model, file):
    try:
        weights = torch.load(file, weights_only=True)
    except OSError as error:
        fail(f"{file}: cannot be read: {error.strerror}", INPUT_OUTPUT)
    except Exception:  # torch.load raises whatever its unpickler does
        fail(f"{file}: is not a file of torch.save with nothing but tensors in it", DATA)
    try:
        model.load_state_dict(weights)
    except (RuntimeError, TypeError) as error:
        fail(f"{file}: is not a state_dict of this model: {error}", DATA)


def main():
    parser = ArgumentParser(__doc__)
    parser.add_argument("configuration", type=pathlib.Path, help="configuration.yaml, or what `ablate info --json` printed")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the folder to write")
    parser.add_argument("--state-dict", type=pathlib.Path, help="weights saved with torch.save (default: random ones)")
    parser.add_argument("--seed", type=int, default=1, help="of random weights (default %(default)s)")
    parser.add_argument(
        "--bound", type=float, default=0.5,
        help="random weights are uniform in ±BOUND: wide enough for every gate to matter (default %(default)s)")
    parser.add_argument("--data-dir", help="folder that holds ptb/ and wikitext-2/ (default $ABLATE_DATA, else ./data)")
    options = parser.parse_args()
    settings = configuration.read(options.configuration)
    text = corpus.load(settings["dataset"], options.data_dir, settings["training-tokens"])
    torch.manual_seed(options.seed)
    model = LanguageModel.of(settings, len(text.vocabulary))
    if options.state_dict:
        load_weights(model, options.state_dict)
    else:
        for weight in model.parameters():
            torch.nn.init.uniform_(weight, -options.bound, options.bound)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "configuration.yaml").write_text(settings.yaml, encoding="utf-8")
    except OSError as error:
        fail(f"{error.filename}: cannot be written: {error.strerror}", INPUT_OUTPUT)
    checkpoint.write(options.out / "best.safetensors", model, settings, text.vocabulary_digest, epoch=0)
    for split in ("validation", "test"):
        print(f"{split:<10}  {perplexity(model, text, settings, split)!r}")


if __name__ == "__main__":
    main()
