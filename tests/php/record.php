<?php
// Records what PHP says of the queries in queries.json:
//
//     php -d display_errors=0 tests/php/record.php > tests/vectors/php.json

require __DIR__ . '/reference.php';

const SECRET = 'changeme!';

$input = json_decode(file_get_contents(__DIR__ . '/queries.json'), true, 512, JSON_THROW_ON_ERROR);
$canonical = fn ($group) => [
    'why' => $group['why'],
    'vectors' => array_map(fn ($query) => ['query' => $query, 'canonical' => canonical($query)], $group['queries']),
];
$signed = fn ($query) => ['query' => $query, 'signed' => sign($query, SECRET, '1500472622')];
// A query is given whole, or as what is to be signed, what stands before it, and what
// follows the signature.
$verdict = function ($case) {
    $signed = $case['signed'] ?? null;
    $query = $case['query'] ?? ($case['before'] ?? '') . $signed . '&sig=' . hash_hmac('sha256', canonical($signed), SECRET) . $case['then'];
    $ignored = $case['ignored'] ?? [];
    return [
        'why' => $case['why'],
        'query' => $query,
        'now' => $case['now'],
        'ignored' => $ignored,
        'status' => verdict($query, SECRET, (string) $case['now'], implode('&', $ignored)),
    ];
};

echo json_encode([
    'php' => PHP_VERSION,
    'secret' => SECRET,
    'canonical' => array_map($canonical, $input['canonical']),
    'sign' => ['expires' => 1500472622, 'vectors' => array_map($signed, $input['sign'])],
    'verdict' => array_map($verdict, $input['verdict']),
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
