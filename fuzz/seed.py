#!/usr/bin/env python3
"""Writes the seed corpus: every query of the PHP vectors for each target of queries,
and every target of the recorded links for those of links."""

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


def targets(vectors):
    """Every URL of the links, without its origin."""
    for link in vectors["verify"] + vectors["sign"]:
        url = link.get("url") or link["url_to_sign"]
        yield "/" + url.split("://")[-1].partition("/")[2]


def write(names, seeds):
    seeds = sorted(set(seeds))
    for name in names:
        folder = FUZZ / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for nth, seed in enumerate(seeds):
            (folder / f"seed-{nth:04}").write_bytes(seed.encode())
    print(f"{len(seeds)} seeds for {', '.join(names)}")


def vectors(name):
    return json.loads((FUZZ / "../tests/vectors" / name).read_text())


write(["canonicalize", "verify_at", "sign_verify"], queries(vectors("php.json")))
write(["laravel", "symfony"], targets(vectors("links.json")))
