// What one version of PHP, as WebAssembly, answers to the queries in a file:
//
//     node answer.mjs 8.5 FILE

import { readFileSync } from 'node:fs';

import { load } from './load.mjs';

const [version, questions] = process.argv.slice(2);
const php = await load(version);
php.writeFile('/asked/questions', readFileSync(questions));
const { exitCode, text, errors } = await php.run({ scriptPath: '/asked/answer.php' });
if (exitCode !== 0 || text !== '' || errors !== '') {
    throw new Error(`PHP ended with ${exitCode}: ${text}${errors}`);
}
process.stdout.write(php.readFileAsBuffer('/asked/answers'));
