#!/usr/bin/env python3
"""Draws docs/performance.svg, and prints the tables of docs/performance.md, from what Criterion left.

    cargo bench --bench throughput
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
SHAPES = ["plain names", "arrays", "crossing arrays", "one name", "renamed", "all escapes"]
COUNTS = ["10", "100", "990"]


def results():
    """The median time in nanoseconds of each benchmark, and how many bytes it reads."""
    for path in sorted(CRITERION.glob("**/new/benchmark.json")):
        benchmark = json.loads(path.read_text())
        estimates = json.loads((path.parent / "estimates.json").read_text())
        name = (benchmark["group_id"], benchmark["function_id"], benchmark["value_str"])
        yield name, (estimates["median"]["point_estimate"], (benchmark["throughput"] or {}).get("Bytes"))


RESULTS = dict(results())


def time(group, function, value=None):
    return RESULTS[group, function, value][0]


def tables():
    bare = time("example", "bare hmac")
    print("| the example request | ns | of bare |\n|---|---|---|")
    for group, function, _ in RESULTS:
        if group == "example":
            nanoseconds = time(group, function)
            print(f"| {function} | {nanoseconds:.0f} | {nanoseconds / bare:.2f} |")
    print("\n| request | bare, ns | `verify_at`, ns | ratio |\n|---|---|---|---|")
    for group, function, _ in RESULTS:
        if group.split("/")[0] in ("iframe", "schemes") and function == "verify_at":
            floor, verify = time(group, "bare hmac"), time(group, "verify_at")
            print(f"| {group.removeprefix('schemes/')} | {floor:.0f} | {verify:.0f} | {verify / floor:.2f} |")
    print("\n| ten parameters | bare, ns | `verify_at`, ns | ratio |\n|---|---|---|---|")
    for group, function, _ in RESULTS:
        if group.startswith("rewriting/") and function == "verify_at":
            floor, verify = time(group, "bare hmac"), time(group, "verify_at")
            print(f"| {group.removeprefix('rewriting/')} | {floor:.0f} | {verify:.0f} | {verify / floor:.2f} |")
    print("\n| ns per byte | 10 | 100 | 990 |\n|---|---|---|---|")
    for shape in SHAPES:
        cells = []
        for count in COUNTS:
            nanoseconds, size = RESULTS[f"sizes/{shape}", "verify_at", count]
            cells.append(f"{nanoseconds / size:.2f}")
        print(f"| {shape} | {' | '.join(cells)} |")

    print("\n| hostile request | bytes | bare, µs | `verify_at`, µs | ns per byte |\n|---|---|---|---|---|")
    for (group, function, shape), (nanoseconds, size) in RESULTS.items():
        if group == "hostile" and function == "verify_at":
            floor, each = time(group, "bare hmac", shape), nanoseconds / size
            print(f"| {shape} | {size} | {floor / 1000:.1f} | {nanoseconds / 1000:.1f} | {each:.2f} |")
    print("\n| link | bare, ns | `verify_at`, ns | ratio | its framework in PHP, ns |\n|---|---|---|---|---|")
    for group, function, _ in RESULTS:
        if group.startswith("links/") and function == "verify_at":
            floor, verify, php = (time(group, name) for name in ("bare hmac", "verify_at", "php"))
            print(f"| {group.removeprefix('links/')} | {floor:.0f} | {verify:.0f} | {verify / floor:.2f} | {php:.0f} |")


def chart():
    pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "signed-query", "font.family": "sans-serif"})
    # Legible on white and on black, since the page shows through.
    pyplot.rcParams.update(dict.fromkeys(["text.color", "xtick.color", "ytick.color", "axes.edgecolor"], "#767676"))
    figure, (inside, peers) = pyplot.subplots(2, figsize=(8, 4.6), height_ratios=[1, 4])
    mac, whole = (time("example", name) for name in ("bare hmac, by blocks", "verify_at"))
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

    names = ["bare hmac", "bare hmac, by blocks", "bare ring", "verify_at", "sign", "plain way", "php"]
    shown = [name for name in names if ("example", name, None) in RESULTS]
    times = [time("example", name) for name in shown]
    # The platform's other request, beside the example.
    shown.insert(4, "verify_at, iframe")
    times.insert(4, time("iframe", "verify_at"))
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


tables()
chart()
