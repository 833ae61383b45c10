"""One form for all addresses of a page, without what only tells where its reader came from."""

import re
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_URL = 2_048

# Parameters that never select the content. Names like `id`, `source`, `ref` or `cid` are kept: on some
# sites they do, and two stories taken for one is worse than one story taken for two.
_TRACKING = re.compile(
    r"^(?:utm_.*|pk_.*|mtm_.*|matomo_.*|at_(?:medium|campaign|custom\d?|link.*|format|ptr.*|bbc_team)|hsa_.*|mc_[ce]id"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|mkt_tok"
    r"|_hs(?:enc|mi)|__s|vero_(?:id|conv)|oly_(?:anon|enc)_id|wickedid|rb_clid|s_cid|ns_(?:source|mchannel|campaign|linkname|fee)"
    r"|cmpid|ocid|xtor|ito|smid|smtyp|sfmc_.*|spm|share_?(?:id|type)|ref_src|ref_url|guccounter|guce_referrer.*|_ga|_gl)$",
    re.IGNORECASE,
)
# Letters of any script (they become punycode), or an IPv6 address.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """The canonical form, or `None` where it is no http(s) address of a host (it then identifies nothing).

    Host in lower case and punycode, no default port, no credentials, no fragment, no tracking parameters,
    the other parameters sorted, escapes in one form.
    """
    address = "".join(char for char in url.strip() if char.isprintable())
    try:
        parts = urlsplit(address)
        scheme, host = parts.scheme.lower(), parts.hostname or ""
        if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
            return None
        plain = parts._replace(scheme=scheme, netloc=_host(scheme, host, parts.port))
        found = canonicalize_url(_without_tracking(plain.geturl(), parts.query))
    except (ValueError, UnicodeError):
        return None
    return found if len(found) <= MAX_URL else None


def _host(scheme: str, name: str, port: int | None) -> str:
    host = f"[{name}]" if ":" in name else name.rstrip(".")
    return host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"


def _without_tracking(url: str, query: str) -> str:
    if not query:
        return url
    names = {piece.partition("=")[0] for piece in query.split("&")}
    tracking = [name for name in names if _TRACKING.match(name)]
    return url_query_cleaner(url, tracking, remove=True, unique=False) if tracking else url


def host_of(url: str) -> str | None:
    """The host of a canonical address without `www.`: who provides it, where nobody said."""
    name = urlsplit(url).hostname
    return name.removeprefix("www.") if name else None
