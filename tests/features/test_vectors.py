"""Texts are embedded in the same batches wherever that is done."""

import numpy as np
import pytest

from features import vectors


@pytest.fixture
def encoder(monkeypatch):
    """A quick encoder: a text's length and first letter."""
    monkeypatch.setattr(
        vectors, "encoded", lambda texts: np.array([[len(text), ord(text[0])] for text in texts])
    )
    monkeypatch.setattr(vectors, "BATCH", 3)


def test_each_text_is_embedded_once_in_batches_of_like_length(encoder):
    seen = []

    def mapping(function, batches):
        seen.extend(batches)
        return map(function, batches)

    memory = vectors.Memory()
    with vectors.mapped(mapping):
        found = memory.embed(["ccc", "a", "bb", "a", "dddd"])
        assert memory.embed(["a"]).tolist() == [[1, ord("a")]]
    assert seen == [["a", "bb", "ccc"], ["dddd"]]
    assert found[:, 0].tolist() == [3, 1, 2, 1, 4]


def test_who_embeds_does_not_change_what_comes_out(encoder):
    texts = [f"{number} mots" for number in range(20)]
    here = vectors.Memory().embed(texts)
    with vectors.mapped(
        lambda function, batches: [function(one) for one in reversed(batches)][::-1]
    ):
        there = vectors.Memory().embed(texts)
    assert (here == there).all()
    with pytest.raises(ValueError, match="zip"), vectors.mapped(lambda *_: []):
        vectors.Memory().embed(texts)
