<?php
// What PHP says, line by line: a verb and its arguments in hex, between spaces.
// An answer is one line too. `php -d display_errors=0 tests/php/oracle.php`

require __DIR__ . '/reference.php';

while (($line = fgets(STDIN)) !== false) {
    [$verb, $arguments] = [strtok(rtrim($line, "\n"), ' '), []];
    while (($argument = strtok(' ')) !== false) {
        $arguments[] = hex2bin(substr($argument, 1)); // behind an `x`, since one may be empty
    }
    echo match ($verb) {
        'canonical' => answer(canonical(...$arguments)),
        'verdict' => verdict(...$arguments),
        'build' => answer(build(...$arguments)),
        'read' => answer(read(...$arguments)),
        'reads_back' => reads_back(...$arguments) ? 'yes' : 'no',
        'sign' => answer(sign(...$arguments)),
    }, "\n";
}

function answer(?string $text): string
{
    return $text === null ? 'limit' : 'x' . bin2hex($text);
}
