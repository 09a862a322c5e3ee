#!/usr/bin/env python3
"""Trains the full model of a run of `ablate` in PyTorch: an independent check of the whole training.

All sizes, strengths and the schedule come from the run's configuration.yaml (or from what `ablate info --json` printed),
which must have the logging interval 0: this trainer judges the weights after each epoch.
Only the random numbers differ: they are PyTorch's. Prints a line an epoch. The output folder becomes one
that `ablate eval` reads: configuration.yaml, epochs.csv, best.safetensors, and result.csv, which comes last.
"""

import csv
import dataclasses
import pathlib

from environment import use_pytorch

use_pytorch()

import torch

from pytorch import checkpoint, configuration, corpus
from failure import DATA, INPUT_OUTPUT, ArgumentParser, fail
from pytorch.model import LanguageModel
from pytorch.training import Trainer


def text(value):
    """Of a field: floating-point numbers with four decimals; empty for None."""
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)


def write_table(path, rows):
    """Writes dictionaries as CSV, to a temporary file that is then renamed."""
    temporary = path.with_name(path.name + ".part")
    with open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({name: text(value) for name, value in row.items()} for row in rows)
    temporary.rename(path)


def initial_model(options, settings, text):
    if not options.weights:
        return LanguageModel.of(settings, len(text.vocabulary))
    model, metadata = checkpoint.read(options.weights)
    if metadata["vocabulary-digest"] != text.vocabulary_digest:
        fail(f"{options.weights}: has another vocabulary than {settings['dataset']}", DATA)
    return model


def train(options, settings):
    """The result as a line of result.csv."""
    data = corpus.load(settings["dataset"], options.data_dir, settings["training-tokens"])
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(settings["seed"])
    model = initial_model(options, settings, data)
    epochs = []

    def on_epoch(epoch):
        epochs.append(epoch)
        print(
            f"{settings['cell']} seed {settings['seed']}, epoch {epoch['epoch']} ({epoch['stage']}, {epoch['optimizer']}): "
            f"train {epoch['train_ppl']:.2f}, validation {epoch['valid_averaged_ppl'] or epoch['valid_raw_ppl']:.2f}, "
            f"{epoch['tokens_per_s']:.0f} tokens/s", flush=True)
        write_table(options.out / "epochs.csv", epochs)

    def on_best(epoch):
        checkpoint.write(options.out / "best.safetensors", model, settings, data.vocabulary_digest, epoch)

    outcome = Trainer(model, settings, data).train(on_epoch, on_best)
    return {"cell": settings["cell"], "seed": settings["seed"], **dataclasses.asdict(outcome)}


def main():
    parser = ArgumentParser(__doc__)
    parser.add_argument("configuration", type=pathlib.Path, help="configuration.yaml, or what `ablate info --json` printed")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the folder to write")
    parser.add_argument("--weights", type=pathlib.Path, help="a checkpoint to start from, in place of random weights")
    parser.add_argument("--data-dir", help="folder that holds ptb/ and wikitext-2/ (default $ABLATE_DATA, else ./data)")
    options = parser.parse_args()
    settings = configuration.read(options.configuration)
    if settings["logging-interval"] != 0:
        fail(f"{options.configuration}: logging-interval: {settings['logging-interval']}; it must be 0, as this trainer judges after each epoch", DATA)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "configuration.yaml").write_text(settings.yaml, encoding="utf-8")
        result = train(options, settings)
        write_table(options.out / "result.csv", [result])
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", INPUT_OUTPUT)
    print(", ".join(f"{name} {text(value)}" for name, value in result.items() if value is not None))


if __name__ == "__main__":
    main()
