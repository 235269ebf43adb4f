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
