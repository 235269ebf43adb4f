<?php
// Schemes as PHP applications make them: requests, the verdict of the application that
// receives each, and whether it accepts what was signed elsewhere.
//
//     php tests/php/schemes.php SEED COUNT [known|random]   requests, one JSON object a line
//     php tests/php/schemes.php check < LINES               {scheme, secret, raw, now}: is each valid?
//     php tests/php/schemes.php record SEED > tests/vectors/schemes.json
//
// A request is {name, scheme, secret, raw, now, status, text, what}: `status` is 200, 400
// or 403, `text` is what was signed of a valid one, `what` is how it was changed.

require __DIR__ . '/schemes_made.php';

const AS_BUILT = ['order' => 'as_built', 'rfc3986' => false, 'mac' => 'sha256', 'writing' => 'hex'];
const SORTED = ['order' => 'sorted'] + AS_BUILT;

// Public ones, as their sources have them.
const KNOWN = [
    'SocialSignIn' => ['signature' => 'sig', 'expires' => 'expires'] + AS_BUILT,
    'SPA e-mail link' => ['signature' => 'signature', 'expires' => 'expires'] + AS_BUILT,
    'Paxful' => ['signature' => 'apiseal', 'rfc3986' => true] + AS_BUILT,
    'Livecoin' => ['signature' => 'sign', 'writing' => 'HEX'] + AS_BUILT,
    'Weebly' => ['signature' => 'hmac', 'issued_at' => 'timestamp', 'max_age' => 600, 'only' => ['user_id', 'timestamp', 'site_id']] + AS_BUILT,
    'API2Cart' => ['signature' => 'a2c_sign', 'order' => 'sorted_as_text'] + AS_BUILT,
    'VK Mini Apps' => ['signature' => 'sign', 'issued_at' => 'vk_ts', 'max_age' => 86400, 'only_prefix' => 'vk_', 'writing' => 'base64url'] + SORTED,
    'VNPay' => ['signature' => 'vnp_SecureHash', 'only_prefix' => 'vnp_', 'mac' => 'sha512'] + SORTED,
    'MyFlex' => ['signature' => 'signature', 'expires' => 'expires'] + SORTED,
    'WordPress login' => ['signature' => 'sig', 'issued_at' => 'ts', 'max_age' => 300] + SORTED,
    'Hupu pay' => ['signature' => 'sign', 'writing' => 'base64'] + SORTED,
    'Baokim' => ['signature' => 'checksum'] + SORTED,
    'affiliate postback' => ['signature' => 'sig'] + SORTED,
];

// What a scheme signs of the parameters, as text.
function text_of(array $scheme, array $parameters): string
{
    if (isset($scheme['only_prefix'])) {
        $is_signed = fn ($name) => str_starts_with($name, $scheme['only_prefix']);
        $parameters = array_filter($parameters, $is_signed, ARRAY_FILTER_USE_KEY);
    }
    if (isset($scheme['only'])) {
        $named = array_flip($scheme['only']);
        // In the order of the names.
        $parameters = array_replace(array_intersect_key($named, $parameters), array_intersect_key($parameters, $named));
    }
    if ($scheme['order'] === 'sorted') {
        foreach (array_keys($parameters) as $name) {
            // PHP's versions differ in where it goes.
            is_numeric($name) and throw new DomainException('a number for a name');
        }
        ksort($parameters);
    } elseif ($scheme['order'] === 'sorted_as_text') {
        ksort($parameters, SORT_STRING);
    }
    return http_build_query($parameters, '', '&', $scheme['rfc3986'] ? PHP_QUERY_RFC3986 : PHP_QUERY_RFC1738);
}

function write_mac(string $mac, string $writing): string
{
    return match ($writing) {
        'hex' => bin2hex($mac),
        'HEX' => strtoupper(bin2hex($mac)),
        'base64' => base64_encode($mac),
        'base64url' => rtrim(strtr(base64_encode($mac), '+/', '-_'), '='),
    };
}

function signature_of(array $scheme, string $secret, string $text): string
{
    return write_mac(hash_hmac($scheme['mac'], $text, $secret, true), $scheme['writing']);
}

// The application that receives a query: the status, and the text that is signed of a
// valid one.
function receive(array $scheme, string $secret, string $raw, int $now): array
{
    parse_str($raw, $parameters);
    $signature = $parameters[$scheme['signature']] ?? null;
    unset($parameters[$scheme['signature']]);
    $time_name = $scheme['expires'] ?? $scheme['issued_at'] ?? null;
    $time = $time_name === null ? '0' : $parameters[$time_name] ?? null;
    if (!is_string($signature) || !is_string($time) || !ctype_digit($time)) {
        return [400, null];
    }
    try {
        $text = text_of($scheme, $parameters);
    } catch (DomainException) {
        return [400, null];
    }
    if (!hash_equals(signature_of($scheme, $secret, $text), $signature)) {
        return [403, null];
    }
    // A number too large for an integer becomes a float, and compares as one.
    $time = +$time;
    $is_in_time = match (true) {
        isset($scheme['expires']) => $time >= $now,
        isset($scheme['issued_at']) => $time <= $now && $now - $time <= $scheme['max_age'],
        default => true,
    };
    return $is_in_time ? [200, $text] : [403, null];
}

function requests(int $seed, int $count, string $which): Generator
{
    mt_srand($seed);
    for ($nth = 0; $nth < $count; $nth++) {
        $name = $which === 'known' ? array_keys(KNOWN)[$nth % count(KNOWN)] : 'random';
        $scheme = KNOWN[$name] ?? random_scheme();
        $secret = pick(SECRETS);
        [$raw, $what] = request($scheme, $secret);
        [$status, $text] = receive($scheme, $secret, $raw, NOW);
        yield ['name' => $name, 'scheme' => $scheme, 'secret' => $secret, 'raw' => $raw, 'now' => NOW, 'status' => $status, 'text' => $text, 'what' => $what];
    }
}

// Of many requests those that show something for the first time: each change with each
// order, writing, MAC and verdict; each of a scheme's properties with all others; and each
// change of each known scheme, for the guide.
function selected(int $seed): Generator
{
    $seen = [];
    foreach (['known', 'random'] as $which) {
        foreach (requests($seed, 4000, $which) as $request) {
            ['name' => $name, 'scheme' => $scheme, 'status' => $status, 'what' => $what] = $request;
            ['order' => $order, 'writing' => $writing, 'mac' => $mac, 'rfc3986' => $rfc3986] = $scheme;
            $time = isset($scheme['expires']) ? 'expires' : (isset($scheme['issued_at']) ? 'issued' : 'none');
            $only = [isset($scheme['only']), isset($scheme['only_prefix'])];
            $shown = [[$what, $order], [$what, $writing], [$what, $mac], [$what, $status], [$order, $writing, $mac, $status], [$order, $only, $rfc3986, $status], [$time, $only, $status], [$name, $status], [$name, $what]];
            $new = array_diff(array_map('json_encode', $shown), $seen);
            // A long one shows no more than a short one.
            if ($new && strlen($request['raw']) < 400) {
                array_push($seen, ...$new);
                yield $request;
            }
        }
    }
}

// How many were signed elsewhere, and how many of them PHP refuses, which are shown.
function check($lines): array
{
    $signed = $refused = 0;
    while (($line = fgets($lines)) !== false) {
        ['scheme' => $scheme, 'secret' => $secret, 'raw' => $raw, 'now' => $now] = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        $signed++;
        if (receive($scheme, $secret, $raw, $now)[0] !== 200) {
            $refused++;
            fwrite(STDERR, $line);
        }
    }
    return [$signed, $refused];
}

const AS_JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;

switch ($argv[1] ?? '') {
    case 'check':
        [$signed, $refused] = check(STDIN);
        echo "$signed signed, $refused refused by PHP\n";
        exit($signed > 0 && $refused === 0 ? 0 : 1);
    case 'record':
        $lines = array_map(fn ($request) => json_encode($request, AS_JSON), iterator_to_array(selected((int) $argv[2]), false));
        $by = json_encode('PHP ' . PHP_VERSION . ", by tests/php/schemes.php record $argv[2]", AS_JSON);
        echo "{\"made by\": $by,\n\"requests\": [\n", implode(",\n", $lines), "\n]}\n";
        break;
    default:
        if (!ctype_digit($argv[1] ?? '') || !ctype_digit($argv[2] ?? '')) {
            fwrite(STDERR, "usage: php schemes.php SEED COUNT [known|random] | check | record SEED\n");
            exit(2);
        }
        foreach (requests((int) $argv[1], (int) $argv[2], $argv[3] ?? 'random') as $request) {
            echo json_encode($request, AS_JSON), "\n";
        }
}
