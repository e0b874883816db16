"""Cut a long chronology into parts that can be set one after the other. Typesets nothing."""

from __future__ import annotations

from typing import Any

MOST_WEIGHT = 450  # of one part; setting a message takes about 0.2 MB
_THREAD_WEIGHT = 1
_ROWS_PER_WEIGHT = 3  # rows of a chart that take as much as a message


def volumes(content: dict[str, Any], *, most: int = MOST_WEIGHT) -> tuple[dict[str, Any], ...]:
    """Return the parts of a chronology: a short one is a single part, as it is.

    The first part has the summary, the charts and the first threads, the last what stands apart.
    No thread is cut.

    Args:
        most: how many messages go into one part, about.
    """
    listed = [(section, thread) for section in content["sections"] for thread in section["threads"]]
    review = [(None, thread) for thread in content["review"]]
    parts: list[list[tuple[Any, Any]]] = [[]]
    weight = sum(len(chart["rows"]) for chart in content["timelines"]) // _ROWS_PER_WEIGHT
    for section, thread in (*listed, *review):
        more = len(thread["messages"]) + _THREAD_WEIGHT
        if parts[-1] and weight + more > most:
            parts.append([])
            weight = 0
        parts[-1].append((section, thread))
        weight += more
    if len(parts) == 1:
        return (content,)
    return tuple(
        _part(content, threads, number, len(parts)) for number, threads in enumerate(parts, 1)
    )


def _part(
    content: dict[str, Any], threads: list[tuple[Any, Any]], number: int, count: int
) -> dict[str, Any]:
    is_first, is_last = number == 1, number == count
    sections = []
    for section in content["sections"]:
        own = [thread for of, thread in threads if of is section]
        if own:
            sections.append({**section, "threads": own})
    return {
        **content,
        "part": f"Part {number} of {count}.",
        "summary": content["summary"] if is_first else [],
        "table": content["table"] if is_first else [],
        "timelines": content["timelines"] if is_first else [],
        "sections": sections,
        "review": [thread for of, thread in threads if of is None],
        "unplaced": content["unplaced"] if is_last else [],
        "unread": content["unread"] if is_last else [],
    }
