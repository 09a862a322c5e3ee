"""The text of a run as token ids, by the rules of the module `Corpus`."""

import hashlib
import itertools
import os
import pathlib

from failure import DATA, INPUT_OUTPUT, USAGE, fail

END_OF_SENTENCE, UNKNOWN = b"<eos>", b"<unk>"
FOLDERS = {"ptb": "ptb", "wt2": "wikitext-2", "kjv": "kjv"}
PATTERNS = ["ptb.{}.txt", "wiki.{}.tokens", "kjv.{}.txt", "{}.txt"]


class Corpus:
    """Vocabulary (words as bytes) and the token ids of three splits: `train`, `validation` and `test`."""

    def __init__(self, texts, training_tokens):
        """Numbers words by first appearance in training, validation and test text.

        With `training_tokens` above 0 the corpus is the first so many training tokens, their types and `<unk>`, which every
        other word reads as.
        """
        ids = {}
        splits = [[ids.setdefault(word, len(ids)) for word in words(text)] for text in texts]
        if 0 < training_tokens < len(splits[0]):
            splits[0] = splits[0][:training_tokens]
            # Ids follow first appearance, so the types of the prefix are the first ids.
            types = max(splits[0]) + 1
            ids = {word: number for word, number in ids.items() if number < types}
            unknown = ids.setdefault(UNKNOWN, types)
            splits = [[token if token < types else unknown for token in split] for split in splits]
        self.vocabulary = list(ids)
        self.train, self.validation, self.test = splits

    @property
    def vocabulary_digest(self):
        """SHA-256 of the words joined by line feeds."""
        return hashlib.sha256(b"\n".join(self.vocabulary)).hexdigest()


def words(text):
    """The words of a file's bytes, which ASCII white space separates, with an `<eos>` after every line."""
    lines = text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for line in lines:
        yield from line.split()
        yield END_OF_SENTENCE


def load(dataset, data_dir, training_tokens):
    """Reads `ptb`, `wt2` or `kjv` from the first of the data folders that has it (this one, $ABLATE_DATA, ./data), or any folder of three splits."""
    if dataset == "synthetic":
        fail("the synthetic corpus has no text outside `ablate`; give ptb, wt2, kjv or a folder", USAGE)
    folders = [pathlib.Path(dataset)]
    if dataset in FOLDERS:
        folders = [pathlib.Path(place) / FOLDERS[dataset] for place in (data_dir, os.environ.get("ABLATE_DATA"), "data") if place]
    for folder, pattern in itertools.product(folders, PATTERNS):
        files = [folder / pattern.format(split) for split in ("train", "valid", "test")]
        if all(file.exists() for file in files):
            try:
                return Corpus([file.read_bytes() for file in files], training_tokens)
            except OSError as error:
                fail(f"{error.filename}: cannot be read: {error.strerror}", INPUT_OUTPUT)
    fail(f"{' or '.join(map(str, folders))}: has no train, valid and test text; `make data` fetches ptb and wt2, `ablate data --dataset kjv` makes kjv, --data-dir names another place", DATA)
