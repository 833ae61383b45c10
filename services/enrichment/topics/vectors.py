"""WordLlama's static vectors, read from the files in its wheel.

Its own offline loader does not find its tokenizer, and importing the package configures logging for the
whole process; so the two files are read directly and the package is never imported.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


class Vectors:
    """Turns texts into vectors: the mean of the vectors of their tokens, scaled to length one."""

    def __init__(self, table: NDArray[np.float16], tokenizer: Tokenizer) -> None:
        self._table = table
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()

    @classmethod
    def bundled(cls) -> "Vectors":
        """The 32,000 × 256 table of the wheel. Raises ModuleNotFoundError where it is not installed."""
        found = find_spec("wordllama")
        if found is None or found.origin is None:
            raise ModuleNotFoundError("wordllama is not installed: pip install 'wiredesk[enrichment]'")
        folder = Path(found.origin).parent
        table = load_file(folder / _WEIGHTS)["embedding.weight"]
        return cls(table, Tokenizer.from_file(str(folder / _TOKENIZER)))

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row per text. A text without tokens is all zeros."""
        vectors = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        for row, tokens in enumerate(encoded):
            ids = np.asarray(tokens.ids, dtype=np.intp)
            if ids.size:
                mean = self._table[ids].mean(axis=0, dtype=np.float32)
                vectors[row] = mean / (np.linalg.norm(mean) or 1.0)
        return vectors
