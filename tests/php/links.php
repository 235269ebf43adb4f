<?php
// What the real frameworks say of links, line by line: a question is a JSON array
// of a verb and its arguments, an answer is JSON too, and null where PHP threw.

require __DIR__ . '/frameworks.php';

$verbs = [
    'laravel sign' => laravel_sign(...),
    'laravel check' => laravel_check(...),
    'symfony sign' => fn ($key, $url) => signer($key)->sign($url),
    'symfony check' => fn ($key, $url) => signer($key)->check($url),
    'symfony checkRequest' => fn ($key, $origin, $target) => signer($key)->checkRequest(request($origin, $target)),
];
while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    try {
        $answer = $verbs[array_shift($question)](...$question);
    } catch (Exception | TypeError) {
        $answer = null;
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR), "\n";
}
