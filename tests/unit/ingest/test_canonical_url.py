"""One form for all addresses of a page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.canonical_url import canonical_url, host_of


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("  HTTPS://Example.COM/A ", "https://example.com/A"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&utm_medium=y", "https://example.com/a"),
        ("https://example.com/a?id=3&fbclid=z&UTM_Source=q", "https://example.com/a?id=3"),
        ("https://example.com/a?gclid=1&b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?id=3&ref=4&cid=5", "https://example.com/a?cid=5&id=3&ref=4"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://exämple.de/ü", "https://xn--exmple-cua.de/%C3%BC"),
        ("https://example.com/%7Ea", "https://example.com/~a"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]/x"),
        ("https://example.com./a", "https://example.com/a"),
    ],
)
def test_canonical_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "http://[bad/x",
        "https://example.com:99999/x",
        "https://ex ample.com/",
        "//example.com/a",
        "https://example.com/" + "a" * 3_000,
    ],
)
def test_what_is_no_address_of_a_page_identifies_nothing(url: str) -> None:
    assert canonical_url(url) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_never_raises_and_is_stable(host: str, rest: str) -> None:
    for url in (host, f"https://{host}/{rest}", f"https://example.com/?{rest}"):
        found = canonical_url(url)
        if found is not None:
            assert found.startswith(("http://", "https://"))
            assert canonical_url(found) == found


def test_thousands_of_parameters_take_no_time() -> None:
    started = time.perf_counter()
    canonical_url("https://example.com/?" + "&".join(f"utm_{n}={n}" for n in range(50_000)))
    assert time.perf_counter() - started < 20  # bounds a hang: half a second on an idle core


def test_the_host_names_the_provider() -> None:
    assert host_of("https://www.example.com/a") == "example.com"
    assert host_of("https://news.example.com:8443/a") == "news.example.com"
