"""Text from other servers made safe to show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.translate.text import clean_html, paragraphs, plain_line, plain_text

REL = 'rel="nofollow noopener noreferrer ugc"'
INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff"


# C-141
@pytest.mark.parametrize(
    ("received", "shown"),
    [
        ("<p>Two <b>chairs</b></p>", "<p>Two chairs</p>"),
        ("<p>a<br>b <em>c</em> <strong>d</strong></p>", "<p>a<br>b <em>c</em> <strong>d</strong></p>"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("<blockquote>a <code>b</code></blockquote>", "<blockquote>a <code>b</code></blockquote>"),
        ('<p onclick="x()" style="color:red" class="x" id="y">a</p>', "<p>a</p>"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ('<img src="https://river.example/x.png">', ""),  # C-142
        ('<iframe src="https://river.example/"></iframe>', ""),
        ('<form action="/x"><input name="a"><button>b</button></form>', "b"),
        ("<!-- x --><h1>a</h1>", "a"),
        ('<a href="https://river.example/">a</a>', f'<a href="https://river.example/" {REL}>a</a>'),
        (
            '<a href="http://river.example/" rel="me" target="_top">a</a>',
            f'<a href="http://river.example/" {REL}>a</a>',
        ),
        ('<a href="javascript:alert(1)">a</a>', f"<a {REL}>a</a>"),
        ('<a href="data:text/html,x">a</a>', f"<a {REL}>a</a>"),
        ('<a href="mailto:a@b.example">a</a>', f"<a {REL}>a</a>"),
        ('<a href="/members">a</a>', f"<a {REL}>a</a>"),
        ('<a href="//river.example">a</a>', f"<a {REL}>a</a>"),
        ('<a href="java&#x200b;script:alert(1)">a</a>', f"<a {REL}>a</a>"),
        ('<a href="&#x200b;https://river.example/">a</a>', f"<a {REL}>a</a>"),
        ("a &lt;b&gt; &amp;lt;c&amp;gt;", "a &lt;b&gt; &amp;lt;c&amp;gt;"),
    ],
)
def test_only_harmless_html_is_left(received: str, shown: str) -> None:
    assert clean_html(received) == shown


PIECES = (
    "<p> </p> <a_href=' '> </a> java script: x https:// &#x200b; &#x202e; &amp; <svg> <math> <script> </script> "
    '<img_src= _onerror= \u200b < > " &lt; _'
).split()
MARKUP = st.lists(st.sampled_from([piece.replace("_", " ") for piece in PIECES]), max_size=20).map("".join)


# C-141, C-153
@given(MARKUP)
def test_whatever_comes_nothing_but_harmless_html_is_left(received: str) -> None:
    shown = clean_html(received)
    assert clean_html(shown) == shown
    for tag in re.findall(r"<[^>]*>", shown):
        harmless = r'</?(p|br|em|strong|ul|ol|li|blockquote|code|a)>|<a( href="https?://[^"]*")? ' + REL + ">"
        assert re.fullmatch(harmless, tag), tag
    assert not set(shown) & set(INVISIBLE)


# C-143
@pytest.mark.parametrize("character", INVISIBLE)
def test_characters_that_cannot_be_seen_are_taken_out(character: str) -> None:
    for written in (character, f"&#x{ord(character):x};", f"&#{ord(character)};"):
        assert plain_line(f"a{written}b") == "ab"
        assert plain_text(f"<p>a{written}b</p>") == "ab"
        assert clean_html(f"<p>a{written}b</p>") == "<p>ab</p>"


def test_a_line_is_one_line() -> None:
    assert plain_line("  a\n\tb\x00\x07c &amp; d\x9f ") == "a bc & d"


@pytest.mark.parametrize(
    ("received", "lines"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>a &lt;b&gt; c</p>", "a <b> c"),
        ("<script>x</script>a", "a"),
        ("\n\n a \n\n", "a"),
        ("", ""),
    ],
)
def test_html_as_plain_lines(received: str, lines: str) -> None:
    assert plain_text(received) == lines


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("", ""),
        (" \n ", ""),
        ("a", "<p>a</p>"),
        ("a\nb", "<p>a<br>b</p>"),
        ("a\r\nb\r\n\r\nc", "<p>a<br>b</p><p>c</p>"),
        ("a\n \nb", "<p>a</p><p>b</p>"),
        ("<b> & \"c\" 'd'", "<p>&lt;b&gt; &amp; \"c\" 'd'</p>"),
    ],
)
def test_our_own_text_as_paragraphs(written: str, html: str) -> None:
    assert paragraphs(written) == html


@given(st.text(max_size=60))
def test_paragraphs_come_back_as_the_words_they_were(written: str) -> None:
    there_and_back = plain_text(paragraphs(written))
    assert "".join(there_and_back.split()) == "".join(plain_line(written.replace("&", "&amp;")).split())
