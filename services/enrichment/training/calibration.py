"""Makes confidences mean what they say: fitted on rows that the model has not seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = np.ndarray[Any, Any]


def softmax(logs: Matrix) -> Matrix:
    """Rows of logarithms to rows of probabilities that add up to one."""
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def fit_temperature(logs: Matrix, truth: NDArray[np.intp]) -> float:
    """The temperature from 0.5 to 5 at which the right classes (`truth`: columns) are likeliest."""

    def surprise(temperature: float) -> float:
        right = softmax(logs / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(right + 1e-12).mean())

    temperatures: list[float] = np.arange(0.5, 5.0, 0.02).tolist()
    return min(temperatures, key=surprise)


def lowest_threshold(logs: Matrix, truth: NDArray[np.intp], trusted: float) -> tuple[float, float]:
    """From which confidence on the answers are right at a rate of `trusted`; and the share answered."""
    probabilities = softmax(logs)
    best = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    for threshold in np.arange(0.1, 1.0, 0.01).tolist():
        answered = best >= threshold
        if answered.any() and right[answered].mean() >= trusted:
            return threshold, float(answered.mean())
    raise ValueError(f"no threshold makes {trusted:.0%} of the answers right: the model is not good enough")
