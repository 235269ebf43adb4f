// See `php`.

import { writeSync } from 'node:fs';
import { basename } from 'node:path';

import { load } from './load.mjs';

const php = await load(process.env.PHP_VERSION);
// What PHP prints is written at once, since whoever reads it may have another question; PHP itself
// keeps it until it ends.
const [runtime] = Object.getOwnPropertySymbols(php).map((symbol) => php[symbol]);
for (const [name, fd] of [['onStdout', 1], ['onStderr', 2]]) {
    const write = (bytes) => {
        for (let at = 0; at < bytes.length;) {
            at += writeSync(fd, bytes, at);
        }
    };
    Object.defineProperty(runtime, name, { get: () => write, set: () => {} });
}
// Node would read its own from a pipe without waiting.
Object.defineProperty(process, 'stdin', { value: { fd: 0 } });
const given = process.argv.slice(2);
const isScript = (argument) => argument.endsWith('.php');
const response = await php.cli(['php', ...given.map((one) => (isScript(one) ? `/asked/${basename(one)}` : one))]);
process.exitCode = await response.exitCode;
