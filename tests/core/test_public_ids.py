"""Case numbers: each once, in no visible order, at the same cost from first to last."""

import secrets
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmatdyt.core.public_ids import CAPACITY, FIRST, LAST, OutOfNumbers, permute, permute_many, unpermute

KEY = b"a fixed key for the tests of ids"
SEQUENCES = st.integers(min_value=1, max_value=CAPACITY)


def test_the_whole_range_is_used_exactly_once() -> None:
    seen = bytearray(CAPACITY)
    for public_id in permute_many(1, CAPACITY, KEY):
        seen[public_id - FIRST] += 1
    assert seen == b"\x01" * CAPACITY


@given(SEQUENCES, st.binary(min_size=16, max_size=64))
def test_the_inverse_finds_the_sequence_under_any_key(sequence: int, key: bytes) -> None:
    # Few distinct keys per run would hide nothing: the tables of each are made anew.
    public_id = permute(sequence, key)
    assert FIRST <= public_id <= LAST
    assert unpermute(public_id, key) == sequence


def test_neighbours_show_no_order() -> None:
    ids = list(permute_many(1, 20_000, KEY))
    rising = sum(one < other for one, other in pairwise(ids))
    assert 0.48 < rising / len(ids) < 0.52
    # Under a random permutation a 1 000 th of neighbours lies within 450 of each other.
    close = sum(abs(one - other) < 450 for one, other in pairwise(ids))
    assert close < 60
    mean = sum(ids[:1000]) / 1000
    assert abs(mean - (FIRST + LAST) / 2) < 35_000


def test_keys_give_unrelated_numbers() -> None:
    ids = list(permute_many(1, 5_000, KEY))
    others = list(permute_many(1, 5_000, secrets.token_bytes(32)))
    assert sum(one == other for one, other in zip(ids, others, strict=True)) < 5


@pytest.mark.parametrize("sequence", [0, -1, CAPACITY + 1])
def test_a_used_up_range_is_an_error(sequence: int) -> None:
    with pytest.raises(OutOfNumbers):
        permute(sequence, KEY)


@pytest.mark.parametrize("public_id", [FIRST - 1, LAST + 1])
def test_numbers_outside_the_range_have_no_sequence(public_id: int) -> None:
    with pytest.raises(OutOfNumbers):
        unpermute(public_id, KEY)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        permute(1, b"short")
