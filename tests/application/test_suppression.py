"""Small numbers stay hidden, and nobody can work them out again."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.suppression import SMALLEST, Sum, hidden


def table(*rows: tuple[int, ...]) -> tuple[dict[str, int], list[Sum[str]]]:
    """A table with its row, column and grand totals."""
    cells = {f"r{r}c{c}": v for r, row in enumerate(rows) for c, v in enumerate(row)}
    wide, high = len(rows[0]), len(rows)
    for r, row in enumerate(rows):
        cells[f"r{r}"] = sum(row)
    for c in range(wide):
        cells[f"c{c}"] = sum(row[c] for row in rows)
    cells["all"] = sum(map(sum, rows))
    sums = [Sum(total=f"r{r}", parts=tuple(f"r{r}c{c}" for c in range(wide))) for r in range(high)]
    sums += [Sum(total=f"c{c}", parts=tuple(f"r{r}c{c}" for r in range(high))) for c in range(wide)]
    sums.append(Sum(total="all", parts=tuple(f"r{r}" for r in range(high))))
    sums.append(Sum(total="all", parts=tuple(f"c{c}" for c in range(wide))))
    return cells, sums


def test_large_numbers_and_zeros_are_shown() -> None:
    assert hidden(*table((10, 0, 7), (9, 6, 0))) == frozenset()


def test_a_small_number_takes_a_second_of_its_sum_with_it() -> None:
    values = {"all": 30, "a": 3, "b": 17, "c": 10}
    gone = hidden(values, [Sum(total="all", parts=("a", "b", "c"))])
    assert gone == {"a", "c"}


def test_two_small_ones_that_come_to_little_take_a_third() -> None:
    values = {"all": 22, "a": 1, "b": 1, "c": 20}
    assert hidden(values, [Sum(total="all", parts=("a", "b", "c"))]) == {"a", "b", "c"}


def test_a_small_number_beside_zeros_takes_the_total() -> None:
    values = {"all": 3, "a": 3, "b": 0}
    assert hidden(values, [Sum(total="all", parts=("a", "b"))]) == {"all", "a"}


def test_a_total_that_is_withheld_is_not_given_away_by_its_parts() -> None:
    values = {"all": 20, "a": 9, "b": 11}
    sums = [Sum(total="all", parts=("a", "b"))]
    assert hidden(values, sums, withheld=["all"]) == {"all", "a"}
    assert hidden({"all": 0, "a": 0}, [Sum(total="all", parts=("a",))], withheld=["all"]) == set()


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=3
    )
)
def test_no_hidden_small_number_has_one_possible_value_in_a_sum(
    rows: list[tuple[int, int, int]],
) -> None:
    """Whoever knows a whole sum but what is hidden in it still has a choice for each small one."""
    values, sums = table(*rows)
    gone = hidden(values, sums)
    assert {k for k, v in values.items() if 0 < v < SMALLEST} <= gone
    for one in sums:
        parts = [p for p in one.parts if p in gone]
        if one.total in gone or not parts:
            continue
        target = sum(values[p] for p in parts)
        ranges = [range(1, min(target, 30) + 1) for _ in parts[:-1]]
        choices = [c for c in product(*ranges) if target - sum(c) >= 1]
        assert len(choices) > 1
