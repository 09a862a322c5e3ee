"""A model in the file format of `ablate`: see Scripts/README.md."""

import hashlib
import json

import safetensors
import safetensors.torch

from failure import DATA, INPUT_OUTPUT, fail
from .model import LanguageModel

# Format 2, which ablate writes, has a checksum of the header too.
FORMAT = "1"
READABLE = ("1", "2")
CHECKSUM = "payload-sha256"
# The names of a configuration's keys in the metadata `model`.
MODEL_KEYS = {
    "cell": "cell", "embeddingSize": "embedding-size", "hiddenSize": "hidden-size", "layers": "layers",
    "recurrentInitialisation": "recurrent-initialisation",
}
REGULARIZATION_KEYS = {
    "weightDropping": "weight-dropping", "variableLengthBPTT": "variable-length-bptt",
    "variationalDropoutInput": "variational-dropout-input", "variationalDropoutHidden": "variational-dropout-hidden",
    "variationalDropoutOutput": "variational-dropout-output", "embeddingDropout": "embedding-dropout",
    "weightTying": "weight-tying", "independentSizes": "independent-sizes", "ar": "ar", "tar": "tar",
}


def read(path):
    """The model of a checkpoint and its metadata, once the checksum is seen to be right."""
    try:
        with safetensors.safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        content = path.read_bytes()
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror or error}", INPUT_OUTPUT)
    except safetensors.SafetensorError as error:
        fail(f"{path}: is not a safetensors file: {error}", DATA)
    if metadata.get(CHECKSUM) != payload_digest(content):
        fail(f"{path}: does not match its checksum", DATA)
    if metadata.get("format") not in READABLE:
        fail(f"{path}: its format is {metadata.get('format')}, not {' or '.join(READABLE)}", DATA)
    try:
        description = json.loads(metadata["model"])
        regularization = description["regularization"]
        embedding_size = description["embeddingSize" if regularization["independentSizes"] else "hiddenSize"]
        model = LanguageModel(
            description["cell"], embedding_size, description["hiddenSize"], description["layers"],
            int(metadata["vocabulary-size"]), regularization["weightTying"], description.get("zoneout", 0.0))
        model.load_state_dict({module_name(name): tensor for name, tensor in tied(tensors).items()})
    except (ValueError, KeyError, TypeError) as error:
        fail(f"{path}: has no metadata that describes a model: {error!r}", DATA)
    except RuntimeError as error:
        fail(f"{path}: holds other tensors than its metadata describes: {error}", DATA)
    return model, metadata


def write(path, model, configuration, vocabulary_digest, epoch):
    """Writes the model to a temporary file that is then renamed."""
    regularization = {name: configuration[key] for name, key in REGULARIZATION_KEYS.items()}
    description = {name: configuration[key] for name, key in MODEL_KEYS.items()} | {"regularization": regularization}
    if configuration["zoneout"]:
        description["zoneout"] = configuration["zoneout"]
    if configuration["precision"] != "float32":
        description["precision"] = configuration["precision"]
    metadata = {
        "format": FORMAT,
        "model": json.dumps(description, sort_keys=True),
        "vocabulary-size": str(model.embedding.num_embeddings),
        "vocabulary-digest": vocabulary_digest,
        "epoch": str(epoch),
    }
    # named_parameters names a tied matrix once, as the embedding.
    tensors = {file_name(name): weight.detach().contiguous() for name, weight in model.named_parameters()}
    metadata[CHECKSUM] = payload_digest(safetensors.torch.save(tensors, metadata))
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(safetensors.torch.save(tensors, metadata))
        temporary.rename(path)
    except OSError as error:
        fail(f"{path}: cannot be written: {error.strerror}", INPUT_OUTPUT)


def payload_digest(content):
    """SHA-256 of what stands after the header: 8 bytes of its length, little-endian, then the header itself."""
    return hashlib.sha256(memoryview(content)[8 + int.from_bytes(content[:8], "little"):]).hexdigest()


def tied(tensors):
    """With the embedding as the decoder's matrix, where the file has none for it."""
    return tensors if "decoder.weight" in tensors else tensors | {"decoder.weight": tensors["embedding.weight"]}


def module_name(name):
    """torch.nn.LSTM and torch.nn.GRU count their layers; each here has one. A quasi-recurrent layer is a `linear`."""
    return name + "_l0" if name.startswith("layers.") and ".linear." not in name else name


def file_name(name):
    return name.removesuffix("_l0")
