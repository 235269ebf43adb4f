// See `php`.

import { readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';

import { load } from './load.mjs';

// PHP reads a block at a time; a block ends with each line, since whoever asks waits for the answer.
const block = Buffer.alloc(1 << 16);
let [at, end, isLineDone] = [0, 0, false];
function stdin() {
    if (isLineDone) {
        isLineDone = false;
        return null;
    }
    if (at === end) {
        [at, end] = [0, readSync(0, block)];
    }
    if (end === 0) {
        return null;
    }
    isLineDone = block[at] === 10;
    return block[at++];
}

const php = await load(process.env.PHP_VERSION, { stdin });
// What PHP prints is written at once, and not when it ends.
const [runtime] = Object.getOwnPropertySymbols(php).map((symbol) => php[symbol]);
for (const [name, fd] of [['onStdout', 1], ['onStderr', 2]]) {
    const write = (bytes) => {
        for (let from = 0; from < bytes.length;) {
            from += writeSync(fd, bytes, from);
        }
    };
    Object.defineProperty(runtime, name, { get: () => write, set: () => {} });
}
const given = process.argv.slice(2);
const isScript = (argument) => argument.endsWith('.php');
const response = await php.cli(['php', ...given.map((one) => (isScript(one) ? `/asked/${basename(one)}` : one))]);
process.exitCode = await response.exitCode;
