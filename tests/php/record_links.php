<?php
// Records what the frameworks that are installed make of random links, and say to
// changed ones, as `select_links.py` reads it:
//
//     php -d log_errors=0 tests/php/record_links.php laravel verify 500 | gzip > FOLDER/laravel-8-verify.jsonl.gz
//
// `laravel` or `symfony`, `verify` or `sign`, and how many. Other versions than
// Debian's come by FRAMEWORKS=vendor/autoload.php of a composer project that has
// illuminate/routing and symfony/http-kernel.

require __DIR__ . '/frameworks.php';

const KEYS = ['base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'secret', 'kéy ', 'ThisTokenIsNotSoSecretChangeIt'];
const ORIGINS = ['https://example.com', 'http://localhost:8000', 'https://xn--bcher-kva.example', 'https://127.0.0.1:8443'];
const VALUES = ['red', '1', '0', '', 'a b', 'é~*-._', 'a:b@c', '100%', '%41', 'x=y', 'q?', 'A,B!', '[x]', '😀', ['1', '2'], ['k' => 'v', 'a b' => 'c']];
const NAMES = ['a', 'b', 'id', 'page', 'x-y', 'a.b', 'full name', 'é', '~t', '_x', 'utm_source', 'Z'];
const NOW = 1700000000;

[, $scheme, $kind, $count] = $argv;
$version = match ($scheme) {
    'laravel' => getenv('VERSION') ?: '8',
    'symfony' => getenv('VERSION') ?: '5.4',
};
mt_srand((int) (getenv('SEED') ?: 1));

function pick(array $of): mixed
{
    return $of[array_rand($of)];
}

function parameters(): array
{
    $parameters = [];
    for ($left = mt_rand(0, 4); $left > 0; $left--) {
        $parameters[pick(NAMES)] = pick(VALUES);
    }
    return $parameters;
}

// The parts of a URL behind its origin: path, query, signature.
const CHANGES = [
    'as signed' => null,
    'path changed' => ['~\?~', 'x?'],
    'slash after path' => ['~\?~', '/?'],
    'two slashes after path' => ['~\?~', '//?'],
    'q=evil in front' => ['~\?~', '?q=evil&'],
    '& in front' => ['~\?~', '?&'],
    '& at the end' => ['~$~', '&'],
    'utm added' => ['~$~', '&utm_added=1'],
    'array after signature' => ['~$~', '&signature[]=1&_hash[]=1'],
    '+ for %20' => ['~%20~', '+'],
    '%20 for +' => ['~\+~', '%20'],
    'escapes in lower case' => ['~%[0-9A-F]{2}~', 'strtolower'],
    'signature: one character' => ['~(signature|_hash)=.~', '$1=!'],
    'signature empty' => ['~(signature|_hash)=[^&]*~', '$1='],
    'signature without =' => ['~(signature|_hash)=[^&]*~', '$1'],
    'signature in upper case' => ['~(?<=signature=|_hash=)[^&%]+~', 'strtoupper'],
    'signature twice, good last' => ['~(signature|_hash)=~', '$1=x&$1='],
    'signature twice, good first' => ['~((?:signature|_hash)=)([^&]*)~', '$1$2&$1x'],
    'name of signature escaped' => ['~(?<=[?&])(s|_)(?=ignature=|hash=)~', 'escape'],
    'expires changed' => ['~(expires|_expiration)=1~', '$1=2'],
    'expires removed' => ['~(expires|_expiration)=\d+&?~', ''],
    '? before signature' => ['~&signature=~', '?&signature='],
    '&& before signature' => ['~&(signature|_hash)=~', '&&$1='],
    'semicolon' => ['~&~', ';'],
];

function changed(string $url, ?array $change): string
{
    if ($change === null) {
        return $url;
    }
    [$pattern, $by] = $change;
    return match ($by) {
        'strtolower', 'strtoupper' => preg_replace_callback($pattern, fn ($match) => $by($match[0]), $url),
        'escape' => preg_replace_callback($pattern, fn ($match) => sprintf('%%%02x', ord($match[0])), $url),
        default => preg_replace($pattern, $by, $url, $by === '$1=x&$1=' || $pattern[1] === '%' ? -1 : 1),
    };
}

function laravel(string $kind): array
{
    [$key, $origin, $absolute] = [pick(KEYS), pick(ORIGINS), (bool) mt_rand(0, 2)];
    $expires = pick([null, 0, 1, NOW - 60, NOW, NOW + 60, 1893456000, 4102444800]);
    $parameters = ['id' => pick(array_filter(VALUES, 'is_string')), 'x' => '1', 'y' => 'b', 'path' => 'x/y.txt'] + parameters();
    $route = pick(array_keys(ROUTES));
    $signed = laravel_sign($key, $origin, $route, $parameters, $expires, $absolute);
    if ($kind === 'sign') {
        $unsigned = preg_replace('~(?<=[?&])(expires|signature)=[^&#]*&?~', '', $signed);
        return compact('key', 'absolute', 'expires') + ['url_to_sign' => rtrim($unsigned, '?&'), 'signed_url' => $signed];
    }
    $what = pick(array_keys(CHANGES));
    $url = changed($absolute ? $signed : $origin . $signed, CHANGES[$what]);
    [$ignore, $now] = [[], pick([NOW, ($expires ?? NOW) - 10, $expires ?? NOW, ($expires ?? NOW) + 1])];
    $target = substr($url, strlen($origin)) ?: '/';
    $target = $target[0] === '/' ? $target : "/$target";
    $accepted = laravel_check($key, $origin, $target, $now, $absolute);
    return ['previous_keys' => []] + compact('key', 'url', 'absolute', 'ignore', 'now', 'what', 'accepted');
}

function symfony(string $kind): array
{
    [$key, $origin] = [pick(KEYS), pick(ORIGINS)];
    $path = pick(['/', '/a', '/a/', '/a%2Fb', '/caf%C3%A9', '/~me', '/a//b', '/x;y=1']);
    $url = $origin . $path . rtrim('?' . http_build_query(parameters()), '?');
    // Before 7.1 there is no expiry to sign with.
    $knows = (new ReflectionMethod(signer($key), 'sign'))->getNumberOfParameters() > 1;
    $expires = $knows ? pick([null, 1, NOW - 1, NOW, NOW + 60, 1893456000]) : null;
    $signed = $expires === null ? signer($key)->sign($url) : signer($key)->sign($url, $expires);
    if ($kind === 'sign') {
        return compact('key', 'expires') + ['url_to_sign' => $url, 'signed_url' => $signed];
    }
    $what = pick(array_keys(CHANGES));
    $url = changed($signed, CHANGES[$what]);
    $request_accepted = signer($key)->checkRequest(request($origin, substr($url, strlen($origin))));
    return compact('key', 'url', 'what', 'request_accepted') + ['now' => time(), 'accepted' => signer($key)->check($url)];
}

while ($count > 0) {
    try {
        $link = $scheme($kind);
    } catch (Exception | TypeError) {
        continue; // a parameter that is missing, or an array where there may be none
    }
    $count--;
    echo json_encode(compact('scheme', 'version') + $link, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
