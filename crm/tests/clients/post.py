"""Posts a large body in every way that Python's own library has, and prints the status of each."""

import http.client
import sys
import urllib.error
import urllib.request

SIZE = 50_000_000
url, headers = sys.argv[1], dict(header.split(": ", 1) for header in sys.argv[2:])
scheme, rest = url.split("://")
host, path = rest.split("/", 1)
body = b"x" * SIZE


def with_urllib():
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        return error


def with_http_client(body, **options):
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("POST", "/" + path, body=body, headers=headers, **options)
    return connection.getresponse()


def show(name, response):
    print(name, response.status, len(response.read()), flush=True)


show("urllib", with_urllib())
show("http.client", with_http_client(body))
pieces = (body[:65536] for _ in range(SIZE // 65536))
show("http.client-chunked", with_http_client(pieces, encode_chunked=True))
