#!/usr/bin/env python3
"""Selects vectors from recorded links: a few of each kind that a framework judged,
and of each way in which it signed, from different versions.

    python3 tests/php/select_links.py FOLDER > tests/vectors/links.json

FOLDER holds NAME-VERSION-verify.jsonl.gz and NAME-VERSION-sign.jsonl.gz, an object a
line, as `record_links.php` writes them.
"""

import collections
import gzip
import json
import pathlib
import sys

JUDGED_OF_A_KIND = 3
SIGNED_OF_A_KIND = 8

KEPT = {
    "verify": "scheme version key previous_keys url absolute ignore now what accepted request_accepted",
    "sign": "scheme version key absolute url_to_sign expires signed_url",
}
KINDS = {
    "verify": lambda link: (link["scheme"], link["what"], link["accepted"], link.get("request_accepted")),
    "sign": lambda link: (link["scheme"], link["version"], link.get("absolute"), link["expires"] is None),
}


def links(folder, kind):
    """All links of the versions, one of each version after another."""
    files = sorted(pathlib.Path(folder).glob(f"*-{kind}.jsonl.gz"))
    versions = [[json.loads(line) for line in gzip.open(file, "rt")] for file in files]
    for nth in range(max(map(len, versions))):
        yield from (version[nth] for version in versions if nth < len(version))


def select(folder, kind, count):
    chosen = collections.Counter()
    for link in links(folder, kind):
        # A URL that no request can have, or that the framework refused to sign.
        if kind == "verify" and link["scheme"] == "symfony" and link.get("request_accepted") is None:
            continue
        if kind == "sign" and not (link["url_to_sign"] and link["signed_url"]):
            continue
        of_kind = KINDS[kind](link)
        chosen[of_kind] += 1
        if chosen[of_kind] <= count:
            yield {name: link[name] for name in KEPT[kind].split() if name in link}


def main():
    (folder,) = sys.argv[1:]
    verify = sorted(select(folder, "verify", JUDGED_OF_A_KIND), key=KINDS["verify"])
    sign = sorted(select(folder, "sign", SIGNED_OF_A_KIND), key=KINDS["sign"])
    made_by = (
        "Laravel 8.83, 11.45, 12.65 and 13.26 and Symfony 5.4, 7.2, 7.3 and 7.4 on PHP: URL::signedRoute, "
        "hasValidSignature, UriSigner::sign, check and checkRequest, asked of random links and of changed ones, "
        "as tests/php/record_links.php asks those that are installed; a few of each kind, by tests/php/select_links.py"
    )
    lines = lambda links: ",\n".join(json.dumps(link, ensure_ascii=False, separators=(",", ":")) for link in links)
    print(f'{{"made by": {json.dumps(made_by)},\n"verify": [\n{lines(verify)}\n],\n"sign": [\n{lines(sign)}\n]}}')


main()
