#!/usr/bin/env python3
"""Writes cases.json: requests that are refused, each with what is wrong with it.

Signed here with Python's own hmac and urllib, by nothing of this repository:

    python3 cli/tests/explain/make.py > cli/tests/explain/cases.json

A case has a name, the kind that it is of, what is said of it (a part of each line that begins
with `Cause: `: there are as many lines, and no others), and how it is given.
"""
import base64
import hashlib
import hmac
import json
import sys
from urllib.parse import quote, quote_plus, unquote_plus

SECRET = "changeme!"
END = "4102444800"
HOST = "https://crm.example"
CASES = []


def php(value, space="+", left=""):
    """PHP's urlencode, but for what is left alone."""
    return quote(value, safe=" " + left).replace("~", "~" if "~" in left else "%7E").replace(" ", space)


def build(pairs, encode=php):
    return "&".join(encode(name) + "=" + encode(value) for name, value in pairs)


def mac(text, secret=SECRET, hash="sha256"):
    as_bytes = lambda given: given if isinstance(given, bytes) else given.encode()
    return hmac.new(as_bytes(secret), as_bytes(text), hash)


def sign(text, secret=SECRET, hash="sha256"):
    return mac(text, secret, hash).hexdigest()


def plain(text, hash="sha256"):
    return hashlib.new(hash, text.encode()).hexdigest()


def case(kind, name, url, *said, status=403, exit=1, env=None, args=None, stdin=None):
    # The cases expire late, so that they stay what they are. Only the platform has a longest life.
    if kind not in ("laravel", "symfony", "scheme", "time") and url is not None:
        args = ["--max-lifetime", "10000000000", *(args or [])]
    CASES.append(
        {
            "kind": kind,
            "name": name,
            "env": {"SECRET": SECRET, **(env or {})},
            "args": (args or []) + ([url] if url is not None else []),
            "stdin": stdin,
            "status": status,
            "exit": exit,
            "said": list(said),
        }
    )


def url(query, sig, path="/search", behind=""):
    return f"{HOST}{path}?{query}&sig={sig}{behind}"


RED = [("q", "red"), ("expires", END)]
MORE = [("q", "red shoes"), ("page", "2"), ("lang", "en"), ("expires", END)]
red, more = build(RED), build(MORE)

# --- Secret -------------------------------------------------------------------------------
def secret(name, used, *said, server=SECRET, query=red, path="/search", status=403, exit=1, **more_env):
    env = {"SECRET": server, **more_env}
    case("secret", name, url(query, sign(query, used), path), *said, env=env, status=status, exit=exit)


secret("in double quotes at the signer", f'"{SECRET}"', "signer's secret is in quotes")
secret("in single quotes at the signer", f"'{SECRET}'", "signer's secret is in quotes")
secret("in quotes on the server", SECRET, "SECRET is in quotes", server=f'"{SECRET}"')
secret("line ending at the signer", SECRET + "\n", "white space at its end (a line ending")
secret("CR LF at the signer", SECRET + "\r\n", "white space at its end (a line ending")
secret("space at the signer", SECRET + " ", "signer's secret has white space at its end")
secret("space at the start at the signer", " " + SECRET, "signer's secret has white space at its start")
secret("line ending on the server", SECRET, "SECRET has white space at its end", server=SECRET + "\n")
secret("spaces around on the server", SECRET, "SECRET has white space at both ends", server=f" {SECRET} ")
secret("byte order mark at the signer", "\ufeff" + SECRET, "byte order mark")
secret("byte order mark on the server", SECRET, "SECRET has a byte order mark", server="\ufeff" + SECRET)
HEX = "00112233445566778899aabbccddeeff"
secret("decoded from hex", bytes.fromhex(HEX), "decodes the secret from hex", server=HEX)
KEY64 = base64.b64encode(bytes(range(100, 132))).decode()
secret("decoded from base64", bytes(range(100, 132)), "decodes the secret from base64", server=KEY64)
secret("encoded in hex", SECRET.encode().hex(), "uses the hex of the secret")
secret("encoded in base64", base64.b64encode(SECRET.encode()), "uses the base64 of the secret")
secret("in upper case", SECRET.upper(), "is in upper case, but SECRET is not")
secret("first letter a capital", SECRET.capitalize(), "begins with a capital, but SECRET does not")
secret("lower case for upper case", "changeme", "is in lower case, but SECRET is not", server="ChangeMe")
secret("that of the iframe", "iframe secret", "IFRAME_SECRET", IFRAME_SECRET="iframe secret")
secret("that of the webhooks", "hook secret", "WEBHOOK_SECRET", WEBHOOK_SECRET="hook secret")
secret("that of one of the webhooks", "hook secret", "WEBHOOK_SECRET_CRM", WEBHOOK_SECRET_CRM="hook secret")
secret("cut at a number sign", "abc", "first `#`", server="abc#def")
secret("escaped by a shell", "changeme\\!", "backslash")
secret("encoded as in a URL", "changeme%21", "escapes the secret")
secret("the word undefined", "undefined", "`undefined`")
case("secret", "SECRET for the iframe, which has its own", url(build([("id", "1"), ("expires", END)]), sign(build([("id", "1"), ("expires", END)])), "/iframe"),
     "the secret in SECRET instead of IFRAME_SECRET", env={"IFRAME_SECRET": "iframe secret"})
secret("the previous one", "old secret", PREVIOUS_SECRET="old secret", status=200, exit=0)
secret("the previous one for the iframe", "old secret", path="/iframe", IFRAME_SECRET="iframe secret", PREVIOUS_SECRET="old secret", status=200, exit=0)
secret("the iframe's for the iframe", "iframe secret", path="/iframe", IFRAME_SECRET="iframe secret", status=200, exit=0)
secret("SECRET for the iframe", SECRET, path="/iframe", status=200, exit=0)

# --- What was signed ----------------------------------------------------------------------
def signed(name, text, *said, query=more, kind="signed", base=None, **given):
    address = base or f"{HOST}/search"
    case(kind, name, f"{address}?{query}&sig={sign(text)}", *said, **given)


signed("the path and the query", "/search?" + more, "the path was signed too")
signed("the path without a question mark", "/search" + more, "the path was signed too, with nothing between")
signed("host and path", "crm.example/search?" + more, "the host with the path was signed too")
signed("the whole URL", f"{HOST}/search?{more}", "the whole URL was signed too")
signed("the origin", f"{HOST}?{more}", "the origin was signed too")
signed("a question mark", "?" + more, "`?` was signed in front")
signed("an ampersand in front", "&" + more, "`&` was signed in front")
signed("the URL with http", f"http://crm.example/search?{more}", "the whole URL was signed too", "scheme was signed as `http`")
signed("the URL with the default port", f"{HOST}:443/search?{more}", "the whole URL was signed too", "`:443`")
signed("the URL without its port", f"{HOST}/search?{more}", "the whole URL was signed too", "without its port", base=f"{HOST}:8443/search")
signed("the URL with a trailing slash", f"{HOST}/search/?{more}", "the whole URL was signed too", "trailing slash")
signed("the path without its slash", "/search?" + more, "the path was signed too", "without its trailing slash", base=f"{HOST}/search/")
signed("with utm parameters added", more, "`utm_source` and `utm_campaign` were not signed", query=more + "&utm_source=mail&utm_campaign=may")
signed("with click ids added", more, "`fbclid` and `gclid` were not signed", query="fbclid=x1&" + more + "&gclid=y2")
case("signed", "with something behind the signature", url(more, sign(more), behind="&from=app&x=1"), "`from` and `x` were not signed")
case("signed", "with tracking behind the signature", url(more, sign(more), behind="&utm_source=mail&mc_eid=5"), "`utm_source` and `mc_eid` were not signed")
signed("without page", build([p for p in MORE if p[0] != "page"]), "`page` was not signed")
signed("without page and lang", build([p for p in MORE if p[0] not in ("page", "lang")]), "`page` and `lang` were not signed")
signed("without expires", build(MORE[:-1]), "`expires` was not signed")
signed("only q", build(MORE[:1]), "not signed")
IFRAME = [("id", "1"), ("expires", END)]
ADDED = [("message_sentiment", "good"), ("message_language_code", "en"), ("message_socialsignin_id", "7")]
iframe = build(IFRAME + ADDED)
signed("all of the unsigned", iframe, "`message_sentiment`, `message_language_code` and `message_socialsignin_id` were signed too", query=iframe)
signed("one of the unsigned", build(IFRAME + ADDED[1:2]), "`message_language_code` was signed too", query=iframe)
signed("two of the unsigned", build(IFRAME + ADDED[:2]), "`message_sentiment` and `message_language_code` were signed too", query=iframe)
EMPTY = [("q", "red"), ("tag", ""), ("note", ""), ("expires", END)]
signed("empty parameters dropped", build([p for p in EMPTY if p[1]]), "empty parameters were not signed (`tag` and `note`", query=build(EMPTY))
signed("an empty parameter dropped", build(RED), "empty parameters were not signed (`page`", query=build([("q", "red"), ("page", ""), ("expires", END)]))
signed("an empty signature", more + "&sig=", "an empty `sig` was signed")
case("signed", "the fragment", f"{HOST}/search?{more}&sig={sign(more + '#top')}#top", "the fragment")
signed("repeated names, the first counts", build([("q", "red"), ("expires", END)]), "signed as it was sent", "more than once", query=build([("q", "red"), ("q", "blue"), ("expires", END)]))

# --- Order --------------------------------------------------------------------------------
MIXED = [("z", "1"), ("a", "2"), ("m", "3"), ("expires", END)]
mixed = build(MIXED)
signed("sorted by name", build(sorted(MIXED)), "sorted by name", query=mixed, kind="order")
signed("sorted backwards", build(sorted(MIXED, reverse=True)), "in reverse", query=build(MIXED[1:] + MIXED[:1]), kind="order")
signed("sorted by value", build(sorted([("z", "3"), ("a", "2"), ("m", "1"), ("expires", END)], key=lambda p: p[1])), "sorted by value",
       query=build([("a", "2"), ("m", "1"), ("z", "3"), ("expires", END)]), kind="order")
signed("expires first", build(MIXED[-1:] + MIXED[:-1]), "time was signed first", query=mixed, kind="order")
signed("expires last, sent first", mixed, "time was signed last", query=build(MIXED[-1:] + MIXED[:-1]), kind="order")
signed("sorted, expires last", build(sorted(MIXED[:-1]) + MIXED[-1:]), "sorted by name before signing, and the time was signed last", query=mixed, kind="order")
signed("reversed", build(MIXED[::-1]), "reverse order", query=mixed, kind="order")
signed("reordered in transit", build([MIXED[2], MIXED[0], MIXED[3], MIXED[1]]), "reordered in transit", query=build([MIXED[1], MIXED[2], MIXED[0], MIXED[3]]), kind="order")
PROXIED = [("z", "4"), ("a", "9"), ("m", "1"), ("expires", END)]
signed("sorted by a proxy", build(PROXIED), "reordered in transit", query=build(sorted(PROXIED)), kind="order")
signed("without regard to case", build([("a", "1"), ("B", "2"), ("c", "3"), ("expires", END)]), "ignoring case", query=build([("c", "3"), ("B", "2"), ("a", "1"), ("expires", END)]), kind="order")

# --- Written how --------------------------------------------------------------------------
def written(name, values, encode, *said, **given):
    pairs = values + [("expires", END)]
    signed(name, build(pairs, encode), *said, query=build(pairs), kind="written", **given)


written("%20", [("q", "red shoes")], lambda v: php(v, "%20"), "space is written as `%20`")
written("a raw space", [("q", "red shoes")], lambda v: php(v, " "), "space is not escaped")
for left in "*~:@/'()!,;$":
    written(f"{left} left alone", [("q", f"a{left}b{left}")], lambda v: php(v, left=left), "`" + left + "` is left unescaped")
written("several left alone", [("q", "a:b@c/d,e")], lambda v: php(v, left=":@/,"), "`,` `/` `:` `@` are left unescaped")
written("some left alone", [("q", "a:b@c/d,e")], lambda v: php(v, left=":/"), "`/` `:` are left unescaped")
written("encodeURIComponent", [("q", "it's (a) *~! b")], lambda v: php(v, "%20", "!~*'()"), "`%20`", "encodeURIComponent")
written("rawurlencode", [("q", "a ~ b*")], lambda v: php(v, "%20", "~"), "`%20`", "`~` is left unescaped")
written("Java", [("q", "a b*~")], lambda v: php(v, left="*"), "`*` is left unescaped")
written("brackets", [("a[0]", "x"), ("a[1]", "y")], lambda v: php(v, left="[]"), "brackets")
written("brackets in values", [("q", "[a]")], lambda v: php(v, left="[]"), "`[` `]`")
written("small escapes", [("q", "café:x")], lambda v: php(v).replace("%C3%A9", "%c3%a9").replace("%3A", "%3a"), "lower case")
written("a point escaped", [("q", "a.b")], lambda v: php(v).replace(".", "%2E"), "`.` is escaped")
written("decoded", [("q", "red shoes & café"), ("b", "x/y")], lambda v: v, "signed decoded")
written("encoded twice", [("q", "red shoes/café")], lambda v: php(php(v)), "encoded twice")
written("percent signs encoded twice", [("q", "a:b c")], lambda v: php(v).replace("%", "%25"), "encoded twice")
written("Latin-1", [("q", "café crème")], lambda v: quote_plus(v, encoding="latin-1"), "Latin-1")
written("Latin-1, decoded", [("q", "café")], lambda v: php(v).replace("%C3%A9", "%E9"), "Latin-1")
signed("an entity for &", more.replace("&", "&amp;"), "`&amp;`", kind="written")
signed("a numeric entity for &", more.replace("&", "&#38;"), "`&#38;`", kind="written")
signed("semicolons", more.replace("&", ";"), "separated by `;` instead of `&`", kind="written")
signed("a line ending behind", more + "\n", "a line ending follows", kind="written")
signed("CR LF behind", more + "\r\n", "CR LF", kind="written")
signed("an ampersand behind", more + "&", "`&` follows", kind="written")
ARRAY = [("a[0]", "x"), ("a[1]", "y"), ("expires", END)]
signed("raw arrays", "a[]=x&a[]=y&expires=" + END, "signed as it was sent", query="a[]=x&a[]=y&expires=" + END, kind="written")
signed("raw arrays, escaped", "a%5B%5D=x&a%5B%5D=y&expires=" + END, "raw", query=build(ARRAY), kind="written")
signed("arrays without brackets", "a=x&a=y&expires=" + END, "without brackets", query=build(ARRAY), kind="written")
signed("JSON of PHP", json.dumps(dict(MORE), separators=(",", ":")), "as JSON", kind="written")
signed("JSON of Python", json.dumps(dict(MORE)), "as JSON", kind="written")
NESTED = [("a[b][c]", "1"), ("ids[0]", "7"), ("ids[1]", "8"), ("a[d]", "é/"), ("expires", END)]
TREE = {"a": {"b": {"c": "1"}, "d": "é/"}, "ids": ["7", "8"], "expires": END}
for name, text in [
    ("PHP's json_encode", json.dumps(TREE, separators=(",", ":")).replace("/", r"\/")),
    ("JSON.stringify", json.dumps(TREE | {"expires": int(END)}, separators=(",", ":"), ensure_ascii=False)),
    ("Python's json.dumps", json.dumps(TREE)),
]:
    case("written", "nested JSON of " + name, url(build(NESTED), sign(text)), f"as nested JSON (`{{\"a\":{{\"b\":…}}}}` for `a[b]`) written by {name}")
signed("values alone", "".join(v for _, v in MORE), "only the values", kind="written")
signed("names and values", "".join(n + v for n, v in MORE), "without `=` and `&`", kind="written")
signed("the whole encoded again", quote_plus(more), "whole text was encoded again", kind="written")
signed("as sent", "q=a!b&x=(1)&expires=" + END, "`!` `(` `)` are left unescaped", query="q=a!b&x=(1)&expires=" + END, kind="written")
signed("no = behind an empty one", "q=red&flag&expires=" + END, "without its `=`", query="q=red&flag=&expires=" + END, kind="written")

# --- MAC ----------------------------------------------------------------------------------
def mac_case(name, sig, *said, query=more):
    case("mac", name, url(query, sig), *said)


mac_case("SHA-1", sign(more, hash="sha1"), "HMAC-SHA1")
mac_case("MD5", sign(more, hash="md5"), "HMAC-MD5")
mac_case("SHA-384", sign(more, hash="sha384"), "HMAC-SHA384")
mac_case("SHA-512", sign(more, hash="sha512"), "HMAC-SHA512")
mac_case("SHA-224", sign(more, hash="sha224"), "HMAC-SHA224")
mac_case("SHA-512/256", sign(more, hash="sha512_256"), "HMAC-SHA512/256")
mac_case("plain, secret first", plain(SECRET + more), "plain hash of the secret and the text")
mac_case("plain, text first", plain(more + SECRET), "plain hash of the text and the secret")
mac_case("plain MD5, text first", plain(more + SECRET, "md5"), "hash is MD5", "plain hash of the text and the secret")
mac_case("plain SHA-1, secret first", plain(SECRET + more, "sha1"), "hash is SHA-1", "plain hash of the secret and the text")
mac_case("plain with &key=", plain(more + "&key=" + SECRET), "&key=")
for shown, between in [(f"`{char}`", char) for char in ":&|.?"] + [("a line ending", "\n")]:
    mac_case(f"plain, secret first, {shown} between", plain(SECRET + between + more), f"hash of the secret, {shown} and the text")
for shown, between in [(f"`{char}`", char) for char in ":&|."] + [("a line ending", "\n")]:
    mac_case(f"plain, text first, {shown} between", plain(more + between + SECRET), f"hash of the text, {shown} and the secret")
mac_case("plain with &secret=", plain(more + "&secret=" + SECRET), "`&secret=` and the secret after it")
mac_case("plain, secret at both ends", plain(SECRET + more + SECRET), "the secret, the text and the secret again")
mac_case("of the MAC", sign(sign(more)), "HMAC of the HMAC in hex")
mac_case("of the hash", sign(plain(more)), "HMAC of the text's hash in hex")
mac_case("the secret behind the text", sign(more + SECRET), "the signed text has the secret appended")
for between in ["&key=", "&secret=", "&"]:
    mac_case(f"{between} and the secret behind the text", sign(more + between + SECRET), f"`{between}` and the secret appended")
mac_case("the end alone", sign(more)[32:], "cut to", "only the end of the MAC was sent")
mac_case("without the secret", plain(more), "without the secret")
mac_case("swapped", sign(SECRET, more), "swapped")
mac_case("cut to 32 digits", sign(more)[:32], "cut to")
mac_case("cut to 16 digits", sign(more)[:16], "cut to")
mac_case("SHA-512 cut to 64 digits", sign(more, hash="sha512")[:64], "HMAC-SHA512", "cut to")
mac_case("40 digits of whatever", "0123456789" * 4, "SHA-1")
mac_case("32 digits of whatever", "0123456789abcdef" * 2, "MD5")
mac_case("128 digits of whatever", "0123456789abcdef" * 8, "SHA-512")

# --- Result -------------------------------------------------------------------------------
def result(name, sig, *said, query=more):
    case("result", name, url(query, sig), *said)


valid, raw = sign(more), mac(more).digest()
b64 = base64.b64encode(raw).decode()
result("upper case", valid.upper(), "upper")
result("base64", quote(b64, safe=""), "base64")
result("base64 not escaped", b64, "base64")
result("base64url", base64.urlsafe_b64encode(raw).decode(), "base64")
result("base64url without padding", base64.urlsafe_b64encode(raw).decode().rstrip("="), "base64")
result("base64 of the hex", base64.b64encode(valid.encode()).decode(), "base64 of the hex")
result("a prefix", "sha256=" + valid, "`sha256=` precedes")
result("a prefix with a colon", "sha256:" + valid, "`sha256:` precedes")
result("0x in front", "0x" + valid, "`0x` precedes")
result("in quotes", "%22" + valid + "%22", "precedes", "follows")
result("a point behind", valid + ".", "`.` follows the signature")
result("a bracket behind", valid + ")", "`)` follows the signature")
result("a line ending behind", valid + "%0A", "a line ending follows the signature")
result("a placeholder in braces", "{sig}", "placeholder")
result("a placeholder in angle brackets", "<signature>", "placeholder")
result("%s", "%s", "placeholder")
result("undefined", "undefined", "placeholder")
result("null", "null", "placeholder")
result("nothing", "", "empty")
result("raw bytes of the MAC", quote(raw, safe=""), "raw bytes of the MAC")
result("digits in pairs", "-".join(valid[i:i + 2].upper() for i in range(0, 64, 2)), "between the digits")
result("base32", base64.b32encode(raw).decode().rstrip("="), "base32")
result("hex of the hex", valid.encode().hex(), "the hex of the hex")
nth = next(nth for nth in range(10_000) if {0x0F, 0x00, 0x10} <= set(mac(build([("n", str(nth)), ("expires", END)])).digest()))
odd = build([("n", str(nth)), ("expires", END)])
result("each byte a number", "".join(f"{b:X}" for b in mac(odd).digest()), "leading zeros", query=odd)
result("leading zeros missing", "".join(f"{b:x}" for b in mac("q=red&n=6&expires=" + END).digest()), "leading zeros", query="q=red&n=6&expires=" + END)
result("Python's bytes", "b'" + valid + "'", "precedes", "follows")
result("escaped twice", quote(quote(b64, safe=""), safe=""), "escaped twice", "base64")

# --- Time ---------------------------------------------------------------------------------
def timed(name, expires, *said, status=403, exit=1, **given):
    query = build([("q", "red"), ("expires", expires)])
    case("time", name, url(query, sign(query)), *said, status=status, exit=exit, **given)


timed("milliseconds", "4102444800000", "milliseconds")
timed("milliseconds past a longest life", "1800000000123", "milliseconds", args=["--max-lifetime", "3600"])
timed("microseconds", "1800000000123456", "microseconds")
timed("nanoseconds", "4102444800000000000", "nanoseconds")
timed("a Windows time", str((4102444800 + 11644473600) * 10_000_000), "Windows time")
timed(".NET ticks", str((4102444800 + 62135596800) * 10_000_000), ".NET ticks")
timed("300", "300", "life")
timed("3600", "3600", "life")
timed("ISO date", "2026-11-25T10:00:00Z", "ISO date", status=400)
timed("ISO date without a time", "2100-01-01", "ISO date", status=400)
timed("date in local form", "25.11.2026 10:00", "date", status=400)
timed("date of HTTP", "Wed, 25 Nov 2026 10:00:00 GMT", "date", status=400)
timed("date in digits", "20261125101500", "date")
timed("a fraction", "4102444800.5", "fraction", status=400)
timed("negative", "-1", "negative", status=400)
timed("a word", "undefined", "word", status=400)
timed("with its unit", "300s", "life", status=400)
timed("empty", "", "empty", status=400)
timed("in quotes", '"4102444800"', "quotes", status=400)
timed("exponent", "4.1e9", "exponential", status=400)
timed("long ago", "1500472622", "expired")
timed("too far ahead", END, "max_lifetime", args=["--max-lifetime", "3600"])
timed("further ahead than a day", END, "max_lifetime")
timed("further ahead than MAX_LIFETIME", END, "max_lifetime", env={"MAX_LIFETIME": "31622400"})
timed("as far ahead as may be", END, args=["--max-lifetime", "10000000000"], status=200, exit=0)
timed("within LEEWAY", "1500472622", "expired", env={"LEEWAY": "86400"})

# --- The names, and the wrappers ----------------------------------------------------------
def way(name, address, *said, status=400, **given):
    case("way", name, address, *said, status=status, **given)


right = url(more, sign(more))
way("Sig", right.replace("sig=", "Sig="), "`Sig`")
way("signature", right.replace("sig=", "signature="), "`signature`")
way("hash", right.replace("sig=", "hash="), "`hash`")
way("Expires", f"{HOST}/search?q=red&Expires={END}&sig={sign('q=red&Expires=' + END)}", "`Expires`")
way("expiry", f"{HOST}/search?q=red&expiry={END}&sig={sign('q=red&expiry=' + END)}", "`expiry`")
way("none at all", f"{HOST}/search?q=red&expires={END}", "no `sig`")
way("amp;sig", right.replace("&", "&amp;"), "&amp;")
way("amp;sig alone", right.replace("&sig", "&amp;sig"), "&amp;")
way("a numeric entity", right.replace("&", "&#38;"), "as an HTML entity", status=400)
way("quoted-printable", right.replace("=", "=3D"), "quoted-printable", status=400)
soft = right.replace("=", "=3D")
way("quoted-printable with soft line breaks", soft[:70] + "=\r\n" + soft[70:], "quoted-printable", status=400)
way("Safe Links", "https://eur01.safelinks.protection.outlook.com/?url=" + quote(right, safe="") + "&data=05%7C01&reserved=0", "wrapped the URL")
way("Google", "https://www.google.com/url?q=" + quote(right, safe="") + "&sa=D&ust=1", "wrapped the URL")
way("Facebook", "https://l.facebook.com/l.php?u=" + quote(right, safe="") + "&h=AT0", "wrapped the URL")
way("Proofpoint 2", "https://urldefense.proofpoint.com/v2/url?u=" + quote(right, safe="").replace("-", "%2D").replace("_", "%5F").replace("%2F", "_").replace("%", "-").replace(".", ".") + "&d=DwMF&c=x", "wrapped the URL")
way("Proofpoint 3", "https://urldefense.com/v3/__" + right + "__;!!abc!def$", "wrapped the URL", status=403)
way("Cisco", "https://secure-web.cisco.com/1abc/" + quote(right, safe=""), "wrapped the URL")
way("the wrapper around a URL with another mistake", "https://www.google.com/url?q=" + quote(url(more, valid.upper()), safe=""), "wrapped the URL", "upper")
way("sig twice", url(more, sign(more), behind="&sig=" + "0" * 64), "more than once", status=403)
way("signed twice", url(more + "&sig=" + "0" * 64, sign(more + "&sig=" + "0" * 64)), "signed twice, the second", "signed as it was sent", status=403)
way("signed twice, the first is right", url(more + "&sig=" + sign(more), sign(more + "&sig=" + sign(more))), "more than once", status=403)
way("encoded once too often", f"{HOST}/search?" + build([("q", "a:b c"), ("expires", END)]).replace("%", "%25") + "&sig=" + sign(build([("q", "a:b c"), ("expires", END)])), "once too often", status=403)
way("the whole query encoded", f"{HOST}/search?" + quote(more + "&sig=" + valid, safe=""), "whole query was encoded")
way("a plus decoded", f"{HOST}/search?q=a+b&expires={END}&sig=" + sign(build([("q", "a+b"), ("expires", END)])), "%2B", status=403)
way("an ampersand decoded", f"{HOST}/search?q=a&b&expires={END}&sig=" + sign(build([("q", "a&b"), ("expires", END)])), "%26", status=403)
way("a number sign in a value", f"{HOST}/search?q=c#&expires={END}&sig=" + sign(build([("q", "c#"), ("expires", END)])), "%23")
way("a zero width space", right + "\u200b", "invisible character", status=403)
way("a byte order mark inside", right.replace("q=", "q=\ufeff"), "invisible character", status=403)
way("broken into lines", right[:70] + "\n" + right[70:], "lines", status=400)
way("in angle brackets", f"<{right}>", "`>` follows", status=403)
way("&copy in HTML", f"{HOST}/search?q=red©=1&expires={END}&sig=" + sign(f"q=red&copy=1&expires={END}"), "entity", status=403)
way("a second question mark", f"{HOST}/search?q=red?expires={END}?sig=" + sign(red), "second `?`", status=400)
way("Latin-1 in transit", f"{HOST}/search?q=caf%E9&expires={END}&sig=" + sign(build([("q", "café"), ("expires", END)])), "Latin-1", status=403)
way("UTF-8 twice in transit", f"{HOST}/search?q=caf%C3%83%C2%A9&expires={END}&sig=" + sign(build([("q", "café"), ("expires", END)])), "twice", status=403)

# --- What people have ---------------------------------------------------------------------
wrong = more + "&sig=" + sign(more.replace("+", "%20"))
for name, given in [
    ("a bare query", wrong),
    ("a query with its question mark", "?" + wrong),
    ("a path with a query", "/search?" + wrong),
    ("a host without a scheme", "crm.example/search?" + wrong),
    ("a line of Apache's log", f'203.0.113.7 - - [25/Nov/2026:10:00:00 +0000] "GET /search?{wrong} HTTP/1.1" 403 12 "-" "PHP/8.2"'),
    ("a line of nginx's log", f'203.0.113.7 - - [25/Nov/2026:10:00:00 +0000] "GET /search?{wrong} HTTP/2.0" 403 12 "https://a.example/?x=1" "PHP"'),
    ("a line of IIS", f"2026-11-25 10:00:00 10.0.0.1 GET /search {wrong} 443 - 203.0.113.7 PHP 403"),
    ("a line of JSON", json.dumps({"status": 403, "uri": "/search?" + wrong})),
    ("a command", f"curl -s '{HOST}/search?{wrong}'"),
]:
    case("input", name, given, "`%20`")
case("input", "a name that the server ignores", f"{HOST}/search?{more}&from=app&sig={sign(more)}", args=["--ignore", "from"], status=200, exit=0)
case("input", "names that the server ignores by their start", f"{HOST}/search?{more}&utm_source=a&utm_medium=b&sig={sign(more)}", args=["--ignore-prefix", "utm_"], status=200, exit=0)
case("input", "a name that the server does not ignore", f"{HOST}/iframe?{iframe}&sig={sign(build(IFRAME))}", "not signed", args=["--ignore-only"])
case("input", "within the leeway, and with another signature", url(build([("q", "x"), ("expires", "1500472622")]), "0123456789abcdef" * 4), "unknown; nothing that was tried", args=["--leeway", "1000000000"])
case("input", "within the leeway", url(build([("q", "x"), ("expires", "1500472622")]), sign(build([("q", "x"), ("expires", "1500472622")]))), args=["--leeway", "1000000000"], status=200, exit=0)

# --- Webhooks -----------------------------------------------------------------------------
def hook(name, sent, hashed, *said, secret=SECRET, sig=None, exit=1, status=403, env=None):
    case("webhook", name, None, *said, args=["--webhook", sig or sign(hashed, secret)], stdin=sent, exit=exit, status=status, env=env)


BODY = '{"id":"1","url":"https://a.example/x","name":"Jos\u00e9"}'
value = json.loads(BODY)
hook("right", BODY, BODY, exit=0, status=200)
hook("a line ending added", BODY + "\n", BODY, "line ending was added to the body")
hook("a line ending lost", BODY, BODY + "\n", "line ending of the body was lost")
hook("CR LF for LF", '{\r\n"a":1}', '{\n"a":1}', "from LF to CR LF")
hook("LF for CR LF", '{\n"a":1}', '{\r\n"a":1}', "from CR LF to LF")
hook("byte order mark added", "\ufeff" + BODY, BODY, "byte order mark was added")
hook("byte order mark lost", BODY, "\ufeff" + BODY, "byte order mark in front of the body was lost")
hook("pretty printed", json.dumps(value, indent=2, ensure_ascii=False), BODY, "compact")
hook("made compact", BODY, json.dumps(value, indent=4, ensure_ascii=False), "pretty printed, with four")
hook("of json.dumps", BODY, json.dumps(value), "json.dumps")
hook("escaped slashes", BODY, BODY.replace("/", "\\/"), "slashes")
hook("escaped by PHP", BODY, json.dumps(value, separators=(",", ":")).replace("/", "\\/"), "json_encode")
hook("escaped characters", BODY, json.dumps(value, separators=(",", ":")), "unicode")
hook("sorted", '{"b":1,"a":2}', '{"a":2,"b":1}', "sorted")
hook("base64", BODY, BODY, "base64", sig=base64.b64encode(mac(BODY).digest()).decode())
hook("a prefix", BODY, BODY, "`sha256=`", sig="sha256=" + sign(BODY))
hook("SHA-1", BODY, BODY, "HMAC-SHA1", sig=sign(BODY, hash="sha1"))
hook("the answer's hash", BODY, BODY, "HMAC of the HMAC", sig=sign(sign(BODY)))
hook("SECRET and not WEBHOOK_SECRET", BODY, BODY, "the secret in SECRET instead of WEBHOOK_SECRET", env={"WEBHOOK_SECRET": "other one"})
hook("WEBHOOK_SECRET", BODY, BODY, secret="hook secret", env={"WEBHOOK_SECRET": "hook secret"}, exit=0, status=200)
hook("that of a webhook under a name", BODY, BODY, secret="crm secret", env={"WEBHOOK_SECRET": "hook secret", "WEBHOOK_SECRET_CRM": "crm secret"}, exit=0, status=200)
hook("the previous one", BODY, BODY, secret="old secret", env={"WEBHOOK_SECRET": "hook secret", "PREVIOUS_SECRET": "old secret"}, exit=0, status=200)
hook("a line ending and capitals", BODY + "\n", BODY, "line ending", "upper", sig=sign(BODY).upper())
hook("written anew, base64, another secret", json.dumps(value), BODY, "compact", "quotes", "base64", sig=base64.b64encode(mac(BODY, f'"{SECRET}"').digest()).decode())

# --- Two and three departures together ----------------------------------------------------
def several(name, query, sig, *said, **given):
    case("together", name, url(query, sig) if not given.pop("whole", False) else query, *said, **given)


SPACED = [("q", "red shoes*"), ("b", "x:y"), ("a", "1"), ("expires", END)]
spaced = build(SPACED)
p20 = lambda v: php(v, "%20")
several("%20 and sorted", spaced, sign(build(sorted(SPACED), p20)), "`%20`", "sorted by name")
several("%20, sorted, base64", spaced, quote(base64.b64encode(mac(build(sorted(SPACED), p20)).digest()), safe=""), "`%20`", "sorted by name", "base64")
several("quotes and %20", spaced, sign(build(SPACED, p20), f'"{SECRET}"'), "`%20`", "quotes")
several("line ending in the secret and capitals", spaced, sign(spaced, SECRET + "\n").upper(), "line ending", "upper")
several("SHA-1 and sorted", spaced, sign(build(sorted(SPACED)), hash="sha1"), "HMAC-SHA1", "sorted by name")
several("SHA-1, base64, path", more, quote(base64.b64encode(mac("/search?" + more, hash="sha1").digest()), safe=""), "HMAC-SHA1", "base64", "the path")
several("MD5 of secret and sorted text", spaced, plain(SECRET + build(sorted(SPACED)), "md5"), "MD5", "plain hash", "sorted by name")
several("without expires and sorted", mixed, sign(build(sorted(MIXED[:-1]))), "`expires` was not signed", "sorted by name")
several("without expires and %20", spaced, sign(build(SPACED[:-1], p20)), "`expires` was not signed", "`%20`")
several("utm added and base64", more + "&utm_source=x&utm_medium=y", quote(b64, safe=""), "utm_source", "base64")
several("utm added and %20", more + "&utm_source=x", sign(build(MORE, p20)), "utm_source", "`%20`")
several("whole URL with http, sorted", spaced, sign("http://crm.example/search?" + build(sorted(SPACED))), "whole URL", "`http`", "sorted by name")
several("path, %20, capitals", spaced, sign("/search?" + build(SPACED, p20)).upper(), "the path", "`%20`", "upper")
several("decoded and sorted", spaced, sign(build(sorted(SPACED), lambda v: v)), "decoded", "sorted by name")
several("small escapes and a line ending", build([("q", "a/b"), ("expires", END)]), sign("q=a%2fb&expires=" + END + "\n"), "lower case", "line ending")
several("star left alone, another secret, base64", spaced, quote(base64.b64encode(mac(build(SPACED, lambda v: php(v, left="*")), "iframe").digest()), safe=""), "`*`", "IFRAME_SECRET", "base64", env={"IFRAME_SECRET": "iframe"})
several("&amp; in transit and sorted", right.split("&sig")[0].replace("&", "&amp;") + "&amp;sig=" + sign(build(sorted(MORE))), None, "&amp;", "sorted by name", whole=True, status=400)
several("wrapped, and %20", "https://www.google.com/url?q=" + quote(f"{HOST}/search?{wrong}", safe=""), None, "wrapped the URL", "`%20`", whole=True, status=400)
several("wrapped, and &amp;, and capitals", "https://l.facebook.com/l.php?u=" + quote(url(more, valid.upper()).replace("&", "&amp;"), safe=""), None, "wrapped the URL", "&amp;", "upper", whole=True, status=400)
several("quoted-printable and sorted", (f"{HOST}/search?{mixed}&sig=" + sign(build(sorted(MIXED)))).replace("=", "=3D"), None, "quoted-printable", "sorted by name", whole=True, status=400)
several("signature and base64", f"{HOST}/search?{more}&signature=" + quote(b64, safe=""), None, "`signature`", "base64", whole=True, status=400)
several("Signature, sorted, SHA-1", f"{HOST}/search?{mixed}&Signature=" + sign(build(sorted(MIXED)), hash="sha1"), None, "`Signature`", "sorted by name", "HMAC-SHA1", whole=True, status=400)
several("milliseconds and %20", build([("q", "a b"), ("expires", "4102444800000")]), sign(build([("q", "a b"), ("expires", "4102444800000")], p20)), "`%20`", "milliseconds")
several("a life and sorted", build([("q", "a"), ("b", "1"), ("expires", "300")]), sign(build([("b", "1"), ("expires", "300"), ("q", "a")])), "sorted by name", "life")
several("an ISO date and base64", build([("q", "a"), ("expires", "2026-11-25")]), base64.urlsafe_b64encode(mac(build([("q", "a"), ("expires", "2026-11-25")])).digest()).decode(), "base64", "ISO date", status=400)
several("expired and %20", build([("q", "a b"), ("expires", "1500472622")]), sign(build([("q", "a b"), ("expires", "1500472622")], p20)), "`%20`", "expired")
several("expired, and with another signature", build([("q", "a b"), ("expires", "1500472622")]), sign("q=another"), "unknown; nothing that was tried gives this signature", "expired")
several("expired, and signed with another hash", build([("q", "a b"), ("expires", "1500472622")]), sign("q=another", hash="sha1"), "20 bytes long", "expired")
several("a life, and another signature", build([("q", "a b"), ("expires", "300")]), sign("q=another"), "unknown; nothing that was tried gives this signature", "life")
several("wrapped, and with another signature", "https://www.google.com/url?q=" + quote(f"{HOST}/search?{more}&sig={sign('q=another')}", safe=""), None, "wrapped the URL", "unknown; nothing that was tried gives this signature", whole=True, status=400)
several("decoded base64 secret, SHA-512", more, sign(more, bytes(range(100, 132)), "sha512"), "decodes the secret from base64", "HMAC-SHA512", env={"SECRET": KEY64})
several("quotes and a line ending in the secret", more, sign(more, f'"{SECRET}"\n'), "quotes", "line ending")
several("sorted by a proxy, and base64", build(sorted(MIXED)), quote(base64.b64encode(mac(build([MIXED[3], MIXED[0], MIXED[1], MIXED[2]])).digest()), safe=""), "reordered in transit", "base64")
several("cut to 32 digits and sorted", spaced, sign(build(sorted(SPACED)))[:32], "cut to", "sorted by name")
several("a prefix, SHA-512, a question mark", more, "sha512=" + sign("?" + more, hash="sha512"), "`sha512=`", "HMAC-SHA512", "`?` was signed in front")
several("empty dropped, sorted", build(EMPTY), sign(build(sorted(p for p in EMPTY if p[1]))), "empty parameters", "time was signed first")
several("unsigned ones signed and %20", build([("id", "a b")] + IFRAME[1:] + ADDED), sign(build([("id", "a b")] + IFRAME[1:] + ADDED, p20)), "signed too", "`%20`")

# --- Laravel ------------------------------------------------------------------------------
APP = "https://app.example"
APP_KEY = "base64:" + KEY64
PAIRS = [("user", "7"), ("note", "a b"), ("expires", END)]
links = build(PAIRS)


def laravel(name, signed, *said, at=f"{APP}/unsubscribe", query=links, key=APP_KEY, server=APP_KEY, args=("--laravel", APP), sig=None, status=403, exit=1):
    address = f"{at}?{query}&signature={sig or sign(signed, key)}"
    case("laravel", name, address, *said, args=list(args), env={"SECRET": server}, status=status, exit=exit)


link = f"{APP}/unsubscribe?{links}"
RELATIVE = ("--laravel-relative",)
laravel("right", link, status=200, exit=0)
laravel("right and relative", "/unsubscribe?" + links, args=RELATIVE, status=200, exit=0)
laravel("right at the root", f"{APP}?{links}", at=f"{APP}/", status=200, exit=0)
laravel("APP_KEY decoded", link, "decodes the secret after `base64:`", key=bytes(range(100, 132)))
laravel("APP_KEY without base64:", link, "SECRET begins with `base64:`, but the signer's secret does not", key=KEY64)
laravel("SECRET without base64:", link, "signer's secret begins with `base64:`, but SECRET does not", server=KEY64)
laravel("http for https", link.replace("https", "http"), "scheme was signed as `http`")
laravel("the origin behind a proxy", f"http://localhost/unsubscribe?{links}", "behind the proxy", "scheme was signed as `http`")
laravel("the origin that was pasted", f"https://internal.example:8000/unsubscribe?{links}", "internal.example", at="https://internal.example:8000/unsubscribe")
laravel("with a port", f"{APP}:443/unsubscribe?{links}", "`:443`")
laravel("without the port", link, "without its port", args=("--laravel", APP + ":8443"))
laravel("a trailing slash", f"{APP}/unsubscribe/?{links}", "trailing slash")
laravel("relative for absolute", "/unsubscribe?" + links, "without the origin")
laravel("absolute for relative", link, "whole URL was signed, with the origin", args=RELATIVE)
laravel("only the query", links, "only the query was signed")
laravel("sorted", f"{APP}/unsubscribe?{build(sorted(PAIRS))}", "sorted by name")
laravel("%20", link.replace("+", "%20"), "in transit (`%20` became `+`")
laravel("base64", link, "base64", sig=base64.b64encode(mac(link, APP_KEY).digest()).decode())
laravel("utm added", link, "`utm_source` and `utm_medium` were not signed", query=links + "&utm_source=x&utm_medium=y")
laravel("utm ignored", link, query=links + "&utm_source=x&utm_medium=y", args=("--laravel", APP, "--ignore", "utm_source", "--ignore", "utm_medium"), status=200, exit=0)
laravel("index.php", f"{APP}/index.php/unsubscribe?{links}", "`/index.php`")
laravel("http, decoded key", link.replace("https", "http"), "scheme was signed as `http`", "decodes the secret after `base64:`", key=bytes(range(100, 132)))
laravel("without an expiry", f"{APP}/unsubscribe?user=7", "no `expires`", query="user=7", status=400)
laravel("without an expiry, allowed", f"{APP}/unsubscribe?user=7", query="user=7", args=("--laravel", APP, "--allow-unlimited"), status=200, exit=0)
PAST = build([("user", "7"), ("expires", "1500472622")])
laravel("expired", f"{APP}/unsubscribe?{PAST}", "expired", query=PAST)
laravel("within the leeway", f"{APP}/unsubscribe?{PAST}", query=PAST, args=("--laravel", APP, "--leeway", "1000000000"), status=200, exit=0)
laravel("too far ahead", link, "max_lifetime", args=("--laravel", APP, "--max-lifetime", "3600"))

# --- Symfony ------------------------------------------------------------------------------
BASE = [("user", "7"), ("note", "a b"), ("_expiration", END)]


def symfony(name, signed, *said, at=f"{APP}/reset", pairs=BASE, key=SECRET, sig=None, status=403, exit=1, args=("--symfony", APP)):
    sig = sig or base64.b64encode(mac(signed, key).digest()).decode()
    address = f"{at}?{build(pairs)}&_hash={quote(sig, safe='')}"
    case("symfony", name, address, *said, args=list(args), status=status, exit=exit)


sorted_link = f"{APP}/reset?{build(sorted(BASE))}"
raw_link = mac(sorted_link).digest()
symfony("right", sorted_link, status=200, exit=0)
symfony("right, of 7.3", sorted_link, sig=base64.urlsafe_b64encode(raw_link).decode().rstrip("="), status=200, exit=0)
symfony("not sorted", f"{APP}/reset?{build(BASE)}", "not sorted")
symfony("hex", sorted_link, "hex instead of base64", sig=sign(sorted_link))
symfony("http for https", sorted_link.replace("https", "http"), "scheme was signed as `http`")
symfony("base64url with padding", sorted_link, "padding", sig=base64.urlsafe_b64encode(mac("https://app.example/reset?" + build(sorted(BASE))).digest()).decode())
symfony("base64 without padding", sorted_link, "padding", sig=base64.b64encode(raw_link).decode().rstrip("="))
symfony("a trailing slash", sorted_link.replace("/reset", "/reset/"), "trailing slash")
symfony("the path alone", "/reset?" + build(sorted(BASE)), "without the origin")
symfony("another secret's quotes", sorted_link, "quotes", key=f'"{SECRET}"')
symfony("%20 and http", sorted_link.replace("+", "%20").replace("https", "http"), "`%20`", "`http`")
symfony("without the expiry", f"{APP}/reset?{build(sorted(BASE[:-1]))}", "`_expiration` was not signed")
symfony("the origin with a port, and hex", sorted_link.replace(APP, APP + ":443"), "`:443`", "hex instead of base64", sig=sign(sorted_link.replace(APP, APP + ":443")))
PAST = [("_expiration", "1500472622"), ("user", "7")]
symfony("expired", f"{APP}/reset?{build(PAST)}", "expired", pairs=PAST)
symfony("within the leeway", f"{APP}/reset?{build(PAST)}", pairs=PAST, args=("--symfony", APP, "--leeway", "1000000000"), status=200, exit=0)
symfony("too far ahead", sorted_link, "max_lifetime", args=("--symfony", APP, "--max-lifetime", "3600"))
symfony("without an expiry, allowed", f"{APP}/reset?user=7", pairs=[("user", "7")], args=("--symfony", APP, "--allow-unlimited"), status=200, exit=0)
symfony("without an expiry", f"{APP}/reset?user=7", "no `_expiration`", pairs=[("user", "7")], status=400)

# --- The side that is to blame ------------------------------------------------------------
BLUE = "blue-Harbour-77"
BLUE_ENV = {"SECRET": BLUE}


def rfc(pairs):
    return build(pairs, lambda v: quote(v, safe="~"))


def blue(kind, name, signed, came, *said, sig=None, path="/search", args=None, env=None, status=403, exit=1, secret=BLUE):
    """What is signed, and the query that came of it."""
    case(kind, name, url(came, sig or sign(signed, secret), path), *said, env={**BLUE_ENV, **(env or {})}, args=args, status=status, exit=exit)


def link(kind, name, pairs, rewrite, *said, path="/u/7", came_path=None, status=403, args=("--laravel", APP), origin=APP, exit=1):
    """A link as Laravel signs it, of which something else came."""
    signed = f"{'' if args == RELATIVE else origin}{path}?{rfc(pairs)}"
    query = rewrite(f"{rfc(pairs)}&signature={sign(signed, BLUE)}")
    case(kind, name, f"{APP}{came_path or path}?{query}", *said, env=BLUE_ENV, args=list(args), status=status, exit=exit)


NOTE = [("note", "a b"), ("mail", "x@y.example"), ("expires", END)]
for name, (old, new) in {"a plus": ("%20", "+"), "an at sign": ("%40", "@"), "both decoded": ("%40", "@")}.items():
    link("side", f"Laravel, {name}", NOTE, lambda q: q.replace(old, new), f"in transit (`{old}` became `{new}`")
link("side", "Laravel, a tilde escaped", [("note", "a~b"), ("expires", END)], lambda q: q.replace("~", "%7E"), "in transit (`~` became `%7E`")
link("side", "Laravel, small escapes", [("note", "a/é"), ("expires", END)], lambda q: q.replace("%2F", "%2f").replace("%C3%A9", "%c3%a9"), "in transit (`%2F` became `%2f`")
link("side", "Laravel, brackets decoded", [("a[0]", "x"), ("expires", END)], lambda q: q.replace("%5B", "[").replace("%5D", "]"), "in transit (`%5B` became `[`")
link("side", "Laravel, parentheses in the path", NOTE, str, "in transit (`%28` became `(`", path="/a%281%29", came_path="/a(1)")
link("side", "Laravel, an at sign escaped in the path", NOTE, str, "in transit (`@` became `%40`", path="/a@b", came_path="/a%40b")
link("side", "Laravel, small escapes in the path", NOTE, str, "in transit (`%C3` became `%c3`", path="/caf%C3%A9", came_path="/caf%c3%a9")
link("side", "Laravel, a tilde escaped in the path", NOTE, str, "in transit (`~` became `%7E`", path="/~ada", came_path="/%7Eada")
link("side", "Laravel, slashes merged", NOTE, str, "two slashes in the path were merged", path="/a//b", came_path="/a/b")
link("side", "Laravel, a slash decoded", NOTE, str, "`%2F` in the path was decoded", path="/a%2Fb", came_path="/a/b")
link("side", "Laravel, a prefix stripped", NOTE, str, "with `/api` in front of it", path="/api/u/7", came_path="/u/7")
link("side", "Laravel, relative, a prefix stripped", NOTE, str, "with `/backend` in front of it", path="/backend/u", came_path="/u", args=RELATIVE)
link("side", "Laravel, encoded again", [("mail", "x@y"), ("expires", END)], lambda q: q.replace("%", "%25"), "encoded once too often in transit")
link("side", "Laravel, fbclid without =", NOTE, lambda q: q + "&fbclid", "`fbclid` was not signed")
link("side", "Laravel, nginx's path in the query", NOTE, lambda q: "/u/7&" + q, "the path is in the query")
case("side", "Laravel, APP_KEY without base64:", f"{APP}/u?{rfc(NOTE)}&signature={sign(f'{APP}/u?{rfc(NOTE)}', KEY64)}", "SECRET begins with `base64:`, but the signer's secret does not",
     env={"SECRET": APP_KEY}, args=["--laravel", APP])
PLUS = [("q", "red shoes"), ("mail", "a@b"), ("expires", END)]
blue("side", "a plus escaped in transit", build(PLUS), build(PLUS).replace("+", "%2B"), "`+` was escaped in transit")
blue("side", "an escape escaped in transit", build(PLUS), build(PLUS).replace("%40", "%2540"), "encoded once too often in transit")
blue("side", "both escaped in transit", build(PLUS), build(PLUS).replace("%40", "%2540").replace("+", "%2B"), "encoded once too often in transit")
for name, white in {"a line ending": "%0A", "CR LF": "%0D%0A", "a space": "%20", "a plus": "+", "a tab": "%09"}.items():
    broken = sign(red, BLUE)
    blue("side", f"{name} in the signature", red, red, "white space got into", sig=broken[:40] + white + broken[40:])
blue("side", "fbclid without =", red, red + "&fbclid", "`fbclid` was not signed")
case("side", "fbclid without = behind the signature", url(red, sign(red, BLUE), behind="&fbclid"), "`fbclid` was not signed", env=BLUE_ENV)
case("side", "&amp at the end", url(red, sign(red, BLUE), behind="&amp"), "ends in `&amp`", env=BLUE_ENV)
blue("side", "nginx's path in the query", more, "/search&" + more, "the path is in the query")
SEVENTEEN = [("id", "42"), ("expires", "1700000000")]
qp = url(build(SEVENTEEN), sign(build(SEVENTEEN), BLUE))
signature = sign(build(SEVENTEEN), BLUE)
case("side", "quoted-printable decoded twice, a digit", qp.replace("id=42", "idB"), "quoted-printable once too often", "expired", env=BLUE_ENV)
case("side", "quoted-printable decoded twice, the expiry", qp.replace("expires=17", "expires%17"), "quoted-printable once too often", "expired", env=BLUE_ENV, status=400)
case("side", "an equals sign lost", qp.replace("id=42", "id42"), "an `=` was lost", "expired", env=BLUE_ENV)
case("side", "the expiry's equals sign lost", qp.replace("expires=", "expires"), "an `=` was lost", "expired", env=BLUE_ENV, status=400)
case("side", "the signature's equals sign lost", qp.replace("sig=", "sig"), "an `=` was lost", "expired", env=BLUE_ENV, status=400)
for name, char, word, rest in [("timestamp", "×", "times", "tamp"), ("currency", "¤", "curren", "cy"), ("notify", "¬", "not", "ify"), ("copy", "©", "copy", ""), ("region", "®", "reg", "ion")]:
    pairs = [("q", "red"), (name, "5"), ("expires", END)]
    for form, text in {"as it is": char, "in UTF-8": quote(char), "in Latin-1": quote(char, encoding="latin-1")}.items():
        blue("side", f"{name} as an entity, {form}", build(pairs), build(pairs).replace("&" + name, text + rest), "HTML entity")

# --- Values -------------------------------------------------------------------------------
def value(name, signed, came, *said, other="Red  Shoes / 7"):
    """One value is signed in another form than it is sent, another one as it is."""
    pairs = lambda v: [("note", other), ("x", v), ("expires", END)]
    blue("value", name, build(pairs(signed)), build(pairs(came)), "`x` was ", *said)


value("trimmed", "red", " red ")
value("in lower case", "ada@example.com", "Ada@Example.com")
value("composed", "caf\u00e9", "cafe\u0301")
value("decomposed", "cafe\u0301", "caf\u00e9")
value("zeros dropped", "1234.5", "1234.50")
value("zeros added", "1234.50", "1234.5")
value("007 as a number", "7", "007")
value("a decimal added", "10.0", "10")
value("a decimal dropped", "10", "10.0")
value("True", "True", "true")
value("True for 1", "True", "1")
value("None", "None", "")
value("slashes added", "O\\'Brien", "O'Brien")
value("slashes sent", "O'Brien", "O\\'Brien")
value("JSON compact", '{"a":1,"b":"é"}', '{"a": 1, "b": "é"}')
blue("value", "JSON escaped", build([("x", '{"b":"\\u00e9"}'), ("expires", END)]), build([("x", '{"b":"é"}'), ("expires", END)]), "`\\u…`")
value("JSON with spaces", '{"a": 1}', '{"a":1}')
blue("value", "a word of Python", build([("x", "True"), ("expires", END)]), build([("x", "true"), ("expires", END)]), "as Python writes it")
blue("value", "all in lower case", build([("q", "red"), ("name", "ada"), ("expires", END)]), build([("q", "Red"), ("name", "Ada"), ("expires", END)]), "signed in lower case")
blue("value", "commas for an array", build([("ids", "1,2,3"), ("expires", END)]), build([("ids[0]", "1"), ("ids[1]", "2"), ("ids[2]", "3"), ("expires", END)]), "one value with commas")
blue("value", "an array for commas", build([("ids[0]", "1"), ("ids[1]", "2"), ("expires", END)]), build([("ids", "1,2"), ("expires", END)]), "signed as an array")
blue("value", "an array for commas, raw", "ids[]=1&ids[]=2&expires=" + END, build([("ids", "1,2"), ("expires", END)]), "signed as an array", "brackets")
blue("value", "UTF-8 encoded twice by the signer", build([("q", "café".encode().decode("latin-1")), ("expires", END)]), build([("q", "café"), ("expires", END)]), "encoded as UTF-8 twice before it was signed")

# --- More secrets -------------------------------------------------------------------------
for name, used, said in [
    ("of OAuth 1", BLUE + "&", "has `&` at its end"),
    ("an en dash", "blue–Harbour-77".replace("-", "–"), "made typographic"),
    ("an invisible character at the end", BLUE + "\u200b", "invisible character"),
    ("the whole line", "SECRET=" + BLUE, "the whole line `SECRET=…`"),
    ("a parameter's text", "%env(APP_SECRET)%", "`%env(APP_SECRET)%`"),
    ("Symfony's first one", "ThisTokenIsNotSoSecretChangeIt", "`ThisTokenIsNotSoSecretChangeIt`"),
    ("Laravel's first one", "SomeRandomString", "`SomeRandomString`"),
]:
    secret(name, used, said, server=BLUE)
secret("a dash made typographic on the server", BLUE, "SECRET has a dash that was made typographic", server=BLUE.replace("-", "—"))
secret("an invisible character on the server", BLUE, "SECRET has an invisible character", server=BLUE + "\u200b")
secret("the whole line on the server", BLUE, "SECRET begins with a variable's name", server="SECRET=" + BLUE)
secret("dollars doubled", "pa$$$$word", "written twice (`$$`)", server="pa$$word")
secret("an exclamation mark escaped", "change\\!me-77", "`\\!`", server="change!me-77")
case("secret", "sent as the signature", url(red, BLUE), "the secret itself was sent as the signature", env=BLUE_ENV)
case("secret", "sent as the signature, in hex", url(red, BLUE.encode().hex()), "the secret itself was sent as the signature", env=BLUE_ENV)

# --- Where from ---------------------------------------------------------------------------
for prefix in ["/public", "/index.php", "/app_dev.php", "/api"]:
    laravel(f"{prefix} in front", f"{APP}{prefix}/unsubscribe?{links}", f"with `{prefix}` in front of it")
    symfony(f"{prefix} in front", f"{APP}{prefix}/reset?{build(sorted(BASE))}", f"with `{prefix}` in front of it")
laravel("a locale in front", f"{APP}/de/unsubscribe?{links}", "a locale, `/de`")
laravel("a locale lost by the signer", f"{APP}/unsubscribe?{links}", "without its first segment", at=f"{APP}/de/unsubscribe")
laravel("a slash at the end of APP_URL", f"{APP}//unsubscribe?{links}", "a trailing slash (from `APP_URL`)")
laravel("a subdomain", f"https://api.app.example/unsubscribe?{links}", "`api.` in front")
laravel("another host of a container", f"http://laravel.test/unsubscribe?{links}", "behind the proxy (laravel.test)", "scheme was signed as `http`")
case("laravel", "a path of the platform's iframe", f"{APP}/iframe?{links}&signature={sign(f'{APP}/iframe?{links}', APP_KEY)}", env={"SECRET": APP_KEY, "IFRAME_SECRET": "iframe secret"}, args=["--laravel", APP], status=200, exit=0)
case("laravel", "a hash router", f"{APP}/#/unsubscribe?{links}&signature={sign(f'{APP}/unsubscribe?{links}', APP_KEY)}", "hash router", env={"SECRET": APP_KEY}, args=["--laravel", APP], status=400)
way("a hash router", f"{HOST}/#/search?{more}&sig={sign(more)}", "hash router")

# --- More bodies --------------------------------------------------------------------------
hook("a decimal dropped", '{"a":1,"b":[2.5,1]}', '{"a":1.0,"b":[2.5,1.0]}', "`1.0`")
hook("one decimal of two dropped", '{"id":5,"b":2}', '{"id":5,"b":2.0}', "a whole number")
hook("a decimal added", '{"a":1.0}', '{"a":1}', "`1.0`")
hook("entities decoded", '{"a":"x & y"}', '{"a":"x &amp; y"}', "entities")
hook("entities added", '{"a":"x &amp; y"}', '{"a":"x & y"}', "entities")
hook("capitals in escapes", '{"a":"\\u00e9"}', '{"a":"\\u00E9"}', "upper")
hook("lower case in escapes", '{"a":"\\u00E9"}', '{"a":"\\u00e9"}', "from lower case")
hook("nothing on standard input", "", BODY, "`< body.json` was forgotten")

# --- Signatures that are none, and times ---------------------------------------------------
case("mac", "4 characters", url(red, "7c9a"), "only 4 characters")
case("mac", "63 digits of whatever", url(red, ("0123456789abcdef" * 4)[:63]), "63 digits, one too few")
case("mac", "65 digits of whatever", url(red, "0123456789abcdef" * 4 + "0"), "65 digits, one too many")

# --- Schemes of one's own -----------------------------------------------------------------
def own(name, args, query, sig, *said, status=403, exit=1):
    case("scheme", name, query + sig, *said, args=args, env=BLUE_ENV, status=status, exit=exit)


SHOP = [("order", "7"), ("amount", "12 €"), ("ts", "1795000000")]
AGED = ["--signature", "hash", "--issued-at", "ts", "--max-age", "4000000000", "--sorted"]
shop = build(sorted(SHOP))
own("sorted, as it should be", AGED, build(SHOP), "&hash=" + sign(shop, BLUE), status=200, exit=0)
own("not sorted", AGED, build(SHOP), "&hash=" + sign(build(SHOP), BLUE), "not sorted")
own("in base64", AGED, build(SHOP), "&hash=" + quote(base64.b64encode(mac(shop, BLUE).digest()), safe=""), "base64 instead of hex")
own("in hex for base64", AGED + ["--write", "base64"], build(SHOP), "&hash=" + sign(shop, BLUE), "hex instead of base64")
own("without capitals", AGED + ["--write", "upper-hex"], build(SHOP), "&hash=" + sign(shop, BLUE), "lower-case hex")
own("SHA-256 for SHA-512", AGED + ["--sha512"], build(SHOP), "&hash=" + sign(shop, BLUE), "HMAC-SHA256 instead of HMAC-SHA512")
own("SHA-512, as it should be", AGED + ["--sha512"], build(SHOP), "&hash=" + sign(shop, BLUE, "sha512"), status=200, exit=0)
own("SHA-512, with quotes", AGED + ["--sha512"], build(SHOP), "&hash=" + sign(shop, f'"{BLUE}"', "sha512"), "quotes")
own("a plus for %20", ["--signature", "hash", "--rfc3986"], build(SHOP), "&hash=" + sign(build(SHOP), BLUE), "written as `+` instead of `%20`")
own("RFC 3986, as it should be", ["--signature", "hash", "--rfc3986"], build(SHOP), "&hash=" + sign(rfc(SHOP), BLUE), status=200, exit=0)
ONLY = ["--signature", "hash", "--only", "order", "--only", "amount"]
own("only some, as it should be", ONLY, build(SHOP), "&hash=" + sign(build(SHOP[:2]), BLUE), status=200, exit=0)
own("more than some", ONLY, build(SHOP), "&hash=" + sign(build(SHOP), BLUE), "`ts` was signed too")
own("some in another order", ONLY, build(SHOP), "&hash=" + sign(build(SHOP[1::-1]), BLUE), "sorted by name")
own("issued too long ago", ["--signature", "hash", "--issued-at", "ts", "--max-age", "60"], build(SHOP), "&hash=" + sign(build(SHOP), BLUE), "expired")
own("issued in the future", ["--signature", "hash", "--issued-at", "ts", "--max-age", "60"], "ts=" + END, "&hash=" + sign("ts=" + END, BLUE), "in the future")
own("without a time", ["--signature", "hash"], "a=1", "&hash=" + sign("a=1", BLUE), status=200, exit=0)
own("under another name", ["--signature", "hash"], "a=1", "&sig=" + sign("a=1", BLUE), "`hash` is missing", status=400)

# --- Nothing that is a signature --------------------------------------------------------------
def unsigned(name, query, *said, args=None):
    case("unsigned", name, query, *said, status=400, args=args)


unsigned("one parameter", "q=red", "has only one parameter: it was not signed, or a shell cut it")
unsigned("no parameter", "https://a.example/?", "no other parameter looks like a signature")
unsigned("two parameters", "q=red&expires=" + END, "no other parameter looks like a signature")
unsigned("a short hash", "q=red&hash=00", "no other parameter looks like a signature")
unsigned("a short one of Laravel", "?expires=1900000000&signature=00", "it has `signature`, which Laravel's links use")
unsigned("one of Laravel alone", "?signature=00", "it has `signature`, which Laravel's links use")
unsigned("a short one of Symfony", "/a?_expiration=1900000000&_hash=00", "it has `_hash`, which Symfony's links use")
unsigned("a short one of Symfony for Laravel", f"{APP}/a?_hash=00", "no `signature` in the URL; it has `_hash`", args=["--laravel", APP])

for number, one in enumerate(CASES):
    assert sum(one["kind"] == other["kind"] and one["name"] == other["name"] for other in CASES) == 1, one["name"]
json.dump(CASES, sys.stdout, indent=1, ensure_ascii=True)
print()
