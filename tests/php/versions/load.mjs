// A version of PHP as WebAssembly, with the settings and the scripts that are asked.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Gives PHP, with the scripts in `/asked`; `settings` are those of its runtime.
export async function load(version, settings = {}) {
    const name = `@php-wasm/node-${version.replace('.', '-')}`;
    const { getPHPLoaderModule } = await import(name);
    // The versions are built for different ones of this, so each takes its own.
    const universal = createRequire(createRequire(import.meta.url).resolve(name)).resolve('@php-wasm/universal');
    const { PHP, loadPHPRuntime } = (await import(pathToFileURL(universal))).default;

    const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule(), settings));
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
    php.mkdir('/asked');
    for (const folder of [new URL('.', import.meta.url), new URL('..', import.meta.url)]) {
        for (const script of readdirSync(folder).filter((file) => file.endsWith('.php'))) {
            php.writeFile(`/asked/${script}`, readFileSync(new URL(script, folder)));
        }
    }
    return php;
}
