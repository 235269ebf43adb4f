<?php
// Verifies a query so many times: reads `TIMES SIGNATURE TIME UNSIGNED QUERY`, prints how
// many were valid and how many nanoseconds that took. SIGNATURE and TIME are the names of
// those parameters, UNSIGNED those of what is not signed, with commas.

const SECRET = 'changeme!';
const NOW = 1500472622;

function verify(string $signature, string $time, array $unsigned, string $raw): bool
{
    parse_str($raw, $params);
    $sig = $params[$signature];
    unset($params[$signature]);
    foreach ($unsigned as $name) {
        unset($params[$name]);
    }
    return hash_equals(hash_hmac('sha256', http_build_query($params), SECRET), $sig)
        && $params[$time] >= NOW;
}

while (($line = fgets(STDIN)) !== false) {
    [$times, $signature, $time, $unsigned, $raw] = explode(' ', rtrim($line, "\n"), 5);
    $unsigned = $unsigned === '' ? [] : explode(',', $unsigned);
    $valid = 0;
    $start = hrtime(true);
    for ($i = 0; $i < $times; $i++) {
        $valid += verify($signature, $time, $unsigned, $raw);
    }
    echo $valid, ' ', hrtime(true) - $start, "\n";
}
