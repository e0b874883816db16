"""The table of `benchmarks.mail`: what was compared, and what is to be reached."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of what was compared, with what is to be reached."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def ratio(self, what: str, theirs: float, ours: float, reach: float, unit: str = "s") -> None:
        """Note how many times less ours is."""
        times = theirs / ours if ours else float("inf")
        asked = f">= {reach:,.1f}x" if reach else ""
        mark = "" if times >= reach else "  MISSED"
        self.rows.append(
            (
                what,
                _said(theirs, unit),
                _said(ours, unit),
                f"{times:,.2f}x" if times < 10 else f"{times:,.0f}x",
                asked + mark,
            )
        )

    def note(self, what: str, value: float, unit: str) -> None:
        """Note a figure of ours that nothing is asked of."""
        self.rows.append((what, "", _said(value, unit), "", ""))

    def bound(self, what: str, value: float, most: float, unit: str) -> None:
        """Note a figure that has an upper bound."""
        mark = "" if value <= most else "  MISSED"
        self.rows.append((what, "", _said(value, unit), "", f"<= {_said(most, unit)}{mark}"))

    def show(self) -> None:
        """Print all rows."""
        head = ("what", "theirs", "ours", "ratio", "reach")
        rows = [head, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(5)]
        for row in rows:
            cells = [
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ]
            print("  ".join(cells).rstrip(), flush=True)


def _said(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value * 1e3:,.2f} ms" if value < 0.1 else f"{value * 1e3:,.0f} ms"
    return f"{value:,.2f} {unit}" if value < 10 else f"{value:,.0f} {unit}"
