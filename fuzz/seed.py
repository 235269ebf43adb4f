#!/usr/bin/env python3
"""Writes the seed corpus: every query of the PHP vectors for each target of queries,
every target of the recorded links for those of links, and every recorded request by a
scheme, with two bytes in front that choose another one, for that of schemes."""

import json
import pathlib
import urllib.parse

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


def by_schemes(vectors):
    """Every request without its signature, each by another scheme."""
    for nth, request in enumerate(vectors["requests"]):
        own = urllib.parse.quote_plus(request["scheme"]["signature"])
        query = "&".join(one for one in request["raw"].split("&") if not one.startswith(own))
        yield (nth * 7919 % 65536).to_bytes(2, "little") + query.encode()


def write(names, seeds):
    seeds = sorted({seed.encode() if isinstance(seed, str) else seed for seed in seeds})
    for name in names:
        folder = FUZZ / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for nth, seed in enumerate(seeds):
            (folder / f"seed-{nth:04}").write_bytes(seed)
    print(f"{len(seeds)} seeds for {', '.join(names)}")


def vectors(name):
    return json.loads((FUZZ / "../tests/vectors" / name).read_text())


write(["canonicalize", "verify_at", "values"], queries(vectors("php.json")))
write(["laravel", "symfony"], targets(vectors("links.json")))
write(["scheme"], by_schemes(vectors("schemes.json")))
