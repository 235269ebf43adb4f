<?php
// The receiver and the signer as one writes them in PHP: what this crate is to
// agree with.

// `parse_str`, or null where PHP drops what is past its limits and warns.
function read_query(string $query): ?array
{
    $limited = false;
    set_error_handler(function () use (&$limited) {
        return $limited = true;
    }, E_WARNING);
    parse_str($query, $parameters);
    restore_error_handler();
    return $limited ? null : $parameters;
}

function canonical(string $query): ?string
{
    $parameters = read_query($query);
    return $parameters === null ? null : http_build_query($parameters);
}

// The status that a request deserves at a time; ignored names are joined by `&`.
function verdict(string $query, string $secret, string $now, string $ignored = ''): int
{
    $parameters = read_query($query);
    $sig = $parameters['sig'] ?? null;
    $expires = $parameters['expires'] ?? null;
    if (!is_string($sig) || !is_string($expires) || !ctype_digit($expires)) {
        return 400;
    }
    unset($parameters['sig']);
    foreach ($ignored === '' ? [] : explode('&', $ignored) as $name) {
        unset($parameters[$name]);
    }
    if (!hash_equals(hash_hmac('sha256', http_build_query($parameters), $secret), $sig)) {
        return 403;
    }
    // A number too large for an integer becomes a float, and compares as one.
    return +$expires >= (int) $now ? 200 : 403;
}

// Signs what the query's parameters are once PHP has read them.
function sign(string $query, string $secret, string $expires): ?string
{
    $parameters = read_query($query);
    if ($parameters === null) {
        return null;
    }
    $signed = http_build_query($parameters + ['expires' => $expires]);
    return $signed . '&sig=' . hash_hmac('sha256', $signed, $secret);
}

// The query of an array, given as JSON.
function build(string $json): string
{
    return http_build_query(json_decode($json, true, 512, JSON_THROW_ON_ERROR));
}

// The parameters of a query as JSON; null where PHP's limits are passed, or where one is
// not UTF-8.
function read(string $query): ?string
{
    $parameters = read_query($query);
    $json = $parameters === null ? false : json_encode($parameters, 0, 512);
    return $json === false ? null : $json;
}

// Whether PHP reads an array, given as JSON, back from its query: as text, and without
// what writes nothing.
function reads_back(string $json): bool
{
    $array = json_decode($json, true, 512, JSON_THROW_ON_ERROR);
    return read_query(http_build_query($array)) === as_text($array);
}

function as_text(array $array): array
{
    $text = [];
    foreach ($array as $key => $value) {
        $value = is_array($value) ? as_text($value) : urldecode(substr(http_build_query(['v' => $value]), 2));
        $is_written = is_array($value) ? $value !== [] : $array[$key] !== null;
        if ($is_written) {
            $text[$key] = $value;
        }
    }
    return $text;
}
