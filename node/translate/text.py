"""Text from other servers made safe to show, and our own made ready to send."""

import html
import re

import nh3

TAGS = {"p", "br", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code"}
REL = "nofollow noopener noreferrer ugc"
#: Bidirectional controls and zero-width characters: they can make a title read as something else (protocol 143).
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_BREAK = re.compile(r"</p>|<br\s*/?>|</li>|</blockquote>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def plain_line(text: str) -> str:
    """One line without invisible or control characters."""
    return " ".join(_CONTROL.sub("", _INVISIBLE.sub("", html.unescape(text))).split())


def plain_lines(text: str) -> str:
    """Plain lines as they are, without invisible or control characters; no more than one empty line in a row."""
    lines = (_CONTROL.sub("", _INVISIBLE.sub("", line)).rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_html(text: str) -> str:
    """Only the few harmless tags; links open nothing but http(s) and vouch for nothing (protocol 141).

    Invisible characters go, too. They may be written as entities, which only cleaning resolves, and taking one out can
    make another link of what was none: so what is left is cleaned once more.
    """
    return _only_harmless(_INVISIBLE.sub("", _only_harmless(text)))


def _only_harmless(text: str) -> str:
    return nh3.clean(
        text,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=REL,
    )


def plain_text(text: str) -> str:
    """HTML as plain lines."""
    broken = _BREAK.sub("\n", text)
    lines = (plain_line(line) for line in nh3.clean(broken, tags=set()).splitlines())
    return "\n".join(line for line in lines if line)


def paragraphs(text: str) -> str:
    """Plain text as HTML paragraphs."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return "".join(
        f"<p>{'<br>'.join(html.escape(line, quote=False) for line in block.splitlines())}</p>" for block in blocks
    )
