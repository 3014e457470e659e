"""A hundred texts that mean something to a program: as text each is what it is, and nothing more.

What would run sets ``window.ran``; what would be fetched is asked of ``x.invalid``; what QGIS would
reckon is `RECKONED`.
"""

from __future__ import annotations

from typing import Final

HTML: Final = (
    "<script>window.ran=1</script>",
    "</script><script>window.ran=2</script>",
    "</style><script>window.ran=3</script>",
    "</title></textarea><script>window.ran=4</script>",
    "<img src=x onerror=window.ran=5>",
    "<svg/onload=window.ran=6>",
    '" onfocus=window.ran=7 autofocus tabindex=1 x="',
    "' onmouseover='window.ran=8' x='",
    "<details open ontoggle=window.ran=9>",
    "<iframe srcdoc='<script>parent.ran=10</script>'>",
    "<base href=https://x.invalid/>",
    "<meta http-equiv=refresh content='0;url=https://x.invalid'>",
    "<form action=https://x.invalid><button>OK</button></form>",
    "<link rel=stylesheet href=https://x.invalid/a.css>",
    "<a href=javascript:window.ran=11>här</a>",
    "<!--<script>window.ran=12</script>",
    "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "<noscript><p title='</noscript><img src=x onerror=window.ran=13>'>",
    "<video><source onerror=window.ran=14>",
    "<object data=https://x.invalid/a.swf>",
)
SCRIPT: Final = (
    "${window.ran=15}",
    "`+(window.ran=16)+`",
    "\\';window.ran=17;//\\",
    '\\";window.ran=18;//',
    "{{constructor.constructor('window.ran=19')()}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "a\u2028window.ran=20\u2029//]]>-->",
    "__proto__",
    "constructor",
    "$& $1 $` $' {0} {city} %s %(a)s",
    "</SCRIPT ><sCrIpT>window.ran=21</sCrIpT >",
    "\\u003cscript\\u003ewindow.ran=22\\u003c/script\\u003e",
)
SVG: Final = (
    "</text><script>window.ran=23</script>",
    "</svg><svg onload=window.ran=24>",
    "<foreignObject><body onload=window.ran=25></foreignObject>",
    "<animate onbegin=window.ran=26 attributeName=x dur=1s>",
    "<image href=https://x.invalid/a.png />",
    "<use href='data:image/svg+xml,<svg/>#a'/>",
)
CSS: Final = (
    "}*{background:url(https://x.invalid/a)}",
    "@import 'https://x.invalid/a.css';",
    "red;background:url(https://x.invalid/b)",
    "</style><style>*{display:none}",
    "expression(window.ran=27)",
    '"; content: url(https://x.invalid/c); "',
)
URL: Final = (
    "javascript:window.ran=28",
    "data:text/html,<script>window.ran=29</script>",
    "//x.invalid/%2e%2e",
    "https://x.invalid/?q=a&b=c#d",
    "file:///etc/passwd",
    "?a=1&omrade=2#tema=index",
    "vbscript:msgbox(1)",
)
FORMULA: Final = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    '=HYPERLINK("https://x.invalid";"här")',
    "=cmd|'/C calc'!A0",
    "=WEBSERVICE('https://x.invalid')",
    "＝1+1",
    "=IMPORTXML(CONCAT('https://x.invalid'),'//a')",
    ";=1+1",
    '";"=1+1',
    "DDE('a';'b')",
)
XML: Final = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "]]><![CDATA[",
    "&xxe; &#0; &#x1F600;",
    "</qgis><renderer-v2 type='nullSymbol'/>",
    "' and '1'='1",
    "[% 6*7 %] [%@layer_name%]",
    "\" || eval('6*7') || \"",
    "$area || env('HOME')",
    "'||load_layer('/etc/passwd','ogr')||'",
)
RECKONED: Final = "ranqgis"
"""What these are when QGIS takes them for expressions; none of them has it as it is."""
EXPRESSION: Final = (
    "[% 'ran'||'qgis' %]",
    "'||'ran'||'qgis'||'",
    "\"||'ran'||'qgis'||\"",
    "concat('ran','qgis')",
)
SQL: Final = (
    "'; DROP TABLE layer_styles; --",
    '"; DROP TABLE gpkg_contents; --',
    "' OR 1=1 --",
    "') UNION SELECT sql FROM sqlite_master --",
    "a'; ATTACH 'x.db' AS x; --",
)
PATH: Final = (
    "../../../utanfor",
    "..\\..\\utanfor",
    "/etc/passwd",
    "C:\\Windows\\utanfor",
    "CON",
    "a/b\\c:d*e?f|g",
    "%2e%2e%2futanfor",
    ".",
)
SIGNS: Final = (
    "\u202eregnif\u202c omvänt",
    "\u2066dolt\u2069 \u200fhöger",
    "noll\u200bbredd\ufeff",
    "\x1b[31mrött\x1b[0m",
    "\x1b]0;titel\x07\x1b[2J",
    "\x9b31mC1\x85",
    "klocka\x07\x08\x7f",
    "två\r\nrader\rtre",
    "e\u0301 o\u0308 å\u0327 Z͑ͫ̓a̴l̶g̷o̸",
    "👩‍👩‍👧‍👦🏳️‍🌈 \U000e0041",
    "\ud7ff\ufffe\ufdd0",
)
LONG: Final = ("A" * 3000, "ord " * 1000, "ä" * 255)
MARKDOWN: Final = (
    "[här](javascript:window.ran=30)",
    "![bild](https://x.invalid/a.png)",
    "# rubrik\n\n* punkt | cell |",
    "**fet** `kod` ~~struket~~ <https://x.invalid>",
)
TEXTS: Final = (
    *HTML, *SCRIPT, *SVG, *CSS, *URL, *FORMULA, *XML, *EXPRESSION, *SQL, *PATH, *SIGNS, *LONG,
    *MARKDOWN,
)  # fmt: skip
