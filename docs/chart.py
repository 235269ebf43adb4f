#!/usr/bin/env python3
"""Draws docs/performance.svg from what the last whole run of `cargo bench` left.

    cargo bench
    pip install matplotlib==3.10.3
    python3 docs/chart.py
"""

import json
import pathlib

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

DOCS = pathlib.Path(__file__).resolve().parent
CRITERION = DOCS.parent / "target/criterion"


def results():
    """The median time in nanoseconds of each benchmark."""
    for path in CRITERION.glob("**/new/benchmark.json"):
        benchmark = json.loads(path.read_text())
        estimates = json.loads((path.parent / "estimates.json").read_text())
        yield (benchmark["group_id"], benchmark["function_id"]), estimates["median"]["point_estimate"]


RESULTS = dict(results())
EXAMPLE = "requests/example"


def chart():
    pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "signed-query", "font.family": "sans-serif"})
    # Legible on white and on black, since the page shows through.
    pyplot.rcParams.update(dict.fromkeys(["text.color", "xtick.color", "ytick.color", "axes.edgecolor"], "#767676"))
    figure, (inside, peers) = pyplot.subplots(2, figsize=(8, 4.6), height_ratios=[1, 4])
    mac, whole = RESULTS["parts", "MAC by blocks"], RESULTS[EXAMPLE, "verify_at"]
    left = 0
    # No finer: the processor does one while it waits for another.
    parts = [
        ("MAC", mac, "#4477aa"),
        ("canonical form, hex, comparison, clock", whole - mac, "#ccbb44"),
    ]
    for label, width, color in parts:
        inside.barh([""], [width], left=left, color=color, label=f"{label} ({width:.0f} ns)")
        left += width
    inside.set_title("One verification of the example request", loc="left")
    inside.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.35), frameon=False, fontsize="small")
    inside.set_xlim(0, whole)

    bars = {
        "bare MAC": (EXAMPLE, "bare MAC"),
        "bare MAC, by blocks": ("parts", "MAC by blocks"),
        "bare MAC, ring": (EXAMPLE, "ring"),
        "verify_at": (EXAMPLE, "verify_at"),
        "verify_at, iframe": ("requests/iframe", "verify_at"),
        "sign": (EXAMPLE, "sign"),
        "plain way": (EXAMPLE, "plain way"),
        "PHP": (EXAMPLE, "PHP"),
    }
    shown = [name for name, benchmark in bars.items() if benchmark in RESULTS]
    times = [RESULTS[bars[name]] for name in shown]
    ours = ["#4477aa" if name.startswith("verify_at") or name == "sign" else "#bbbbbb" for name in shown]
    bars = peers.barh(shown, times, color=ours)
    peers.bar_label(bars, [f"{nanoseconds:.0f} ns" for nanoseconds in times], padding=4)
    peers.invert_yaxis()
    peers.set_title("Beside others", loc="left")
    peers.margins(x=0.12)
    for axes in (inside, peers):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(DOCS / "performance.svg", metadata={"Date": None}, transparent=True)


if ("parts", "MAC by blocks") not in RESULTS or (EXAMPLE, "verify_at") not in RESULTS:
    raise SystemExit("The last run left too little: run `cargo bench` without a filter first")
chart()
