#!/usr/bin/env python3
"""Makes each mistake of by_hand.toml in a copy of the tree, and tells which tests catch it.

    tests/mutants/run.py
    tests/mutants/run.py --check        # whether all can be made, without a test
    tests/mutants/run.py webhook        # those alone that have this word in them

Fails where one survives, can't be made, or does not compile.
"""

import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = ROOT / "target/mutants/tree"
# What lets two values of one name through has to fail in so many tests.
MANY = 3
# A mistake may make a test wait for ever.
SECONDS = 900
# What a file's name begins with, and the package with the tests that ask such files for what
# they are for; the first that fits is for a file.
ASKED_BY = {
    "src/": "signed-query --features=serde --lib --tests",
    "cli/": "signed-query-cli --tests",
    "crm/src/activity.rs": "crm slow",
    "crm/src/body.rs": "crm bodies refusals webhooks",
    "crm/src/database/phone.rs": "crm phone search",
    "crm/src/database/sqlite.rs": "crm import operator webhooks",
    "crm/src/database/sqlite/file.rs": "crm moved",
    "crm/src/database/sqlite/note.rs": "crm floods notes",
    "crm/src/database": "crm people rows search search_index server",
    "crm/src/health.rs": "crm operator shutdown",
    "crm/src/page": "crm browser configuration notes notes_refused people rows server",
    "crm/src/routes.rs": "crm configuration http notes repeated secrets server webhooks",
    "crm/src/serve.rs": "crm slow",
    "crm/src/tally.rs": "crm log slow",
    "crm/src/webhook.rs": "crm moved operator webhooks",
    "crm/src/": "crm configuration floods log notes notes_refused operator repeated secrets server shutdown webhooks",
    "examples/": "examples --tests",
}


def copy_tree():
    files = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(files, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    shutil.rmtree(TREE, ignore_errors=True)
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, TREE / name)


def start_of(mutant):
    return next(start for start in ASKED_BY if mutant["file"].startswith(start))


def test(start):
    """The output of the tests of files whose names begin so; None if they do not end."""
    package, *targets = ASKED_BY[start].split()
    targets = [target if target.startswith("-") else f"--test={target}" for target in targets]
    command = ["cargo", "test", "--profile=mutants", "--no-fail-fast", "-p", package, *targets]
    environment = {
        "CASES": "100",
        **os.environ,
        "CARGO_TARGET_DIR": str(ROOT / "target/mutants/target"),
        "CI": "true",
    }
    process = subprocess.Popen(
        command,
        cwd=TREE,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=SECONDS)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None


def failures(output):
    """How many tests failed of each module that failed; a target that broke off counts as one."""
    modules = collections.Counter()
    target, told = None, set()
    for line in output.splitlines():
        if running := re.match(r" +Running (?:unittests )?(\S+)", line):
            path = pathlib.Path(running[1])
            target = path.parent.name if path.stem == "main" else path.stem
        elif failed := re.fullmatch(r"test (?:(\S+)::)?\w+.* \.\.\. FAILED", line):
            modules[failed[1] or target] += 1
            told.add(target)
        elif failed := re.match(r" +`-p \S+ --(?:test |example |bin )?(\S+)`$", line):
            if failed[1] not in told:
                modules[failed[1]] += 1
    return modules


def make(mutant):
    """The text of the file with the mistake in it; None where there is no one place for it."""
    path = ROOT / mutant["file"]
    text = path.read_text() if path.is_file() else ""
    if text.count(mutant["old"]) == 1:
        return text.replace(mutant["old"], mutant["new"])
    print(f"{mutant['slip']}: its text stands {text.count(mutant['old'])} times in {mutant['file']}", file=sys.stderr)


def main(arguments):
    mutants = tomllib.loads((ROOT / "tests/mutants/by_hand.toml").read_text())["mutant"]
    mutated = [make(mutant) for mutant in mutants]
    if None in mutated or arguments == ["--check"]:
        return int(None in mutated)
    chosen = [
        (mutant, text)
        for mutant, text in zip(mutants, mutated)
        if not arguments or any(word in " ".join(mutant.values()) for word in arguments)
    ]
    if not chosen:
        raise SystemExit(f"no mistake has any of these words: {' '.join(arguments)}")
    copy_tree()
    for start in sorted({start_of(mutant) for mutant, _ in chosen}):
        output = test(start)
        if output is None:
            raise SystemExit(f"the tests of {start} do not end as it is")
        if not re.search(r"^test result: ok", output, re.M) or re.search(r"^error", output, re.M):
            sys.stderr.write(output)
            raise SystemExit(f"the tests of {start} fail as it is")
    print("| mistake | file | caught by so many tests of |\n|---|---|---|")
    bad = 0
    for mutant, text in chosen:
        path = TREE / mutant["file"]
        right = path.read_text()
        path.write_text(text)
        output = test(start_of(mutant))
        path.write_text(right)
        if output is None:
            caught = "the time: they do not end"
        elif "could not compile" in output:
            sys.stderr.write(output)
            caught = "**does not compile**"
            bad += 1
        elif modules := failures(output):
            caught = ", ".join(f"{module} {count}" for module, count in sorted(modules.items()))
            if mutant.get("kind") == "two values" and modules.total() < MANY:
                caught += " **(too few)**"
                bad += 1
        else:
            caught = "**nothing**"
            bad += 1
        print(f"| {mutant['slip']} | `{mutant['file']}` | {caught} |", flush=True)
    print(f"\n{len(chosen)} made, {bad} not as they should be.", file=sys.stderr)
    return min(bad, 1)


sys.exit(main(sys.argv[1:]))
