<?php
// The real frameworks: Debian's packages php-illuminate-routing and
// php-symfony-http-kernel, or whatever an autoloader in FRAMEWORKS brings
// (composer's vendor/autoload.php).

error_reporting(E_ALL & ~E_DEPRECATED); // Laravel 8 on PHP 8.2 says much
foreach (getenv('FRAMEWORKS') ? [getenv('FRAMEWORKS')] : ['Illuminate/Routing/autoload.php', 'Symfony/Component/HttpKernel/autoload.php'] as $file) {
    if (stream_resolve_include_path($file) === false) {
        fwrite(STDERR, "no $file\n");
        exit(1);
    }
    require_once $file;
}

use Illuminate\Http\Request;
use Illuminate\Routing\{Route, RouteCollection, UrlGenerator};
use Illuminate\Support\Carbon;

// Before Symfony 6.4 it is another component's.
class_exists(Symfony\Component\HttpFoundation\UriSigner::class)
    || class_alias(Symfony\Component\HttpKernel\UriSigner::class, Symfony\Component\HttpFoundation\UriSigner::class);

const ROUTES = [
    'root' => '/',
    'plain' => 'plain',
    'item' => 'item/{id}',
    'two' => 'a/{x}/b/{y}',
    'opt' => 'opt/{id?}',
    'file' => 'storage/{path}',
    'odd' => 'später/{id}',
];

// A request as a web server hands it to PHP, whose script is /index.php.
function request(string $origin, string $target): Request
{
    // nginx and Apache cut off a fragment.
    [$path, $query] = explode('?', explode('#', $target)[0], 2) + [1 => ''];
    parse_str($query, $parameters);
    [$scheme, $host] = explode('://', $origin, 2);
    return new Request($parameters, [], [], [], [], [
        'REQUEST_METHOD' => 'GET',
        'REQUEST_URI' => $target,
        'QUERY_STRING' => $query,
        'HTTP_HOST' => $host,
        'SERVER_PORT' => parse_url($origin, PHP_URL_PORT) ?? (strtolower($scheme) === 'https' ? 443 : 80),
        'HTTPS' => strtolower($scheme) === 'https' ? 'on' : 'off',
        'SCRIPT_NAME' => '/index.php',
        'SCRIPT_FILENAME' => '/srv/public/index.php',
    ]);
}

function generator(string $key, Request $request): UrlGenerator
{
    $routes = new RouteCollection();
    foreach (ROUTES as $name => $path) {
        $route = new Route(['GET'], $path, ['as' => $name, 'uses' => fn () => null]);
        $routes->add($route->where('path', '.*'));
    }
    return (new UrlGenerator($routes, $request))->setKeyResolver(fn () => $key);
}

function laravel_sign(string $key, string $origin, string $route, array $parameters, ?int $expires, bool $absolute): string
{
    $at = $expires === null ? null : Carbon::createFromTimestamp($expires);
    return generator($key, request($origin, '/'))->signedRoute($route, $parameters, $at, $absolute);
}

function laravel_check(string $key, string $origin, string $target, int $now, bool $absolute): bool
{
    Carbon::setTestNow(Carbon::createFromTimestamp($now));
    $request = request($origin, $target);
    $generator = generator($key, $request);
    return $absolute ? $generator->hasValidSignature($request) : $generator->hasValidRelativeSignature($request);
}

function signer(string $key): Symfony\Component\HttpFoundation\UriSigner
{
    return new Symfony\Component\HttpFoundation\UriSigner($key);
}
