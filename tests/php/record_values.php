<?php
// Records the queries that PHP makes of the values in values.json, whose keys are in
// order since maps here are read so:
//
//     php tests/php/record_values.php > tests/vectors/values.json

require __DIR__ . '/reference.php';

$groups = json_decode(file_get_contents(__DIR__ . '/values.json'), true, 512, JSON_THROW_ON_ERROR);
$recorded = fn ($group) => [
    'why' => $group['why'],
    'vectors' => array_map(fn ($json) => ['json' => $json, 'query' => build($json)], $group['values']),
];

echo json_encode([
    'php' => PHP_VERSION,
    'values' => array_map($recorded, $groups),
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
