<?php
// Random schemes, parameters as applications build them, and requests: as they were
// signed, or changed in one way.

const NOW = 1_800_000_000;
const SECRETS = ['changeme!', 's3cret', "é\n", '0', 'a secret that is longer than a block of SHA-256, so that it is hashed before'];
// Their order differs encoded and decoded, and by length.
const WORDS = ['a', 'A', 'a-b', 'a_b', 'aB', 'ab', 'a~', 'a!', 'a$', 'aé', 'a/b', 'b', 'b2', 'é', '日', 'k~', '_t', '__x', 'id', 'user', 'zeta', 'q', "t\t", 'x y', 'c.d', 'A%', '*', 'u'];
const NUMERIC = ['0', '5', '20', '-5', '+5', '05', '1e5', '1E+5', '1e1000', '-0', "\t5", "5\t", "\v5", "\f-1e-2\r", '99999999999999999999'];
const ALMOST_NUMERIC = ['5_', '0x1A', '1_000', 'inf', 'nan', '1e', 'e5', '--5', '+', '-', '1e5e5', '0b1', "\u{A0}5", "5\u{A0}", '1e+', "\t"];
const VALUES = ['red', '', '0', '7', 'a b', '~*', 'é£', '\'"', '1.50', 'a+b', 'x&y=z', '100%', '%41', "line\r\n", 'A/B', '日本', ':@[x]', '-_.', "\xFF\0\x80", '+', '%7E', 'true'];

function pick(array $of): mixed
{
    return $of[mt_rand(0, count($of) - 1)];
}

function one_in(int $many): bool
{
    return mt_rand(1, $many) === 1;
}

function random_scheme(): array
{
    $scheme = [
        'signature' => pick(['sig', 'hash', 'sign', 'checksum', '_hash', 'X-Sig', 'é', 'h~', 's/g', '0x', 'a']),
        'order' => pick(['as_built', 'sorted', 'sorted_as_text']),
        'rfc3986' => one_in(2),
        'mac' => pick(['sha256', 'sha512']),
        'writing' => pick(['hex', 'HEX', 'base64', 'base64url']),
    ];
    $time = one_in(3) ? null : (one_in(40) ? '5' : pick(['exp', 'expires', 'ts', '_t', 'zz~', 'tïme', 'A%']));
    if ($time !== null && one_in(2)) {
        $scheme['expires'] = $time;
    } elseif ($time !== null) {
        $scheme += ['issued_at' => $time, 'max_age' => pick([0, 5, 300, 86400])];
    }
    $which = mt_rand(0, 8);
    if ($which <= 2) {
        $names = [...array_map(fn () => sent_name(pick(WORDS)), range(0, mt_rand(0, 4))), ...array_filter([$time], 'is_string')];
        shuffle($names);
        $scheme['only'] = array_values(array_diff(array_unique($names), [$scheme['signature']])) ?: ['user'];
    }
    if ($which >= 2 && $which <= 4) {
        // Where both are given, there is a name that both allow: others sign nothing.
        $of = $time ?? (isset($scheme['only']) ? pick($scheme['only']) : pick(['a', 'u', '_', 'é', 'b2']));
        $scheme['only_prefix'] = mb_substr($of, 0, pick([1, 1, 2]));
    }
    return $scheme;
}

// A name as PHP reads it once it was sent.
function sent_name(string $name): string
{
    parse_str(urlencode($name) . '=', $read);
    return (string) array_key_first($read);
}

function nested(int $depth): array
{
    $array = [];
    for ($left = mt_rand(1, 3); $left > 0; $left--) {
        $key = pick(['z', 'k', 'a', '', ' ', 'é', '~', 10, 2, '-1', '01', '1.5', '[']);
        $array[$key] = $depth > 0 && one_in(3) ? nested($depth - 1) : pick(VALUES);
    }
    return $array;
}

function value(): mixed
{
    return match (mt_rand(0, 7)) {
        0 => array_map(fn () => pick(VALUES), range(0, mt_rand(0, 2))),
        1 => nested(2),
        default => pick(VALUES),
    };
}

function time_text(array $scheme): mixed
{
    $now = isset($scheme['expires'])
        ? NOW + pick([600, 600, 1, 0, 0, -1, 86400])
        : NOW - pick([0, 0, 1, -1, $scheme['max_age'], $scheme['max_age'] + 1, intdiv($scheme['max_age'], 2)]);
    $odd = ['', '0', "+$now", "-$now", " $now", "$now ", "0x$now", "$now.0", '1e20', '٣', [(string) $now], str_repeat('9', 30), '9223372036854775808', '18446744073709551615', '18446744073709551616'];
    return match (true) {
        one_in(8) => pick($odd),
        one_in(10) => "000000000000000000000$now",
        default => (string) $now,
    };
}

// The parameters of a request, as its receiver has them.
function parameters(array $scheme): array
{
    $parameters = [];
    for ($left = one_in(60) ? 60 : mt_rand(0, 7); $left > 0; $left--) {
        $name = isset($scheme['only']) && one_in(2) ? pick($scheme['only']) : pick(WORDS);
        $name = match (true) {
            one_in(40) => pick(NUMERIC),
            one_in(40) => pick(ALMOST_NUMERIC),
            $left > 7 => $name . mt_rand(0, 99),
            isset($scheme['only_prefix']) && !one_in(4) => $scheme['only_prefix'] . $name,
            default => $name,
        };
        $parameters[$name] = value();
    }
    $time = $scheme['expires'] ?? $scheme['issued_at'] ?? null;
    if ($time !== null) {
        unset($parameters[$time]);
        $parameters[$time] = time_text($scheme);
    }
    parse_str(http_build_query($parameters), $parameters);
    unset($parameters[$scheme['signature']]);
    return $parameters;
}

// What may be done to the parameters of a query, which come as `name=value`.
function changes_of_parameters(): array
{
    $each = fn ($change) => fn ($sent) => array_map($change, $sent);
    $in_names = fn ($change) => $each(fn ($one) => preg_replace_callback('~^[^=]*~', fn ($name) => $change($name[0]), $one));
    $added = fn ($of) => fn ($sent) => [...$sent, pick($of)];
    return [
        'a value changed' => fn ($sent) => $sent ? array_replace($sent, [$nth = array_rand($sent) => "$sent[$nth]x"]) : ['x=1'],
        'one removed' => fn ($sent) => array_slice($sent, 1),
        'another order' => fn ($sent) => shuffle($sent) ? $sent : [],
        'one added' => $added(['utm_source=m', 'zz=1', 'vk_extra=1', 'vnp_x=1', 'a=1', 'user[]=2', 'site_id=3']),
        'a number added' => fn ($sent) => [...$sent, pick(['', 'vk_']) . urlencode(pick(NUMERIC)) . '=1'],
        'one that PHP skips added' => $added(['=1', '[x]=1', '', '+=', '%00=1', '.=']),
        'one twice' => fn ($sent) => $sent ? [...$sent, pick($sent)] : [],
        'an evil one in front' => fn ($sent) => $sent ? [explode('=', pick($sent))[0] . '=evil', ...$sent] : [],
        'an array behind a value' => fn ($sent) => $sent ? [...$sent, explode('=', $sent[0])[0] . '[x]=evil'] : [],
        '%20 and ~' => $each(fn ($one) => strtr($one, ['+' => '%20', '%7E' => '~', '%2A' => '*'])),
        'escapes in lower case' => $each(fn ($one) => preg_replace_callback('~%..~', fn ($escape) => strtolower($escape[0]), $one)),
        'brackets as they are' => $each(fn ($one) => strtr($one, ['%5B' => '[', '%5D' => ']'])),
        'what may stand as it is' => $each(fn ($one) => strtr($one, ['%C3%A9' => 'é', '%2F' => '/', '%27' => "'", '%3A' => ':'])),
        'names escaped' => $in_names(fn ($name) => strtr($name, ['a' => '%61', 'u' => '%75', 'e' => '%65', '_' => '%5f'])),
        'names that PHP rewrites' => $in_names(fn ($name) => strtr($name, ['_' => pick(['.', '+', '%20'])])),
        'a space before a name' => $in_names(fn ($name) => pick(['+', '%20']) . $name),
    ];
}

// What may be done to the signature: each gives what is sent for it, given its name as it
// is sent, the one of the parameters, and what makes one of other MACs.
function changes_of_signature(array $scheme): array
{
    $sent = fn ($change) => fn ($name, $signature) => "$name=" . urlencode($change($signature));
    $other = fn ($change) => fn ($name, $signature, $sign) => "$name=" . urlencode($sign($change + $scheme));
    $spare = function ($signature) {
        $end = strlen(rtrim($signature, '=')) - 1;
        return substr_replace($signature, chr(ord($signature[$end]) + 1), $end, 1);
    };
    return [
        'no signature' => fn () => '',
        'an empty signature' => $sent(fn () => ''),
        'an array for a signature' => fn ($name, $signature) => $name . pick(['[]', '%5Bx%5D']) . '=' . urlencode($signature),
        'the signature in the other case' => $sent(fn ($text) => strtolower($text) === $text ? strtoupper($text) : strtolower($text)),
        'a character of the signature in the other case' => $sent(fn ($text) => preg_replace_callback('~[a-z]~i', fn ($one) => chr(ord($one[0]) ^ 0x20), $text, 1)),
        'the first character of the signature' => $sent(fn ($text) => ($text[0] === '0' ? '1' : '0') . substr($text, 1)),
        'the last character of the signature' => $sent(fn ($text) => substr($text, 0, -1) . ($text[-1] === '0' ? '1' : '0')),
        'spare bits of the signature' => $sent($spare),
        'without padding' => $sent(fn ($text) => rtrim($text, '=')),
        'more padding' => $sent(fn ($text) => "$text="),
        'a shorter signature' => $sent(fn ($text) => substr($text, 0, -2)),
        'half a signature' => $sent(fn ($text) => substr($text, 0, strlen($text) >> 1)),
        'a longer signature' => $sent(fn ($text) => $text . '00'),
        'white space around the signature' => $sent(fn ($text) => pick([" $text", "$text ", "$text\n", "\t$text"])),
        'a NUL behind the signature' => $sent(fn ($text) => "$text\0"),
        'the other hash' => $other(['mac' => $scheme['mac'] === 'sha256' ? 'sha512' : 'sha256']),
        'another writing' => $other(['writing' => pick(array_values(array_diff(['hex', 'HEX', 'base64', 'base64url'], [$scheme['writing']])))]),
        'another encoding' => $other(['rfc3986' => !$scheme['rfc3986']]),
        'in another order' => $other(['order' => pick(['as_built', 'sorted_as_text'])]),
        'the signature unescaped' => fn ($name, $signature) => "$name=$signature",
        'escapes of the signature in lower case' => fn ($name, $signature) => "$name=" . preg_replace_callback('~%..~', fn ($escape) => strtolower($escape[0]), urlencode($signature)),
        'the signature escaped' => fn ($name, $signature) => "$name=" . preg_replace_callback('~.~s', fn ($one) => sprintf('%%%02x', ord($one[0])), $signature),
        'the name of the signature escaped' => fn ($name, $signature) => preg_replace_callback('~^\w~', fn ($one) => sprintf('%%%02x', ord($one[0])), $name) . '=' . urlencode($signature),
        'two signatures, the first good' => fn ($name, $signature) => "$name=" . urlencode($signature) . "&$name=x",
        'two signatures, the last good' => fn ($name, $signature) => "$name=x&$name=" . urlencode($signature),
        'an array before the signature' => fn ($name, $signature) => "{$name}[]=x&$name=" . urlencode($signature),
    ];
}

// A query, and what was changed in it.
function request(array $scheme, string $secret): array
{
    $parameters = parameters($scheme);
    $sign = function ($scheme) use ($parameters, $secret) {
        try {
            return signature_of($scheme, $secret, text_of($scheme, $parameters));
        } catch (DomainException) {
            return signature_of($scheme, $secret, '');
        }
    };
    $name = urlencode($scheme['signature']);
    $query = http_build_query($parameters);
    [$sent, $signature, $what] = [$query === '' ? [] : explode('&', $query), $sign($scheme), 'as signed'];
    $piece = "$name=" . urlencode($signature);
    $of_parameters = changes_of_parameters();
    $of_signature = changes_of_signature($scheme);
    if (!one_in(3)) {
        $what = pick([...array_keys($of_parameters), ...array_keys($of_signature)]);
        $sent = isset($of_parameters[$what]) ? $of_parameters[$what]($sent) : $sent;
        $piece = isset($of_signature[$what]) ? $of_signature[$what]($name, $signature, $sign) : $piece;
    }
    // First, last or anywhere.
    array_splice($sent, pick([0, count($sent), mt_rand(0, count($sent))]), 0, [$piece]);
    return [implode('&', $sent), $what];
}
