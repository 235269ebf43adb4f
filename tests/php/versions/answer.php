<?php
// First what PHP this is, then a line for each query in hex: its canonical form,
// what a signer makes of it, the receiver's verdict of that, and what is read.
// For PHP 7.2 too.

require __DIR__ . '/reference.php';

const SECRET = 'changeme!';
const EXPIRES = '1500472622';

// The names and values of a verified query, as a template would reach them.
function flat(array $parameters, string $prefix = ''): array
{
    $pairs = [];
    foreach ($parameters as $key => $value) {
        $name = $prefix === '' ? (string) $key : "{$prefix}[$key]";
        $pairs[] = is_array($value) ? flat($value, $name) : [[$name, $value]];
    }
    return $pairs === [] ? [] : array_merge(...$pairs);
}

function answer(string $query): string
{
    $canonical = canonical($query);
    if ($canonical === null) {
        return 'limit';
    }
    $signed = sign($query, SECRET, EXPIRES);
    $verdict = verdict($signed, SECRET, EXPIRES);
    $fields = ['x' . bin2hex($canonical), bin2hex($signed), $verdict];
    foreach ($verdict === 200 ? flat(read_query($signed)) : [] as [$name, $value]) {
        $fields[] = bin2hex($name) . '=' . bin2hex($value);
    }
    return implode(' ', $fields);
}

$limits = ini_get('max_input_vars') . ' ' . ini_get('max_input_nesting_level');
$questions = fopen(__DIR__ . '/questions', 'r');
$answers = fopen(__DIR__ . '/answers', 'w');
fwrite($answers, PHP_VERSION . ' ' . PHP_INT_SIZE . " $limits\n");
while (($question = fgets($questions)) !== false) {
    fwrite($answers, answer(hex2bin(rtrim($question, "\n"))) . "\n");
}
