<?php
// Verifies a link with the framework that signed it, so many times: reads `TIMES SCHEME URL`,
// prints how many were valid and how many nanoseconds that took. The request is read before.

require __DIR__ . '/../../../tests/php/frameworks.php';

const SECRET = 'changeme!';
const NOW = 1500472622;

Illuminate\Support\Carbon::setTestNow(Illuminate\Support\Carbon::createFromTimestamp(NOW));

function verifier(string $scheme, string $url): Closure
{
    preg_match('#^([^/]*//[^/]*)(.*)#', $url, $parts) ?: exit(1);
    [, $origin, $target] = $parts;
    if ($scheme === 'symfony') {
        $signer = signer(SECRET);
        return fn () => $signer->check($url);
    }
    $request = request($origin, $target);
    $generator = generator(SECRET, $request);
    return $scheme === 'laravel'
        ? fn () => $generator->hasValidSignature($request)
        : fn () => $generator->hasValidRelativeSignature($request);
}

while (($line = fgets(STDIN)) !== false) {
    [$times, $scheme, $url] = explode(' ', rtrim($line, "\n"), 3);
    $verify = verifier($scheme, $url);
    $valid = 0;
    $start = hrtime(true);
    for ($i = 0; $i < $times; $i++) {
        $valid += $verify();
    }
    echo $valid, ' ', hrtime(true) - $start, "\n";
}
