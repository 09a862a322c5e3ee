#!/usr/bin/env python3
"""Remakes the PyTorch reference values of Tests/LanguageModelTests/Fixtures.

Needed only when the fixtures change (any build of PyTorch 2.13.0 will do):

    python3 -m venv /tmp/fixtures
    /tmp/fixtures/bin/pip install numpy torch==2.13.0
    /tmp/fixtures/bin/python Scripts/make_fixtures.py --out Tests/LanguageModelTests/Fixtures

One JSON file a (cell, tied or untied) pair. Each holds a whole two-layer model in double precision and, with every
dropout mask given: the outputs, loss and gradients of one window that starts from a given state, and the losses,
gradient norms and final parameters of ten plain SGD steps from a zero state that is carried from window to window.
Arrays are flat and row-major; a sequence's row is t * B + b. Masks are 1 for kept and 0 for dropped; a kept entry
is scaled by 1 / (1 - p), but for zoneout. The recurrent layers are PyTorch's own, reached by the functions behind
torch.nn.LSTM and torch.nn.GRU so that the weight-dropped hidden-to-hidden matrix can be passed in. PyTorch has no
quasi-recurrent layer: it is written here by its equations, as the authors' code (salesforce/pytorch-qrnn) has them, and
checked against a torch.nn.GRU without hidden-to-hidden weights.
"""

import json
import pathlib

from environment import use_pytorch
from failure import ArgumentParser

use_pytorch()

import torch

VOCABULARY, EMBEDDING, HIDDEN, LAYERS, BATCH = 11, 5, 7, 2, 3
GATES = {"lstm": 4, "gru": 3, "qrnn": 3}
PROBABILITIES = {"embedding": 0.2, "input": 0.4, "hidden": 0.25, "output": 0.4, "weights": 0.5}
ZONEOUT = 0.3
ALPHA, BETA = 2.0, 1.0
LEARNING_RATE, CLIPPING, WEIGHT_DECAY = {"lstm": 4.0, "gru": 2.0, "qrnn": 4.0}, 0.25, 0.01
WINDOW_LENGTHS = [4, 6, 5, 2, 7, 4, 3, 6, 5, 4]


def sizes(layer):
    """(inputs, outputs) of a layer: the first reads E, the last writes E."""
    return (EMBEDDING if layer == 0 else HIDDEN, EMBEDDING if layer == LAYERS - 1 else HIDDEN)


def read_sizes(cell, layer):
    """How much a step of a layer reads of its input: the first quasi-recurrent layer reads the input of the step before, too."""
    return sizes(layer)[0] * (2 if cell == "qrnn" and layer == 0 else 1)


def make_parameters(cell, tied, generator):
    """Uniform values, rounded to four decimals to keep the files small."""
    shapes = {"embedding.weight": (VOCABULARY, EMBEDDING)}
    for layer in range(LAYERS):
        inputs, outputs = sizes(layer)
        rows = GATES[cell] * outputs
        if cell == "qrnn":
            shapes[f"layers.{layer}.linear.weight"] = (rows, read_sizes(cell, layer))
            shapes[f"layers.{layer}.linear.bias"] = (rows,)
            continue
        shapes[f"layers.{layer}.weight_ih"] = (rows, inputs)
        shapes[f"layers.{layer}.weight_hh"] = (rows, outputs)
        shapes[f"layers.{layer}.bias_ih"] = (rows,)
        shapes[f"layers.{layer}.bias_hh"] = (rows,)
    if not tied:
        shapes["decoder.weight"] = (VOCABULARY, EMBEDDING)
    shapes["decoder.bias"] = (VOCABULARY,)
    return {name: uniform(shape, 0.7, generator) for name, shape in shapes.items()}


def uniform(shape, scale, generator):
    return ((torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1) * scale).round(decimals=4)


def make_window(cell, length, generator):
    """Tokens and 0/1 masks of one window."""

    def kept(shape, probability):
        return (torch.rand(shape, generator=generator) >= probability).int()

    tokens = torch.randint(VOCABULARY, (length + 1, BATCH), generator=generator)
    outputs = [sizes(layer)[1] for layer in range(LAYERS)]
    window = {
        "inputs": tokens[:-1],
        "targets": tokens[1:],
        "masks": {
            "embedding": kept((VOCABULARY,), PROBABILITIES["embedding"]),
            "input": kept((BATCH, EMBEDDING), PROBABILITIES["input"]),
            "hidden": [kept((BATCH, size), PROBABILITIES["hidden"]) for size in outputs[:-1]],
            "output": kept((BATCH, EMBEDDING), PROBABILITIES["output"]),
            "weights": [
                kept((GATES[cell] * size, read_sizes(cell, layer) if cell == "qrnn" else size), PROBABILITIES["weights"])
                for layer, size in enumerate(outputs)
            ],
        },
    }
    if cell == "qrnn":
        window["masks"]["zoneout"] = [kept((length, BATCH, size), ZONEOUT) for size in outputs]
    return window


def run_layer(cell, sequence, state, weights):
    """One recurrent layer of PyTorch over [T, B, inputs]; the state is (h,) or (h, c), each [B, outputs]."""
    state = tuple(part.unsqueeze(0) for part in state)
    if cell == "lstm":
        output, hidden, memory = torch._VF.lstm(sequence, state, weights, True, 1, 0.0, True, False, False)
        return output, (hidden[0], memory[0])
    output, hidden = torch._VF.gru(sequence, state[0], weights, True, 1, 0.0, True, False, False)
    return output, (hidden[0],)


def run_quasi_recurrent_layer(sequence, state, weight, bias, zoneout):
    """z = tanh(W x), f, o = sigmoid(W x); c = m f z + (1 - m f) c; h = o c. The state is (h, c), or (h, c, x) with a window of two."""
    _, memory, *before = state
    source = sequence
    if before:
        source = torch.cat([sequence, torch.cat([before[0].unsqueeze(0), sequence[:-1]])], dim=2)
    candidate, forget, output = torch.nn.functional.linear(source, weight, bias).chunk(3, dim=2)
    update = forget.sigmoid() * zoneout
    memories = []
    for new, part in zip(candidate.tanh(), update):
        memory = part * new + (1 - part) * memory
        memories.append(memory)
    output = output.sigmoid() * torch.stack(memories)
    return output, (output[-1], memory, *([sequence[-1]] if before else []))


def run_model(cell, tied, parameters, window, state):
    """The training loss of a window as the AWD-LSTM reference code computes it."""
    masks = window["masks"]

    def drop(value, mask, name):
        return value * (mask.double() / (1 - PROBABILITIES[name]))

    table = drop(parameters["embedding.weight"], masks["embedding"].unsqueeze(1), "embedding")
    sequence = drop(torch.nn.functional.embedding(window["inputs"], table), masks["input"], "input")
    state_after = []
    for layer in range(LAYERS):
        prefix = f"layers.{layer}."
        if cell == "qrnn":
            weight = drop(parameters[prefix + "linear.weight"], masks["weights"][layer], "weights")
            raw, after = run_quasi_recurrent_layer(
                sequence, state[layer], weight, parameters[prefix + "linear.bias"], masks["zoneout"][layer].double())
            state_after.append(after)
            sequence = drop_output(raw, masks, layer, drop)
            continue
        weights = [
            parameters[prefix + "weight_ih"],
            drop(parameters[prefix + "weight_hh"], masks["weights"][layer], "weights"),
            parameters[prefix + "bias_ih"],
            parameters[prefix + "bias_hh"],
        ]
        raw, after = run_layer(cell, sequence, state[layer], weights)
        state_after.append(after)
        sequence = drop_output(raw, masks, layer, drop)
    weight = parameters["embedding.weight" if tied else "decoder.weight"]
    logits = torch.nn.functional.linear(sequence, weight, parameters["decoder.bias"])
    cross_entropy = torch.nn.functional.cross_entropy(logits.flatten(0, 1), window["targets"].flatten())
    loss = cross_entropy + ALPHA * sequence.pow(2).mean() + BETA * (raw[1:] - raw[:-1]).pow(2).mean()
    return {"logits": logits, "lastOutput": raw, "crossEntropy": cross_entropy, "loss": loss}, state_after


def drop_output(raw, masks, layer, drop):
    """Locked dropout after a layer."""
    is_last = layer == LAYERS - 1
    return drop(raw, masks["output"] if is_last else masks["hidden"][layer], "output" if is_last else "hidden")


def check_quasi_recurrent_layer(generator):
    """Without hidden-to-hidden weights a torch.nn.GRU is the pooling of the quasi-recurrent layer: its update gate is 1 - f."""
    length = 4
    module = torch.nn.GRU(2 * EMBEDDING, HIDDEN, dtype=torch.float64)
    sequence = uniform((length, BATCH, EMBEDDING), 1.0, generator)
    state = (uniform((BATCH, HIDDEN), 1.0, generator), uniform((BATCH, HIDDEN), 1.0, generator), uniform((BATCH, EMBEDDING), 1.0, generator))
    weight, bias = uniform((3 * HIDDEN, 2 * EMBEDDING), 0.7, generator), uniform((3 * HIDDEN,), 0.7, generator)
    with torch.no_grad():
        for hidden in (module.weight_hh_l0, module.bias_hh_l0):
            hidden.zero_()
        for ours, theirs in ((weight, module.weight_ih_l0), (bias, module.bias_ih_l0)):
            candidate, forget, _ = ours.chunk(3)
            theirs.copy_(torch.cat([torch.zeros_like(forget), -forget, candidate]))
    source = torch.cat([sequence, torch.cat([state[2].unsqueeze(0), sequence[:-1]])], dim=2)
    memories, last = module(source, state[1].unsqueeze(0))
    expected = torch.nn.functional.linear(source, weight[2 * HIDDEN:], bias[2 * HIDDEN:]).sigmoid() * memories
    output, after = run_quasi_recurrent_layer(sequence, state, weight, bias, torch.ones(length, BATCH, HIDDEN, dtype=torch.float64))
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-14)
    torch.testing.assert_close(after[1], last[0], rtol=0, atol=1e-14)


def check_layer(cell, generator):
    """The functions used here are what the modules torch.nn.LSTM and torch.nn.GRU compute."""
    if cell == "qrnn":
        check_quasi_recurrent_layer(generator)
        return
    module = (torch.nn.LSTM if cell == "lstm" else torch.nn.GRU)(EMBEDDING, HIDDEN, dtype=torch.float64)
    sequence = uniform((4, BATCH, EMBEDDING), 1.0, generator)
    state = tuple(uniform((BATCH, HIDDEN), 1.0, generator) for _ in range(2 if cell == "lstm" else 1))
    given = tuple(part.unsqueeze(0) for part in state)
    expected, _ = module(sequence, given if cell == "lstm" else given[0])
    weights = [module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0, module.bias_hh_l0]
    torch.testing.assert_close(run_layer(cell, sequence, state, weights)[0], expected, rtol=0, atol=1e-14)


def zero_state(cell):
    def parts(layer):
        inputs, outputs = sizes(layer)
        return [outputs] * (1 if cell == "gru" else 2) + [inputs] * (1 if cell == "qrnn" and layer == 0 else 0)

    return [tuple(torch.zeros(BATCH, size, dtype=torch.float64) for size in parts(layer)) for layer in range(LAYERS)]


def one_window(cell, tied, start, generator):
    parameters = {name: value.clone().requires_grad_() for name, value in start.items()}
    window = make_window(cell, 5, generator)
    state = [tuple(uniform(part.shape, 0.8, generator) for part in layer) for layer in zero_state(cell)]
    outputs, state_after = run_model(cell, tied, parameters, window, state)
    outputs["loss"].backward()
    return {
        "state": state,
        "window": window,
        **outputs,
        "stateAfter": state_after,
        "gradients": {name: value.grad for name, value in parameters.items()},
    }


def ten_steps(cell, tied, start, generator):
    parameters = {name: value.clone().requires_grad_() for name, value in start.items()}
    optimizer = torch.optim.SGD(parameters.values(), lr=LEARNING_RATE[cell], weight_decay=WEIGHT_DECAY)
    state = zero_state(cell)
    windows, losses, norms = [], [], []
    for length in WINDOW_LENGTHS:
        window = make_window(cell, length, generator)
        state = [tuple(part.detach() for part in layer) for layer in state]
        optimizer.zero_grad()
        outputs, state = run_model(cell, tied, parameters, window, state)
        outputs["loss"].backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), CLIPPING))
        optimizer.step()
        windows.append(window)
        losses.append(outputs["loss"])
    return {
        "learningRate": LEARNING_RATE[cell],
        "clipping": CLIPPING,
        "weightDecay": WEIGHT_DECAY,
        "windows": windows,
        "losses": losses,
        "gradientNorms": norms,
        "parametersAfter": parameters,
    }


def plain(value):
    """Tensors as flat lists, all else as it is."""
    if isinstance(value, torch.Tensor):
        value = value.detach()
        return value.item() if value.dim() == 0 else value.flatten().tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def main():
    parser = ArgumentParser(__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write the JSON files to")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for seed, (cell, tied) in enumerate((cell, tied) for cell in GATES for tied in (True, False)):
        generator = torch.Generator().manual_seed(20180430 + seed)
        torch.manual_seed(seed)
        check_layer(cell, generator)
        start = make_parameters(cell, tied, generator)
        fixture = {
            "madeBy": f"Scripts/make_fixtures.py with PyTorch {torch.__version__}",
            "cell": cell,
            "tied": tied,
            "vocabularySize": VOCABULARY,
            "embeddingSize": EMBEDDING,
            "hiddenSize": HIDDEN,
            "layers": LAYERS,
            "batchSize": BATCH,
            "probabilities": PROBABILITIES | ({"zoneout": ZONEOUT} if cell == "qrnn" else {}),
            "alpha": ALPHA,
            "beta": BETA,
            "parameters": start,
            "oneWindow": one_window(cell, tied, start, generator),
            "training": ten_steps(cell, tied, start, generator),
        }
        path = out / f"{cell}-{'tied' if tied else 'untied'}.json"
        path.write_text(json.dumps(plain(fixture), separators=(",", ":")) + "\n")
        losses = " ".join(f"{loss:.4f}" for loss in plain(fixture["training"]["losses"]))
        norms = " ".join(f"{norm:.2f}" for norm in plain(fixture["training"]["gradientNorms"]))
        print(f"{path}: {path.stat().st_size} bytes; losses {losses}; gradient norms {norms}")


if __name__ == "__main__":
    main()
