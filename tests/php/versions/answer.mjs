// What one version of PHP, as WebAssembly, answers to the queries in a file:
//
//     node answer.mjs 8.5 FILE

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [version, questions] = process.argv.slice(2);
const name = `@php-wasm/node-${version.replace('.', '-')}`;
const { getPHPLoaderModule } = await import(name);
// The versions are built for different ones of this, so each takes its own.
const universal = createRequire(createRequire(import.meta.url).resolve(name)).resolve('@php-wasm/universal');
const { PHP, loadPHPRuntime } = (await import(pathToFileURL(universal))).default;

const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
// PHP's defaults, and what the scripts need in order to see its warnings.
php.writeFile('/internal/shared/php.ini', `
max_input_vars = 1000
max_input_nesting_level = 64
arg_separator.input = "&"
arg_separator.output = "&"
memory_limit = 128M
display_errors = 0
log_errors = 0
`);
const here = (file) => readFileSync(new URL(file, import.meta.url));
php.mkdir('/asked');
php.writeFile('/asked/answer.php', here('answer.php'));
php.writeFile('/asked/reference.php', here('../reference.php'));
php.writeFile('/asked/questions', readFileSync(questions));
const { exitCode, text, errors } = await php.run({ scriptPath: '/asked/answer.php' });
if (exitCode !== 0 || text !== '' || errors !== '') {
    throw new Error(`PHP ended with ${exitCode}: ${text}${errors}`);
}
process.stdout.write(php.readFileAsBuffer('/asked/answers'));
