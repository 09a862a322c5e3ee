"""The configuration of a run: kebab-case keys, as `ablate info` lists them."""

import json

from failure import DATA, INPUT_OUTPUT, fail


# What files that were written before a key was added mean.
EARLIER_VALUES = {"logging-interval": 0, "precision": "float32", "smallest-learning-rate": 0, "validate-raw": 1, "zoneout": 0}


class Configuration(dict):
    """The values by key; a key that is missing, and was not added later, ends the program."""

    def __init__(self, values, file):
        super().__init__({**values, **{key: value for key, value in EARLIER_VALUES.items() if key not in values}})
        self.file = file

    def __missing__(self, key):
        fail(f"{self.file}: the key '{key}' is missing", DATA)

    @property
    def yaml(self):
        """As `ablate` writes configuration.yaml into a run's folder."""
        return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in self.items())

    @property
    def embedding_size(self):
        """E as the model uses it: raised to H where the sizes are not independent."""
        return self["embedding-size"] if self["independent-sizes"] else self["hidden-size"]


def read(path):
    """Reads configuration.yaml of a run, or what `ablate info --json` printed.

    The YAML is that which `ablate` writes: lines of a key, a colon and a value as JSON has it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}", INPUT_OUTPUT)
    except UnicodeDecodeError:
        fail(f"{path}: is no text in UTF-8", DATA)
    if text.startswith("{"):
        try:
            return Configuration(json.loads(text)["configuration"], path)
        except (ValueError, KeyError, TypeError):
            fail(f"{path}: is not what `ablate info --json` prints", DATA)
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        key, _, value = line.partition(": ")
        try:
            values[key] = json.loads(value)
        except ValueError:
            fail(f"{path}:{number}: must be a key, a colon and a value, as `ablate` writes them", DATA)
    return Configuration(values, path)
