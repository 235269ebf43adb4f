#!/usr/bin/env python3
"""Writes the seed corpus: every query of the PHP vectors, for each target."""

import json
import pathlib

FUZZ = pathlib.Path(__file__).parent


def queries(value):
    """Every query in the vectors, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("query"), str):
            yield value["query"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from queries(item)


vectors = json.loads((FUZZ / "../tests/vectors/php.json").read_text())
seeds = sorted(set(queries(vectors)))
for target in ("canonicalize", "verify_at", "sign_verify"):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for nth, seed in enumerate(seeds):
        (folder / f"seed-{nth:04}").write_bytes(seed.encode())
print(f"{len(seeds)} seeds for each target")
