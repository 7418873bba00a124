"""Vietnamese typed in an encoding older than Unicode is refused: stored as it is, nobody could read or search it."""

from __future__ import annotations

import re

# Letters that only Unicode Vietnamese has: one of them, and the cell was not typed in an old encoding.
_UNICODE_ONLY = re.compile("[\u1ea0-\u1ef9ăĂđĐơƠưƯĩĨũŨ]")
# VNI writes a mark as a letter of its own after the vowel ("Nguyeãn Vaên"); no Vietnamese syllable looks like that.
_VNI = re.compile(
    "a[ùøûõïêâáàåãäéèúüë]|e[âùøûõïáàåãä]|o[âùøûõïåä]|u[ùøûõï]|y[ùøûõ]|[ôö][ùøûõï]|ñ[aeiouyôö]", re.IGNORECASE
)
# TCVN3 puts letters in the places of signs and capitals ("NguyÔn V¨n", "§¬n vÞ").
_TCVN3 = re.compile(
    "(?<=[A-Za-z])[¡¢£¤¥¦§¨©ª«¬®µ¶·\u00b8¹»¼½¾×÷](?=[A-Za-z])|(?<=[a-z])[À-ÖØ-ß]|[§®][¬\u00ad«µ\u00b8]|(?<=[a-z])[¶·\u00b8¹]\\B"
)


def is_legacy(text: str) -> bool:
    """Whether a cell looks typed in TCVN3 or VNI."""
    if text.isascii() or _UNICODE_ONLY.search(text):
        return False
    return bool(_VNI.search(text) or _TCVN3.search(text))
